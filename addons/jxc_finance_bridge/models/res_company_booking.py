# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ACCOUNT_FIELDS = (
    "jxc_accrual_account_id",
    "jxc_transit_account_id",
    "jxc_shipped_account_id",
)
# The ledger beside each of them: (model, role of its rows)
LEDGERS = {
    "jxc_accrual_account_id": ("jxc.stock.accrual", "accrual"),
    "jxc_transit_account_id": ("jxc.stock.accrual", "transit"),
    "jxc_shipped_account_id": ("jxc.stock.shipped", "shipped"),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_books_stock = fields.Boolean(
        string="Book Stock at Movement",
        help="Receipts without a bill become accrued receipts and deliveries without"
        " an invoice become goods shipped, on the day the goods move.",
    )
    jxc_stock_at_invoicing = fields.Boolean(
        string="Book Stock at Invoicing on Purpose",
        help="The company has decided not to book stock at movement. What came in"
        " without a bill is then accrued by hand at the end of a month.",
    )
    jxc_accrual_method = fields.Selection(
        selection=[
            ("bill", "Reversed by the bill"),
            ("difference", "Difference on the bill"),
            ("month", "Reversed on the first of the month"),
        ],
        string="Accrued Receipts",
        default="bill",
        required=True,
        help="Reversed by the bill: a red entry takes back what the bill covers.\n"
        "Difference on the bill: the bill is booked against the accrual, only the"
        " difference of price reaches the stock account.\n"
        "Reversed on the first of the month: receipts are accrued at the end of a"
        " month only and taken back in red on the next day.",
    )
    jxc_accrual_account_id = fields.Many2one(
        "account.account",
        string="Accrued Receipts Account",
        check_company=True,
        help="What came in and was not billed yet, without tax.",
    )
    jxc_transit_account_id = fields.Many2one(
        "account.account",
        string="Goods in Transit Account",
        check_company=True,
        help="What was billed and has not come in yet.",
    )
    jxc_shipped_account_id = fields.Many2one(
        "account.account",
        string="Goods Shipped Account",
        check_company=True,
        help="What was delivered and not invoiced yet, at cost.",
    )

    @api.constrains("jxc_books_stock", *ACCOUNT_FIELDS)
    def _check_jxc_booking_accounts(self):
        for company in self:
            accounts = [company[name] for name in ACCOUNT_FIELDS]
            if company.jxc_books_stock and not all(accounts):
                raise ValidationError(
                    self.env._(
                        "Choose the accounts for accrued receipts, goods in transit and"
                        " goods shipped of %(company)s before stock is booked at"
                        " movement.",
                        company=company.name,
                    )
                )
            if company.jxc_books_stock and len(set(accounts)) < len(accounts):
                raise ValidationError(
                    self.env._(
                        "Accrued receipts, goods in transit and goods shipped of"
                        " %(company)s need an account each.",
                        company=company.name,
                    )
                )

    @api.constrains("jxc_accrual_method", *ACCOUNT_FIELDS)
    def _check_jxc_booking_unused(self):
        """Ledgers belong to the accounts they were booked on, also while it is off."""
        for company in self:
            for name in ACCOUNT_FIELDS:
                for account, amount in company._jxc_get_ledger_amounts(name).items():
                    if account == company[name]:
                        continue
                    raise ValidationError(
                        self.env._(
                            "%(account)s still holds %(amount)s of the ledger; the"
                            " account can be changed when it is cleared.",
                            account=account.display_name,
                            amount=company.currency_id.format(amount),
                        )
                    )

    def write(self, vals):
        """Goods that are there when booking starts keep the value they have then."""
        starting = self.browse()
        if vals.get("jxc_books_stock"):
            starting = self.filtered(lambda company: not company.jxc_books_stock)
        result = super().write(vals)
        if starting:
            self.env["stock.move"]._jxc_pin_earlier_values(starting)
        return result

    def _jxc_get_ledger_amounts(self, name):
        """{account: what the ledger of one of ACCOUNT_FIELDS has on it, if anything}"""
        self.ensure_one()
        model, role = LEDGERS[name]
        # sudo: whoever changes the settings need not see the ledgers
        groups = (
            self.env[model]
            .sudo()
            ._read_group(
                [("company_id", "=", self.id), ("role", "=", role)],
                ["account_id"],
                ["amount:sum"],
            )
        )
        return {
            account: amount
            for account, amount in groups
            if not self.currency_id.is_zero(amount)
        }

    def action_close_stock_valuation(self, at_date=None, auto_post=False):
        """Refused where stock is booked at movement: month-ends are closed instead."""
        if self.jxc_books_stock:
            raise UserError(
                self.env._(
                    "%(company)s books stock at movement: take the month-end under"
                    " Invoicing / Stock instead of closing the stock.",
                    company=self.name,
                )
            )
        return super().action_close_stock_valuation(
            at_date=at_date, auto_post=auto_post
        )

    def _jxc_moved_goods(self):
        """Whether goods that are kept in stock were received or delivered.

        What a count found is no such movement: opening stock is recorded by one.
        """
        self.ensure_one()
        found = (
            self.env["stock.move"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", self.id),
                    ("state", "=", "done"),
                    ("product_id.is_storable", "=", True),
                    "|",
                    ("is_in", "=", True),
                    ("is_out", "=", True),
                    ("location_id.usage", "!=", "inventory"),
                    ("location_dest_id.usage", "!=", "inventory"),
                ],
                limit=1,
            )
        )
        return bool(found)

    def _jxc_stock_accounts(self):
        """Accounts kept beside a ledger: goods, accrued, in transit, shipped."""
        self.ensure_one()
        categories = self.env["product.category"].sudo().with_company(self).search([])
        accounts = (
            self.account_stock_valuation_id
            | categories.property_stock_valuation_account_id
        )
        for name in ACCOUNT_FIELDS:
            accounts |= self[name]
        return accounts

    # Days -------------------------------------------------------------------------

    def _jxc_stock_zone(self):
        self.ensure_one()
        return pytz.timezone(self._jxc_timezone())

    def _jxc_stock_day(self, moment):
        """The day of a moment in the company's time zone."""
        return pytz.utc.localize(moment).astimezone(self._jxc_stock_zone()).date()

    def _jxc_stock_day_end(self, day):
        """The last second of a day, as the database keeps moments."""
        after = datetime.combine(day + timedelta(days=1), time.min)
        start = self._jxc_stock_zone().localize(after).astimezone(pytz.utc)
        return start.replace(tzinfo=None) - timedelta(seconds=1)
