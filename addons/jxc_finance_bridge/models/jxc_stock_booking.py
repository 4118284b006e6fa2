# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import Command, api, models
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.guard import by_server

from ..tools.open_goods import delivered_open, received_open, until


class JxcStockBooking(models.AbstractModel):
    """Books the difference between what documents say and what is booked.

    The platform values goods by moves and bills, and books them at invoicing. Every
    event (transfer, bill, invoice, correction) asks here for its order lines: what
    should be accrued, in transit, shipped and cost on that day is worked out from the
    documents, what is booked comes from the ledgers, and the difference becomes one
    posted entry with its rows. So an event booked twice books nothing the second time,
    and what was taken back (a bill reset to draft) is taken back here too.

    Runs as superuser: whoever validates a transfer need not be an accountant.
    """

    _name = "jxc.stock.booking"
    _description = "Booking of Stock at Movement"

    @api.model
    def _book(
        self,
        company,
        date,
        purchase_lines=None,
        sale_lines=None,
        document=None,
        month_end=False,
    ):
        """Book what changed for order lines of a company, as of a day.

        What was booked for later days already is set right on the last of these.

        :param month_end: also accrue receipts that are accrued at month-ends only
        :return: the new journal entries
        """
        company = company.sudo()
        entries = self.env["account.move"].sudo()
        if not company.jxc_books_stock:
            return entries
        self = self.sudo().with_company(company)  # noqa: PLW0642
        purchases = self._own_lines("purchase.order.line", purchase_lines, company)
        # What a vendor sent to the customer himself costs what his bill says.
        direct = purchases.move_ids.filtered("is_dropship").sale_line_id
        if company.jxc_accrual_method == "month" and not month_end:
            purchases = purchases.browse()
        sales = self._own_lines("sale.order.line", sale_lines, company)
        sales |= self._own_lines("sale.order.line", direct, company)
        if not purchases and not sales:
            return entries
        self._take_turn(purchases)
        self._take_turn(sales)
        events = (
            purchases._jxc_open_events(company),
            sales._jxc_open_events(company),
        )
        entries |= self._book_at(company, date, purchases, sales, events, document)
        last = self._get_last_day(purchases, sales, events, date)
        if last > date and not month_end:
            entries |= self._book_at(company, last, purchases, sales, events, document)
        return entries

    @api.model
    def _get_last_day(self, purchases, sales, events, date):
        """The last day on which a document or a row of the lines counts."""
        days = {date}
        for found in events:
            days |= {event.date for items in found.values() for event in items}
        for lines, model, link in (
            (purchases, "jxc.stock.accrual", "purchase_line_id"),
            (sales, "jxc.stock.shipped", "sale_line_id"),
        ):
            [[last]] = self.env[model]._read_group(
                [(link, "in", lines.ids)], [], ["date:max"]
            )
            days |= {last} if last else set()
        return max(days)

    @api.model
    def _own_lines(self, model, lines, company):
        lines = self.env[model].browse(lines.ids if lines else [])
        own = lines.filtered(lambda line: line.company_id == company)
        return own._jxc_is_booked(company)

    @api.model
    def _take_turn(self, lines):
        """Of two transactions that book for one line, the later one has to start again.

        Both see the documents of their own snapshot only; the update makes the second
        one fail with a serialization error, which the platform answers by a new try.
        """
        if not lines:
            return
        table = SQL.identifier(lines._table)
        self.env.execute_query(
            SQL(
                "UPDATE %s SET jxc_booking_turn = COALESCE(jxc_booking_turn, 0) + 1"
                " WHERE id IN (SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id"
                " FOR NO KEY UPDATE) RETURNING id",
                table,
                table,
                lines.ids,
            )
        )
        lines.invalidate_recordset(["jxc_booking_turn"], flush=False)

    # One entry ----------------------------------------------------------------------

    @api.model
    def _book_at(self, company, cut, purchases, sales, events, document):
        """The entry that makes the books of one day agree with the documents."""
        items, rows = [], []
        self._gather_purchases(company, cut, purchases, events[0], items, rows)
        self._gather_sales(company, cut, sales, events[1], items, rows)
        return self._write_books(company, cut, items, rows, document)

    @api.model
    def _write_books(self, company, date, items, rows, document):
        """Post the entry and write its rows."""
        entry = self.env["account.move"]
        if items:
            entry = self._post_entry(company, date, items, document)
        common = {"company_id": company.id, "date": date, "document": document}
        for model in ("jxc.stock.accrual", "jxc.stock.shipped"):
            self.env[model].create(
                [
                    {"move_id": entry.id, **values, **common}
                    for name, values in rows
                    if name == model
                ]
            )
        return entry

    @api.model
    def _post_entry(self, company, date, items, document):
        """Post one entry of the stock journal; ``items`` are values of its lines."""
        moves = self.env["account.move"]
        quiet = by_server(moves)
        if not company.restrictive_audit_trail:
            # Nobody follows these entries, and what they say never changes.
            quiet = quiet.with_context(tracking_disable=True)
        if not self.env["account.analytic.distribution.model"].search_count(
            [], limit=1
        ):
            # Otherwise each line looks for one.
            items = [{"analytic_distribution": False, **values} for values in items]
        # Told here, each of these would be looked up for every line.
        known = {"currency_id": company.currency_id.id, "tax_ids": [Command.clear()]}
        items = [
            {**known, "amount_currency": values["balance"], **values}
            for values in items
        ]
        entry = quiet.create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": company.account_stock_journal_id.id,
                "date": date,
                "ref": document,
                "jxc_stock_booking": True,
                "line_ids": [Command.create(values) for values in items],
            }
        )
        entry._post(soft=False)
        return entry.with_env(moves.env)

    @api.model
    def _prepare_pair(self, debit, credit, amount, name, product, partner, red=False):
        """Two journal items; in red, both are negative on their usual side."""
        red = red and self.env.company.account_storno
        common = {
            "name": name,
            "product_id": product.id,
            "partner_id": partner.id,
            "is_storno": red,
        }
        return [
            {**common, "account_id": debit.id, "balance": amount},
            {**common, "account_id": credit.id, "balance": -amount},
        ]

    @api.model
    def _get_booked(self, model, link, lines, cut, kind):
        """{(order line, role or kind): (amount, quantity)} booked up to a day."""
        domain = [(link, "in", lines.ids)]
        if cut:
            domain.append(("date", "<=", cut))
        groups = self.env[model]._read_group(
            domain, [link, kind], ["amount:sum", "quantity:sum"]
        )
        return {(line, role): sums for line, role, *sums in groups}

    # Purchases ----------------------------------------------------------------------

    @api.model
    def _gather_purchases(self, company, cut, lines, events, items, rows):
        booked = self._get_booked(
            "jxc.stock.accrual", "purchase_line_id", lines, cut, "role"
        )
        direct = {}
        if booked or lines.invoice_lines:
            direct = self._get_new_bills(company, cut, lines)
        currency = company.currency_id
        for line in lines:
            found = received_open(
                until(events[line], cut), line.product_id.uom_id.is_zero
            )
            accrued, quantity = booked.get((line, "accrual"), (0.0, 0.0))
            in_transit, waiting = booked.get((line, "transit"), (0.0, 0.0))
            coming = max(-found.quantity, 0.0) if found.transit else 0.0
            owed = found.quantity + coming - quantity
            on_bill = direct.get(line, 0.0)
            if on_bill:
                # Goods and price are told apart: the bill's row has the quantity.
                rows.append(self._prepare_bill_row(company, line, -on_bill, owed))
                owed = 0.0
            changes = (
                ("accrual", found.accrued - accrued + on_bill, owed),
                ("transit", found.transit - in_transit, coming - waiting),
            )
            for role, amount, change in changes:
                amount = currency.round(amount)
                if currency.is_zero(amount):
                    continue
                items += self._prepare_purchase_items(company, line, role, amount)
                rows.append(
                    self._prepare_accrual_row(company, line, role, amount, change)
                )

    @api.model
    def _get_new_bills(self, company, cut, lines):
        """{purchase line: debit of bills on the accrual account that has no row yet}"""
        domain = [("purchase_line_id", "in", lines.ids), ("is_bill", "=", True)]
        if cut:
            domain.append(("date", "<=", cut))
        known = dict(
            self.env["jxc.stock.accrual"]._read_group(
                domain, ["purchase_line_id"], ["amount:sum"]
            )
        )
        direct = lines._jxc_billed_on_accrual(company, cut)
        changes = {
            line: company.currency_id.round(
                direct.get(line, 0.0) + known.get(line, 0.0)
            )
            for line in {**direct, **known}
        }
        return {line: amount for line, amount in changes.items() if amount}

    @api.model
    def _prepare_bill_row(self, company, line, amount, quantity):
        bills = line.invoice_lines.filtered(
            lambda item: item.account_id == company.jxc_accrual_account_id
        )
        bill = (bills or line.invoice_lines).sorted("id")[-1:].move_id
        model, values = self._prepare_accrual_row(
            company, line, "accrual", amount, quantity
        )
        return model, {**values, "is_bill": True, "move_id": bill.id}

    @api.model
    def _reverse_accruals(self, company, date):
        """Take back in red what is accrued, the day after a month-end.

        :return: the entry, empty when nothing was open
        """
        groups = self.env["jxc.stock.accrual"]._read_group(
            [("company_id", "=", company.id), ("date", "<=", date)],
            ["purchase_line_id", "role"],
            ["amount:sum", "quantity:sum"],
        )
        items, rows = [], []
        for line, role, amount, quantity in groups:
            amount = company.currency_id.round(amount)
            if not amount:
                continue
            items += self._prepare_purchase_items(company, line, role, -amount)
            rows.append(
                self._prepare_accrual_row(company, line, role, -amount, -quantity)
            )
        document = self.env._("Reversal of accrued receipts")
        return self._write_books(company, date, items, rows, document)

    @api.model
    def _prepare_accrual_row(self, company, line, role, amount, quantity):
        names = {
            "accrual": "jxc_accrual_account_id",
            "transit": "jxc_transit_account_id",
        }
        return "jxc.stock.accrual", {
            "purchase_line_id": line.id,
            "partner_id": line.order_id.partner_id.commercial_partner_id.id,
            "product_id": line.product_id.id,
            "role": role,
            "amount": amount,
            "quantity": quantity,
            "account_id": company[names[role]].id,
        }

    @api.model
    def _prepare_purchase_items(self, company, line, role, amount):
        stock = line.product_id._get_product_accounts()["stock_valuation"]
        partner = line.order_id.partner_id.commercial_partner_id
        names = {"order": line.order_id.name, "product": line.product_id.display_name}
        if role == "accrual":
            text = self.env._("Accrued receipt %(order)s %(product)s", **names)
            return self._prepare_pair(
                stock,
                company.jxc_accrual_account_id,
                amount,
                text,
                line.product_id,
                partner,
                red=amount < 0,
            )
        text = self.env._("Goods in transit %(order)s %(product)s", **names)
        return self._prepare_pair(
            company.jxc_transit_account_id,
            stock,
            amount,
            text,
            line.product_id,
            partner,
        )

    # Sales --------------------------------------------------------------------------

    @api.model
    def _gather_sales(self, company, cut, lines, events, items, rows):
        booked = self._get_booked(
            "jxc.stock.shipped", "sale_line_id", lines, cut, "kind"
        )
        for line in lines:
            partner = line.order_partner_id.commercial_partner_id
            known = until(events[line], cut)
            by_platform = sum(event.value for event in known if event.kind == "cost")
            found = delivered_open(known, line.product_id.uom_id.is_zero)
            left, left_qty = booked.get((line, "left"), (0.0, 0.0))
            cost, cost_qty = booked.get((line, "cost"), (0.0, 0.0))
            gone = sum(
                event.quantity * {"out": 1, "in": -1}.get(event.kind, 0)
                for event in known
            )
            changes = (
                ("left", found.left - by_platform - left, gone - left_qty),
                # cost reduces what is shipped: its rows are negative
                (
                    "cost",
                    -(found.cost - by_platform) - cost,
                    found.quantity - gone - cost_qty,
                ),
            )
            for kind, amount, quantity in changes:
                amount = company.currency_id.round(amount)
                if company.currency_id.is_zero(amount):
                    continue
                items += self._prepare_sale_items(company, line, kind, amount)
                rows.append(
                    (
                        "jxc.stock.shipped",
                        {
                            "sale_line_id": line.id,
                            "partner_id": partner.id,
                            "product_id": line.product_id.id,
                            "role": "shipped",
                            "kind": kind,
                            "amount": amount,
                            "quantity": quantity,
                            "account_id": company.jxc_shipped_account_id.id,
                        },
                    )
                )

    @api.model
    def _prepare_sale_items(self, company, line, kind, amount):
        position = line.order_id.fiscal_position_id
        accounts = line.product_id.product_tmpl_id.get_product_accounts(position)
        shipped = company.jxc_shipped_account_id
        partner = line.order_partner_id.commercial_partner_id
        names = {"order": line.order_id.name, "product": line.product_id.display_name}
        if kind == "left":
            text = self.env._("Goods shipped %(order)s %(product)s", **names)
            return self._prepare_pair(
                shipped,
                accounts["stock_valuation"],
                amount,
                text,
                line.product_id,
                partner,
                red=amount < 0,
            )
        text = self.env._("Cost of goods sold %(order)s %(product)s", **names)
        pair = self._prepare_pair(
            accounts["expense"],
            shipped,
            -amount,
            text,
            line.product_id,
            partner,
            red=amount > 0,
        )
        pair[0]["analytic_distribution"] = line.analytic_distribution
        return pair
