# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class JxcStockSnapshot(models.Model):
    """How a month-end is taken."""

    _inherit = "jxc.stock.snapshot"

    @api.model
    def _take(self, company, date):
        known = self.search([("company_id", "=", company.id), ("date", "=", date)])
        earlier = known.entry_ids
        known.unlink()
        previous = self.search([("company_id", "=", company.id)], limit=1)
        entries = self._book_month(company, previous.date, date)
        lines = self._prepare_lines(company, date)
        entries |= self._book_differences(company, date, lines)
        self._check_booked_in_time(company, date, entries)
        # Its document may be gone, so it is taken back after the values were read.
        if company.jxc_accrual_method == "month":
            booking = self.env["jxc.stock.booking"].with_company(company)
            entries |= booking._reverse_accruals(company, date + timedelta(days=1))
        return self.create(
            {
                "company_id": company.id,
                "date": date,
                "entry_ids": [(6, 0, (earlier | entries).ids)],
                "line_ids": [(0, 0, values) for values in lines],
            }
        )

    @api.model
    def _check_booked_in_time(self, company, date, entries):
        """
        :raise UserError: for entries in a month whose books are closed: the platform
            gives them a later day, on which they compare with nothing
        """
        journal = company.account_stock_journal_id
        locks = entries and company._get_violated_lock_dates(date, False, journal)
        if locks:
            raise UserError(
                self.env._(
                    "The books of %(company)s are closed until %(closed)s, and stock"
                    " of %(date)s does not agree with them: %(count)s entries would"
                    " have to be booked. Have the period reopened first.",
                    company=company.name,
                    closed=format_date(self.env, max(day for day, _name in locks)),
                    date=format_date(self.env, date),
                    count=len(entries),
                )
            )

    @api.model
    def _book_month(self, company, since, date):
        """Book order lines with a document in the month, whatever was missed."""
        booking = self.env["jxc.stock.booking"]
        moves = [
            ("company_id", "=", company.id),
            ("state", "=", "done"),
            ("date", "<=", company._jxc_stock_day_end(date)),
        ]
        items = [
            ("company_id", "=", company.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", date),
        ]
        if since:
            moves.append(("date", ">", company._jxc_stock_day_end(since)))
            items.append(("date", ">", since))
        text = self.env._("Month-end %s", date)
        purchases = self._get_order_lines("purchase_line_id", moves, items)
        monthly = company.jxc_accrual_method == "month"
        if monthly:
            # All that is open is accrued again, also from earlier months.
            groups = self.env["jxc.stock.accrual"]._read_group(
                [("company_id", "=", company.id)], ["purchase_line_id"]
            )
            purchases = purchases.union(*(line for (line,) in groups))
        entries = booking._book(
            company, date, purchases, document=text, month_end=monthly
        )
        sales = self._get_order_lines("sale_line_id", moves, items)
        return entries | booking._book(company, date, sale_lines=sales, document=text)

    @api.model
    def _get_order_lines(self, link, moves, items):
        """Order lines with goods moved or invoiced in the month."""
        found = self.env["stock.move"]._read_group(
            [*moves, (link, "!=", False)], [link]
        )
        lines = [line for (line,) in found]
        invoiced = "sale_line_ids" if link == "sale_line_id" else link
        found = self.env["account.move.line"]._read_group(
            [*items, (invoiced, "!=", False)], [invoiced]
        )
        lines += [line for (line,) in found]
        comodel = self.env["stock.move"]._fields[link].comodel_name
        return self.env[comodel].union(*lines)

    @api.model
    def _prepare_lines(self, company, date):
        """Values of a line for each product with stock or an amount in the books."""
        moment = company._jxc_stock_day_end(date)
        products = self._get_products(company, moment)
        booked = self._get_booked(company, date, moment)
        products |= products.union(*booked)
        values = products._jxc_values_at(company, moment)
        lines = []
        for product, (quantity, value) in values.items():
            amount = company.currency_id.round(booked.get(product, 0.0))
            account = product._get_product_accounts()["stock_valuation"]
            if not account or not (quantity or value or amount):
                continue
            lines.append(
                {
                    "product_id": product.id,
                    "account_id": account.id,
                    "quantity": quantity,
                    "value": value,
                    "unit_cost": value / quantity if quantity else 0.0,
                    **product._jxc_prepare_pool(moment),
                    "amount_booked": amount,
                    "amount_adjusted": company.currency_id.round(value - amount),
                }
            )
        return lines

    @api.model
    def _get_products(self, company, moment):
        """Goods of perpetual valuation that moved until then."""
        groups = self.env["stock.move"]._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("date", "<=", moment),
                "|",
                ("is_in", "=", True),
                ("is_out", "=", True),
            ],
            ["product_id"],
        )
        products = self.env["product.product"].union(*(p for (p,) in groups))
        return products.with_company(company).filtered(
            lambda product: product.is_storable and product.valuation == "real_time"
        )

    @api.model
    def _get_booked(self, company, date, moment):
        """{product: what the books say}: entries on goods, and the opening stock.

        Opening stock comes from the count location without an entry of its own; the
        opening balances of the accounts contain it. What is counted after the first
        month-end is no opening: without an entry, the month-end books it.
        """
        first = self.search(
            [("company_id", "=", company.id), ("date", "<", date)],
            order="date",
            limit=1,
        )
        if first:
            moment = company._jxc_stock_day_end(first.date)
        accounts = self._get_all_goods_accounts(company)
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", date),
                ("account_id", "in", accounts.ids),
                ("product_id.is_storable", "=", True),
            ],
            ["product_id"],
            ["balance:sum"],
        )
        booked = dict(groups)
        opening = self.env["stock.move"]._read_group(
            [
                ("company_id", "=", company.id),
                ("state", "=", "done"),
                ("date", "<=", moment),
                ("is_in", "=", True),
                ("location_id.usage", "=", "inventory"),
                ("account_move_id", "=", False),
            ],
            ["product_id"],
            ["value:sum"],
        )
        for product, value in opening:
            booked[product] = booked.get(product, 0.0) + value
        return {
            product: amount
            for product, amount in booked.items()
            if product.with_company(company).valuation == "real_time"
        }

    @api.model
    def _book_differences(self, company, date, lines):
        """One entry moving differences of products to cost of goods sold."""
        booking = self.env["jxc.stock.booking"].with_company(company)
        text = self.env._("Price difference of goods gone")
        items = []
        for values in lines:
            amount = values["amount_adjusted"]
            if not amount:
                continue
            account = self.env["account.account"].browse(values["account_id"])
            product = self.env["product.product"].browse(values["product_id"])
            cost = account.account_stock_variation_id or company.expense_account_id
            if not cost:
                raise UserError(
                    self.env._(
                        "Set the stock variation account of %(account)s first.",
                        account=account.display_name,
                    )
                )
            items += booking._prepare_pair(
                cost,
                account,
                -amount,
                f"{text} {product.display_name}",
                product,
                self.env["res.partner"],
                red=amount > 0,
            )
        if not items:
            return self.env["account.move"]
        return booking._post_entry(company, date, items, text)
