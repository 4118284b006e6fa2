# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import amounts, sources


class JxcBudgetReader(models.AbstractModel):
    """Reads from orders and bills what they use, and where budgets count it.

    Reads in batches: the number of queries depends neither on the number of lines nor
    on the history.
    """

    _name = "jxc.budget.reader"
    _description = "Purchase Budget: What Documents Use"

    # ------------------------------------------------------------
    # Documents
    # ------------------------------------------------------------

    def _existing_lines(self, company, date_from, date_to):
        """Return confirmed order lines and posted bill lines of a period.

        A day wider on both sides: the day of an order depends on its time zone.
        """
        start = datetime.combine(date_from, time.min) - timedelta(days=1)
        end = datetime.combine(date_to, time.max) + timedelta(days=1)
        # Its day is one of these, see ``purchase.order._jxc_budget_day``.
        ordered = Domain.OR(
            Domain(f"order_id.{name}", ">=", start)
            & Domain(f"order_id.{name}", "<=", end)
            for name in ("create_date", "date_approve", "date_order")
        )
        carried = Domain("jxc_budget_date", ">=", date_from) & Domain(
            "jxc_budget_date", "<=", date_to
        )
        order_lines = self.env["purchase.order.line"].search(
            Domain("company_id", "=", company.id)
            & Domain("display_type", "=", False)
            & Domain("order_id.state", "=", "purchase")
            & (ordered | carried)
        )
        between = (
            Domain("purchase_line_id.jxc_budget_date", "!=", False)
            & Domain("move_id.invoice_date", ">=", date_from)
            & Domain("move_id.invoice_date", "<=", date_to)
        )
        of_orders = Domain("purchase_line_id", "any", ordered | carried) | between
        without_order = (
            Domain("purchase_line_id", "=", False)
            & Domain("move_id.invoice_date", ">=", date_from)
            & Domain("move_id.invoice_date", "<=", date_to)
        )
        bill_lines = self.env["account.move.line"].search(
            Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("display_type", "=", "product")
            & Domain("move_id.move_type", "in", sources.BILL_TYPES)
            & (of_orders | without_order)
        )
        return order_lines, bill_lines

    def _order_sources(self, order_lines, confirming=False):
        """Return what order lines commit: confirmed and not billed yet.

        What went back to be refunded, and does not come again, is not billed any more.
        The company currency amount is at the rate of the order's day, and a rate that
        is entered later changes no commitment. What a bill costs is
        at the rate of the bill: with each one the actual amount replaces its part of
        the commitment, and a difference of the rates is used or free.

        :param confirming: treat the orders as confirmed whatever their state
        """
        order_lines = order_lines.filtered(lambda line: not line.display_type)
        billed, requested = self._billed_and_requested(order_lines)
        found = []
        # Once for each order: the time zone of its day is not found for nothing.
        heads = {
            order: (
                order.company_id,
                order._jxc_budget_day(),
                order.partner_id.commercial_partner_id.id,
                confirming or order.state == "purchase",
                *order._jxc_budget_rate(),
            )
            for order in order_lines.order_id
        }
        for line in order_lines:
            order = line.order_id
            company, day, partner_id, counts, rate, kept_rate = heads[order]
            total = counts and line.price_subtotal / rate
            settled = billed[line._origin.id] + line.jxc_qty_gone
            open_part = amounts.open_ratio(line.product_qty, settled)
            found.append(
                sources.Source(
                    record=line,
                    document=order,
                    stage="committed",
                    company=company,
                    counts=counts,
                    amount=company.currency_id.round(total * open_part),
                    total=company.currency_id.round(total),
                    day=max(day, line.jxc_budget_date or date.min),
                    partner_id=partner_id,
                    product=line.product_id,
                    distribution=line.analytic_distribution or {},
                    request_line_ids=requested[line._origin.id],
                    rate=kept_rate,
                    stored_match=line.jxc_budget_match or None,
                )
            )
        return found

    def _bill_sources(self, bill_lines, drafts=False):
        """Return what bill lines really cost: posted bills, refunds below zero.

        A line that bills an order counts on the order's day and vendor, so that the
        amount stays on the budget line that the order committed; also where that line
        came into force after order and bill.

        :param drafts: treat bills as posted whatever their state
        """
        found = []
        held_from = self._held_from(bill_lines)
        for line in bill_lines:
            move = line.move_id
            if move.move_type not in sources.BILL_TYPES:
                continue
            order = line.purchase_line_id.order_id
            partner = (order or move).partner_id.commercial_partner_id
            is_posted = drafts or move.state == "posted"
            counts = is_posted and line.display_type == "product"
            amount = self._bill_amount(line) if counts else 0.0
            found.append(
                sources.Source(
                    record=line,
                    document=move,
                    stage="actual",
                    company=move.company_id,
                    counts=counts,
                    amount=amount,
                    total=amount,
                    day=self._bill_day(line, held_from),
                    partner_id=partner.id,
                    product=line.product_id,
                    distribution=line.analytic_distribution or {},
                    order_line=line.purchase_line_id,
                    stored_match=line.jxc_budget_match or None,
                )
            )
        return found

    def _bill_amount(self, line):
        """What a bill line costs in company currency.

        A line that is being typed in has no balance before it is saved.
        """
        move = line.move_id
        if line.id or not move.invoice_currency_rate:
            return line.balance
        amount = move.direction_sign * line.price_subtotal / move.invoice_currency_rate
        return move.company_id.currency_id.round(amount)

    def _bill_day(self, line, held_from):
        """Return the day that decides on the budget of a bill line.

        Of its order, so that what was committed there is used there. Was the order's
        budget carried forward since, bills follow it to the period they are of; those
        of a period that it was carried on from stay there.

        :param held_from: as :meth:`_held_from` returns it
        """
        move, order_line = line.move_id, line.purchase_line_id
        day = move.invoice_date or move.date
        if not order_line:
            return day
        ordered = order_line.order_id._jxc_budget_day()
        carried = order_line.jxc_budget_date
        if not carried or carried <= ordered:
            return ordered
        if not day or day >= carried:
            return carried
        days = held_from.get(order_line._origin.id, ())
        return max((one for one in days if ordered < one <= day), default=ordered)

    def _held_from(self, bill_lines):
        """Return the days that carried order lines were committed on, one query.

        :return: ``{order line id: [days]}`` of lines that are billed before the day
            that they were carried to; the ledger forgets nothing
        """
        early = [
            line.purchase_line_id._origin.id
            for line in bill_lines
            if line.purchase_line_id.jxc_budget_date
            and (line.move_id.invoice_date or line.move_id.date or date.max)
            < line.purchase_line_id.jxc_budget_date
        ]
        if not early:
            return {}
        rows = self.env["jxc.budget.entry"]._read_group(
            [("purchase_line_id", "in", early), ("stage", "=", "committed")],
            ["purchase_line_id"],
            ["date:array_agg_distinct"],
        )
        return {order_line.id: days for order_line, days in rows}

    def _billed_and_requested(self, order_lines):
        """Return what came before and after order lines, one query, two with bills.

        What it finds is put where the ORM keeps it: the shares of requests are asked
        again when the state of an order changes, and the platform asks for the bills
        of each order that is confirmed.

        :return: ``({order line id: posted billed less refunded quantity}, {order line
            id: ids of request lines behind it})``. Quantities are in the unit of the
            order line. Draft bills do not count: nothing is owed yet.
        """
        requested = defaultdict(set)
        lines = order_lines.browse(
            [one._origin.id for one in order_lines if one._origin]
        )
        if not lines:
            return defaultdict(float), requested
        self.env["account.move.line"].flush_model(["purchase_line_id"])
        self.env["jxc.purchase.request.link"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT purchase_line_id, NULL::int, NULL::int
                  FROM account_move_line
                 WHERE purchase_line_id = ANY(%(ids)s)
                 UNION ALL
                SELECT order_line_id, request_line_id, id
                  FROM jxc_purchase_request_link
                 WHERE order_line_id = ANY(%(ids)s)
                 ORDER BY 3
                """,
                ids=lines.ids,
            )
        )
        billed_ids = set()
        links = defaultdict(list)
        for line_id, request_line_id, link_id in rows:
            if request_line_id:
                requested[line_id].add(request_line_id)
                links[line_id].append(link_id)
            else:
                billed_ids.add(line_id)
        fields = lines._fields
        fields["jxc_request_link_ids"]._insert_cache(
            lines, [tuple(links[line_id]) for line_id in lines.ids]
        )
        billed = lines.browse(sorted(billed_ids))
        unbilled = lines - billed
        fields["invoice_lines"]._insert_cache(unbilled, [()] * len(unbilled))
        return self._billed_quantities(billed), requested

    def _billed_quantities(self, order_lines):
        """Return ``{order line id: posted billed less refunded quantity}``."""
        billed = defaultdict(float)
        if not order_lines:
            return billed
        self.env["account.move.line"].flush_model(
            ["display_type", "product_uom_id", "purchase_line_id", "quantity"]
        )
        self.env["account.move"].flush_model(["move_type", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.purchase_line_id, line.product_uom_id,
                       SUM(CASE WHEN move.move_type = 'in_refund' THEN -line.quantity
                                ELSE line.quantity END)
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.purchase_line_id = ANY(%s)
                   AND line.display_type = 'product'
                   AND move.state = 'posted'
                   AND move.move_type = ANY(%s)
                 GROUP BY line.purchase_line_id, line.product_uom_id
                """,
                order_lines.ids,
                list(sources.BILL_TYPES),
            )
        )
        units = self.env["uom.uom"].browse([unit_id for _id, unit_id, _qty in rows])
        for line_id, unit_id, quantity in rows:
            unit = units.browse(unit_id)
            order_unit = order_lines.browse(line_id).product_uom_id
            if unit and order_unit and unit._has_common_reference(order_unit):
                quantity = unit._compute_quantity(quantity, order_unit, round=False)
            billed[line_id] += quantity
        return billed

    # ------------------------------------------------------------
    # What the ledger has to say
    # ------------------------------------------------------------

    def _wanted(self, found):
        """Return ``{EntryKey: amount}``: what the ledger has to say about sources."""
        wanted = defaultdict(float)
        for source in found:
            for line_id, account_id, part in self._parts(source):
                wanted[self._entry_key(source, line_id, account_id)] += part
        self._keep_orders_above_zero(wanted)
        self._offset_down_payments(wanted, found)
        return wanted

    def _keep_orders_above_zero(self, wanted):
        """Let what an order commits on a budget line never be below zero.

        Order lines below zero (discounts, exchanges) reduce what the order itself
        commits there. Room for other orders they make only when they are billed.
        """
        totals = defaultdict(float)
        below = defaultdict(list)
        for key, amount in wanted.items():
            if key.stage == "committed":
                totals[key.res_id, key.line_id] += amount
                if amount < 0:
                    below[key.res_id, key.line_id].append(key)
        for place, keys in below.items():
            surplus = -totals[place]
            for key in sorted(keys):
                if surplus <= 0:
                    break
                taken = min(surplus, -wanted[key])
                wanted[key] += taken
                surplus -= taken

    def _with_companions(self, order_lines):
        """Return the lines, with all lines of orders that have one below zero or a
        down payment."""
        below = order_lines.order_id._jxc_lines_below_zero()
        return order_lines | below.order_id.order_line

    def _parts(self, source):
        """Yield ``(budget line id, analytic account id or 0, amount)``."""
        if not source.counts or not source.match or not source.amount:
            return
        shares = source.match["shares"]
        parts = amounts.split_amount(
            source.amount,
            [percent for _line, _account, percent in shares],
            source.company.currency_id.round,
        )
        for (line_id, account_id, _percent), part in zip(shares, parts, strict=True):
            if line_id:
                yield line_id, account_id, part

    def _entry_key(self, source, line_id, account_id):
        return sources.EntryKey(
            res_model=source.document._name,
            res_line_id=source.record.id,
            res_id=source.document.id,
            stage=source.stage,
            line_id=line_id,
            analytic_account_id=account_id,
            product_id=source.product.id or 0,
            category_id=source.match["category"],
            partner_id=source.partner_id or 0,
            date=source.day,
            company_id=source.company.id,
        )

    def _booked(self, keys):
        """Return ``{EntryKey: amount}`` of the ledger for sources, one query.

        :param keys: ``(document model, line id)`` of the sources
        """
        self.env["jxc.budget.entry"].flush_model()
        by_model = defaultdict(list)
        for model, line_id in keys:
            by_model[model].append(line_id)
        conditions = [
            SQL("(res_model = %s AND res_line_id = ANY(%s))", model, ids)
            for model, ids in by_model.items()
        ]
        if not conditions:
            return {}
        columns = SQL(
            "res_model, res_line_id, res_id, stage, line_id,"
            " COALESCE(analytic_account_id, 0), COALESCE(product_id, 0),"
            " COALESCE(category_id, 0), COALESCE(partner_id, 0), date, company_id"
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT %s, SUM(amount) FROM jxc_budget_entry WHERE %s"
                " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 HAVING SUM(amount) <> 0",
                columns,
                SQL(" OR ").join(conditions),
            )
        )
        return {sources.EntryKey(*row[:-1]): float(row[-1]) for row in rows}
