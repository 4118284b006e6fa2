# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from dataclasses import replace

from odoo import models

from ..tools import sources


class JxcBudgetReader(models.AbstractModel):
    """Down payments are billed ahead of the goods that the order commits.

    Such a bill uses the budget as any other. So that it is not used twice, the order
    commits so much less there until its final bill takes the down payment off again; no
    more, however, than the order itself still commits on that budget line: what is
    paid for goods that are billed, given up or counted elsewhere is used.

    Is the order carried forward, what was paid stays in its period, and comes off what
    the order commits in the new one.
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
        committed, paid = self._committed_and_paid(found)
        for (order, line_id), parts in paid.items():
            total = sum(part for _source, _account_id, part in parts)
            if total <= 0 or committed[order, line_id] <= 0:
                continue
            ratio = min(committed[order, line_id] / total, 1.0)
            round_amount = order.company_id.currency_id.round
            reached = taken = 0.0
            for source, account_id, part in parts:
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

    def _committed_and_paid(self, found):
        """Return what orders commit and what was paid ahead, by budget line.

        :return: two dictionaries by ``(order, budget line id)``: the amounts, and lists
            of ``(source, analytic account id, amount)``, the oldest first
        """
        committed = defaultdict(float)
        ahead, carried = [], {}
        for source in found:
            if source.stage == "committed":
                for line_id, _account_id, part in self._parts(source):
                    committed[source.document._origin, line_id] += part
                if self._is_carried_ahead(source):
                    carried[source.record._origin] = source
            elif self._is_ahead(source) and source.counts:
                ahead.append(source)
        paid = defaultdict(list)
        for source in sorted(ahead, key=self._age):
            order_line = source.order_line
            if order_line in carried:
                place = carried[order_line]
                source = replace(source, match=place.match, day=place.day)
            for line_id, account_id, part in self._parts(source):
                paid[order_line.order_id, line_id].append((source, account_id, part))
        return committed, paid

    def _is_ahead(self, source):
        """Whether a source is a bill line of a down payment."""
        return bool(source.order_line) and source.order_line._jxc_is_down_payment()

    def _is_carried_ahead(self, source):
        """Whether a source is the order line of a down payment, carried forward."""
        return (
            source.stage == "committed"
            and bool(source.record.jxc_budget_date)
            and source.record._jxc_is_down_payment()
        )

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

    def _liken_carried(self, found, leaders):
        """Have down payments that are carried forward counted like their first bill.

        They have no product of their own, and without it their place in the new period
        would be another one than that of the goods. What they were like is remembered
        for the time without their bills.

        :param leaders: see :meth:`_leaders`
        """
        for source in filter(self._is_carried_ahead, found):
            leader = leaders.get(source.record._origin)
            if leader:
                source.product = leader.product
                source.distribution = leader.distribution
            elif source.stored_match:
                _day, _partner, product_id, distribution = source.stored_match["dims"]
                source.product = source.product.browse(product_id)
                source.distribution = distribution

    def _match_beside(self, source, leader, of_order_line):
        """Return the match of a further bill of a down payment.

        That of the first one; but once carried forward, what comes in the new period
        counts there, as the goods do.

        :param of_order_line: ``{order line: match}`` as far as known
        """
        match, order_line = leader.match, source.order_line
        if order_line.jxc_budget_date:
            place = of_order_line.get(order_line) or order_line.jxc_budget_match
            if place and place["dims"][0] == source.day.isoformat():
                match = place
        return dict(match, dims=source.dims)

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
