# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools import gate

from .jxc_budget_reader_place import JUDGED_FIELDS

#: How often the gate is asked: a shortage may be covered by overrides, or end with
#: requests that hold their budget no longer; each answers one more question.
ATTEMPTS = 4


class JxcBudgetTaking(models.AbstractModel):
    """Asks the gate for what the documents of one event need."""

    _name = "jxc.budget.taking"
    _inherit = ["jxc.budget.covering", "jxc.budget.messages"]
    _description = "Purchase Budget: Taking through the Gate"

    def _take(self, found, given, deleted, enforce, lost):
        """Take what documents need through the gate, all budget lines at once.

        :param given: records of the lines that the event is about
        :param lost: see ``_sync``
        :return: ``(changes, needed)``: ``{EntryKey: amount}`` to be booked and
            ``{budget line: amount}``, net of all changes, of lines that may be scarce
        :raise UserError: a blocking line has not enough left
        """
        changes = self._changes(found, deleted)
        covers = self._covers_after(changes, found)
        for _attempt in range(ATTEMPTS):
            needed, shortages = self._ask_gate(changes, covers, enforce, lost)
            if not shortages:
                break
            if self._let_go(shortages, changes, found, given):
                changes = self._changes(found, deleted)
                covers = self._covers_after(changes, found)
            elif not self._cover(shortages, changes, found, covers):
                break
        if shortages:
            raise UserError(self._shortage_message(shortages, changes, found))
        self._use_covers(covers)
        return changes, needed

    def _ask_gate(self, changes, covers, enforce, lost):
        """Ask the gate once.

        :return: ``(needed, shortages)``: ``{budget line: amount}`` of the lines that
            are not far from their limits, with what may not be counted on, see
            ``_given_way``; and what the gate says is missing
        """
        needed = defaultdict(float)
        stages = defaultdict(lambda: defaultdict(float))
        for key, amount in changes.items():
            needed[key.line_id] += amount
            stages[key.line_id][key.stage] += amount
        lines = self.env["jxc.purchase.budget.line"].browse(sorted({*needed, *lost}))
        # What judging needs, not all that a line knows.
        lines.fetch(list(JUDGED_FIELDS))
        asking, given = {}, {}
        always, enforced = set(), set()
        asked_with = lines._asked_with()
        covered = defaultdict(float)
        for override, amount in covers.items():
            covered[override.line_id.id] += amount - override.amount_used
        for line in lines:
            if enforce:
                given[line.id] = line._given_way(stages[line.id], ["block"])
            asking[line.id] = (
                needed[line.id]
                + given.get(line.id, 0.0)
                + lost.get(line.id, 0.0)
                - covered[line.id]
            )
            for resource in asked_with[line]:
                if line.id in lost:
                    always.add(resource.id)
                if line._blocks_any(
                    stage for stage, amount in stages[line.id].items() if amount > 0
                ):
                    enforced.add(resource.id)
        demands = lines._demands(asking)
        rounded = {resource.id: amount for resource, amount in demands.items()}
        resources = lines.browse(rounded)
        if lost:
            resources = resources._of_whole_budgets()
        judged = resources._take_in_place_of(
            rounded,
            {one.id: amount for one, amount in lines._demands(given).items() if amount},
            enforce=always | enforced if enforce else always,
        )
        far = (
            set()
            if covers
            else {one.resource_id for one in judged if self._is_far(one)}
        )
        by_line = {
            line: line.currency_id.round(
                needed[line.id] + line._given_way(stages[line.id])
            )
            for line in lines
            if line.id in needed and line.id not in far
        }
        return by_line, gate.shortages_of(judged)

    def _is_far(self, judged):
        """Whether a line is far below its limits also with what was just taken.

        The gate has seen at least all that the ledger says, so that the ledger need not
        be asked. A line that is judged with others has its sum elsewhere.
        """
        line = self.env["jxc.purchase.budget.line"].browse(judged.resource_id)
        if line.check_scope != "period":
            return False
        limit = line._limit(float(judged.used + judged.asked))
        return not (limit.is_over() or limit.is_scarce())

    def _let_go(self, shortages, changes, found, given):
        """Let requests go that would hold their budget again, but it was used since.

        An order can always be cancelled or reduced. Where the budget has no room any
        more for what its requests then ask again, these hold nothing until they are
        ordered. What holds, holds.

        :return: whether there were any
        """
        short = self._lines_of(shortages)
        growing = {
            key.source
            for key, amount in changes.items()
            if amount > 0 and key.stage == "reserved" and key.line_id in short
        }
        dropped = [
            source
            for source in found
            if source.key in growing and source.record not in given
        ]
        if not dropped:
            return False
        lines = self.env["jxc.purchase.request.line"]
        for source in dropped:
            source.counts = False
            lines |= source.record
        lines.write({"is_unreserved": True})
        for request, own in lines.grouped("request_id").items():
            request._message_log(
                body=self.env._(
                    "The budget was used by others meanwhile, so it is not held any"
                    " more for: %s. It is asked again when they are ordered.",
                    ", ".join(own.mapped("name")),
                )
            )
        return True

    def _lines_of(self, shortages):
        """Return ids of the budget lines that ask the short resources."""
        resources = self.env["jxc.purchase.budget.line"].browse(
            [short.resource_id for short in shortages]
        )
        return {
            line.id for parts in resources._judged_with().values() for line in parts
        }
