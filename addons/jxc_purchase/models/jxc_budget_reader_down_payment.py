# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models

from ..tools import sources


class JxcBudgetReader(models.AbstractModel):
    """Down payments are billed ahead of the goods that the order commits.

    Such a bill uses the budget as any other. So that it is not used twice, the order
    commits so much less there until its final bill takes the down payment off again; no
    more, however, than the order still commits at all: what is paid for goods that are
    billed or given up is used.
    """

    _inherit = "jxc.budget.reader"

    def _bills_ahead(self, order_lines):
        """Return the bill lines of the down payments among order lines."""
        ahead = order_lines.filtered(lambda line: line._jxc_is_down_payment())
        bill_lines = self.env["account.move.line"]
        if ahead:
            bill_lines = bill_lines.search([("purchase_line_id", "in", ahead.ids)])
        return bill_lines

    def _offset_down_payments(self, wanted, found):
        """Take what is paid ahead off what orders commit, where the bills count it.

        :param wanted: ``{EntryKey: amount}``, changed here
        :param found: sources, with all order lines and all bills of down payments
        """
        for key, amount in self._offsets(found):
            wanted[key] += amount

    def _offsets(self, found):
        """Yield ``(EntryKey, amount)`` of what orders commit less."""
        committed, bills = self._committed_and_ahead(found)
        for order, paid in bills.items():
            total = sum(source.amount for source in paid)
            if total <= 0 or committed[order] <= 0:
                continue
            ratio = min(committed[order] / total, 1.0)
            round_amount = order.company_id.currency_id.round
            reached = taken = 0.0
            for source in sorted(paid, key=self._age):
                for line_id, account_id, part in self._parts(source):
                    # Rounded sums, so that the parts add up.
                    reached += part
                    off = round_amount(reached * ratio - taken)
                    taken += off
                    key = self._entry_key(source, line_id, account_id)
                    yield (
                        key._replace(
                            res_model=sources.ORDER,
                            res_line_id=source.order_line.id,
                            res_id=order.id,
                            stage="committed",
                        ),
                        -off,
                    )

    def _committed_and_ahead(self, found):
        """Return ``({order: what it commits}, {order: sources of down payments})``."""
        committed = defaultdict(float)
        bills = defaultdict(list)
        for source in found:
            if source.stage == "committed":
                committed[source.document._origin] += source.amount
            elif self._is_ahead(source) and source.counts:
                bills[source.order_line.order_id].append(source)
        return committed, bills

    def _is_ahead(self, source):
        """Whether a source is a bill line of a down payment."""
        return bool(source.order_line) and source.order_line._jxc_is_down_payment()

    def _leaders(self, found):
        """Return ``{order line: source}`` of the oldest bill of each down payment.

        It decides where the others count that bill the same down payment. The platform
        takes it off without its product, and that has to come off the same budget line.
        """
        leaders = {}
        for source in found:
            if source.counts and self._is_ahead(source):
                known = leaders.setdefault(source.order_line, source)
                if self._age(source) < self._age(known):
                    leaders[source.order_line] = source
        return leaders

    def _age(self, source):
        return source.record._origin.id or float("inf")

    def _posted_ahead(self, order_lines):
        """Return sources of the bills of down payments, as they were counted."""
        posted = self._bill_sources(self._bills_ahead(order_lines))
        for source in posted:
            source.match = source.stored_match
        return posted

    def _offsets_by_line(self, found):
        """Return ``{budget line id: amount}`` that orders commit less."""
        offsets = defaultdict(float)
        for key, amount in self._offsets(found):
            offsets[key.line_id] += amount
        return offsets

    def _preview_offsets(self, found):
        """Return ``{order: {budget line id: amount}}`` that orders commit less.

        :param found: the sources of whole documents, matched
        """
        offsets = defaultdict(lambda: defaultdict(float))
        order_lines = self.env["purchase.order.line"].union(
            *(source.record for source in found if source.stage == "committed")
        )
        posted = self._posted_ahead(order_lines)
        for key, amount in self._offsets([*found, *posted]):
            order = self.env[sources.ORDER].browse(key.res_id)
            offsets[order][key.line_id] += amount
        return offsets
