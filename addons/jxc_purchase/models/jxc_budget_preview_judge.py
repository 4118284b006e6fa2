# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.jxc_base.tools import gate


class Answer(NamedTuple):
    """How a draft would fare on one budget line."""

    #: the gate's refusal, after what overrides cover; None: nothing is missing
    shortage: gate.Shortage | None
    #: what open overrides cover of it
    covered: float


class JxcBudgetPreviewJudge(models.AbstractModel):
    """Judges drafts by what the gate reads, and as the gate judges.

    So a hint has the figures of the refusal: lines that are overdrawn, covered by
    overrides, closed or judged with other periods included. It claims nothing.
    """

    _name = "jxc.budget.preview.judge"
    _inherit = ["jxc.budget.covering", "jxc.budget.messages"]
    _description = "Purchase Budget: Judging Drafts"

    def _preview_read(self, budget_lines):
        """Return ``{line id: (used, capacity)}`` of all that the lines may ask."""
        asked = budget_lines._asked_with().values()
        resources = (budget_lines | budget_lines.union(*asked)).sudo()
        if not resources:
            return {}
        for name in (
            "jxc.budget.balance",
            "jxc.budget.entry",
            "jxc.budget.override",
            "jxc.purchase.budget",
            "jxc.purchase.budget.line",
        ):
            self.env[name].flush_model()
        return gate.read(self.env.cr, resources._jxc_gate_query())

    def _preview_given_way(self, budget_lines, stage, asked, freed):
        """Return ``{line id: amount}`` that one draft may not count on.

        :param stage: what the draft books on
        :param asked: ``{line id: amount}``
        :param freed: ``{stage: {line id: amount}}`` that it takes over
        """
        given = {}
        for line in budget_lines:
            changes = {one: -freed[one].get(line.id, 0.0) for one in freed}
            changes[stage] = changes.get(stage, 0.0) + asked.get(line.id, 0.0)
            given[line.id] = line._given_way(changes)
        return given

    def _preview_answers(self, budget_lines, needed, read, allowed=(), given=()):
        """Judge what one draft needs.

        :param budget_lines: the lines it asks
        :param needed: ``{line id: amount}``, net of what it takes over
        :param read: see :meth:`_preview_read`
        :param allowed: ``{line id: amount}`` of overrides that it may still use
        :param given: ``{line id: amount}`` that it may not count on although it takes
            it over, see ``_given_way``
        :return: ``{budget line: Answer}``
        """
        if any(dict(given).values()):
            needed = {id_: needed[id_] + given.get(id_, 0.0) for id_ in needed}
            read = self._preview_read_without(budget_lines, given, read)
        shortages = self._preview_shortages(budget_lines, needed, read)
        covered = dict.fromkeys(budget_lines.ids, 0.0)
        left = dict(allowed)
        asked_with = budget_lines._asked_with()
        for short in shortages.values():
            missing = short.missing
            for line, resources in asked_with.items():
                if short.resource_id in resources._ids and missing > 0:
                    share = min(missing, left.get(line.id, 0.0))
                    covered[line.id] += share
                    left[line.id] = left.get(line.id, 0.0) - share
                    missing -= share
        if any(covered.values()):
            rest = {id_: needed[id_] - covered.get(id_, 0.0) for id_ in needed}
            shortages = self._preview_shortages(budget_lines, rest, read)
        answers = {}
        for line, resources in asked_with.items():
            own = [shortages[id_] for id_ in resources.ids if id_ in shortages]
            worst = max(own, key=lambda one: one.missing, default=None)
            answers[line] = Answer(worst, covered[line.id])
        return answers

    def _preview_read_without(self, budget_lines, given, read):
        """Return what was read, as if what gives way was not used."""
        without = dict(read)
        for resource, amount in budget_lines._demands(given).items():
            used, capacity = read.get(resource.id, (0.0, None))
            without[resource.id] = (float(used or 0.0) - amount, capacity)
        return without

    def _preview_shortages(self, budget_lines, needed, read):
        """Return ``{line id: Shortage}`` of what the lines ask, however controlled."""
        demands = [
            gate.Demand(resource.id, gate.to_amount(amount), True)
            for resource, amount in budget_lines._demands(needed).items()
        ]
        shortages = gate.shortages_of(gate.judge(read, demands))
        return {short.resource_id: short for short in shortages}

    def _preview_is_over(self, line, read):
        """Whether more is used of a line than it and its overrides let through."""
        used, capacity = read.get(line.id, (0.0, None))
        if capacity is None:
            return False
        return line.currency_id.compare_amounts(used or 0.0, capacity) > 0

    def _preview_short_text(self, short, document):
        """The paragraph of the refusal on one shortage."""
        line = self.env["jxc.purchase.budget.line"].browse(short.resource_id)
        parts = line._judged_with()[line]
        return self._shortage_text(short, line, parts, [document.display_name])

    def _preview_allowed(self, found, budget_lines):
        """Return ``{(document, budget line id): amount}`` of overrides that are left.

        Those of the requests and orders behind a document count for it as well.

        :param found: the sources of the documents
        """
        allowed = defaultdict(float)
        if not budget_lines:
            return allowed
        today = fields.Date.context_today(self)
        overrides = self.env["jxc.budget.override"].sudo()
        overrides = overrides.search(
            Domain("line_id", "in", budget_lines.ids)
            & (
                Domain("state", "=", "used")
                | Domain("state", "=", "open")
                & (Domain("date_until", "=", False) | Domain("date_until", ">=", today))
            )
        )
        if not overrides:
            return allowed
        chains = self.sudo()._chains(found)
        behind = defaultdict(set)
        for source in found:
            behind[source.document] |= chains[source.key]
            origin = source.document._origin
            behind[source.document].add((origin._name, origin.id))
        for override in overrides:
            left = override.amount - override.amount_used
            for document, chain in behind.items():
                if (override.res_model, override.res_id) in chain:
                    allowed[document, override.line_id.id] += left
        return allowed
