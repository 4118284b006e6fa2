# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..tools.arguments import is_whole


class JxcStockSnapshot(models.Model):
    """What stock was worth at the end of a month, compared with the books.

    Taking a month-end books what documents of the month still ask for, moves the rest
    of the difference (bills at another price for goods that were sold, rounding) to
    cost of goods sold and keeps quantity and value of every product. From then on the
    value of that day is read from here.
    """

    _name = "jxc.stock.snapshot"
    _description = "Stock Month-End"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(string="Month-End", required=True)
    line_ids = fields.One2many("jxc.stock.snapshot.line", "snapshot_id")
    entry_ids = fields.Many2many("account.move", string="Entries", check_company=True)
    stock_value = fields.Monetary(
        string="Value of the Stock", compute="_compute_checks"
    )
    stock_balance = fields.Monetary(
        string="Balance of Goods", compute="_compute_checks"
    )
    stock_difference = fields.Monetary(
        string="Difference of Goods", compute="_compute_checks"
    )
    accrual_value = fields.Monetary(
        string="Ledger of Accrued Receipts", compute="_compute_checks"
    )
    accrual_balance = fields.Monetary(
        string="Balance of Accrued Receipts", compute="_compute_checks"
    )
    accrual_difference = fields.Monetary(
        string="Difference of Accrued Receipts", compute="_compute_checks"
    )
    transit_value = fields.Monetary(
        string="Ledger of Goods in Transit", compute="_compute_checks"
    )
    transit_balance = fields.Monetary(
        string="Balance of Goods in Transit", compute="_compute_checks"
    )
    transit_difference = fields.Monetary(
        string="Difference of Goods in Transit", compute="_compute_checks"
    )
    shipped_value = fields.Monetary(
        string="Ledger of Goods Shipped", compute="_compute_checks"
    )
    shipped_balance = fields.Monetary(
        string="Balance of Goods Shipped", compute="_compute_checks"
    )
    shipped_difference = fields.Monetary(
        string="Difference of Goods Shipped", compute="_compute_checks"
    )
    is_tied = fields.Boolean(
        string="Agrees",
        compute="_compute_checks",
        help="Stock, ledgers and accounts say the same.",
    )

    _month_end_unique = models.UniqueIndex(
        "(company_id, date)", "A month-end is taken once for each company."
    )

    @api.depends("company_id", "date", "line_ids.value")
    def _compute_checks(self):
        for snapshot in self:
            company = snapshot.company_id
            values = {
                "stock": (
                    sum(snapshot.line_ids.mapped("value")),
                    snapshot._get_balance(snapshot._get_goods_accounts()),
                ),
                "accrual": (
                    snapshot._get_ledger("jxc.stock.accrual", "accrual"),
                    -snapshot._get_balance(company.sudo().jxc_accrual_account_id),
                ),
                "transit": (
                    snapshot._get_ledger("jxc.stock.accrual", "transit"),
                    snapshot._get_balance(company.sudo().jxc_transit_account_id),
                ),
                "shipped": (
                    snapshot._get_ledger("jxc.stock.shipped", "shipped"),
                    snapshot._get_balance(company.sudo().jxc_shipped_account_id),
                ),
            }
            differences = []
            for name, (value, balance) in values.items():
                difference = company.currency_id.round(value - balance)
                differences.append(difference)
                snapshot[f"{name}_value"] = value
                snapshot[f"{name}_balance"] = balance
                snapshot[f"{name}_difference"] = difference
            snapshot.is_tied = not any(differences)

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for snapshot in self:
            snapshot.display_name = f"{snapshot.company_id.name} {snapshot.date}"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rules(self):
        self._check_can_reopen()

    # Actions ------------------------------------------------------------------------

    @api.model
    def take(self, date, company=None):
        """Take the stock of a month-end, or the last one taken once more.

        :param date: last day of a month that is over
        :param company: res.company or its id, the current one by default
        :return: the jxc.stock.snapshot
        :raise AccessError: without the accounting role in that company
        :raise UserError: when stock is not booked at movement, for other days, when
            months are left out or a later one was taken, and for a month-end of closed
            books that was taken
        """
        company_id = getattr(company, "id", company) or self.env.company.id
        if not is_whole(company_id):
            raise UserError(self.env._("There is no such company."))
        company = self.env["res.company"].browse(company_id)
        date, _same = self.env["jxc.voucher"]._get_dates(date, date)
        self._check_can_take(company, date)
        # sudo: accountants read neither transfers nor orders
        return self.sudo().with_company(company)._take(company.sudo(), date)

    def action_take_again(self):
        """Take the last month-end again, after something was corrected."""
        self.ensure_one()
        fresh = self.take(self.date, self.company_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": fresh.id,
            "views": [(False, "form")],
        }

    def action_reopen(self):
        """Drop the last month-end, so that its month can be booked in again.

        :return: the action of the list of month-ends
        :raise AccessError: for anyone but accounting managers
        :raise UserError: when a later one was taken, or the books are closed
        """
        self._check_can_reopen()
        self.sudo().unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.jxc_stock_snapshot_action"
        )

    def action_open_entries(self):
        """The entries that taking the month-end made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of %s", self.date),
            "res_model": "account.move",
            "domain": [("id", "in", self.entry_ids.ids)],
            "views": [(False, "list"), (False, "form")],
        }

    # Guards -------------------------------------------------------------------------

    def _check_can_take(self, company, date):
        if not self.env.su:
            if not self.env.user.has_group("account.group_account_user"):
                raise AccessError(
                    self.env._("Month-ends of the stock are taken by accountants.")
                )
            if company not in self.env.user.company_ids:
                raise AccessError(
                    self.env._("You do not work in company %s.", company.sudo().name)
                )
        company = company.sudo()
        if not company.jxc_books_stock:
            raise UserError(
                self.env._(
                    "%(company)s does not book stock at movement; switch it on in the"
                    " accounting settings.",
                    company=company.name,
                )
            )
        if date != date + relativedelta(day=31):
            raise UserError(
                self.env._("%(date)s is not the end of a month.", date=date)
            )
        if date >= company._jxc_stock_day(fields.Datetime.now()):
            raise UserError(self.env._("%(date)s is not over yet.", date=date))
        last = self.sudo().search([("company_id", "=", company.id)], limit=1).date
        following = last and last + timedelta(days=1) + relativedelta(day=31)
        if last and date not in (last, following):
            raise UserError(
                self.env._(
                    "The last month-end of %(company)s is %(last)s; the next one to"
                    " take is %(next)s.",
                    company=company.name,
                    last=last,
                    next=following,
                )
            )
        if last == date:
            self._check_books_open(company, date)

    @api.model
    def _check_books_open(self, company, date):
        """The stock of closed books is what they were closed with.

        :raise UserError: when the books of the day are closed
        """
        root = company.sudo().root_id
        if root.jxc_closed_date and date <= root.jxc_closed_date:
            raise UserError(
                self.env._(
                    "The stock of %(date)s stays as it was taken: the books of"
                    " %(company)s are closed until %(closed)s. Have the period reopened"
                    " first.",
                    date=format_date(self.env, date),
                    company=root.name,
                    closed=format_date(self.env, root.jxc_closed_date),
                )
            )

    def _check_can_reopen(self):
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_manager"
        ):
            raise AccessError(
                self.env._("Only the accounting administrator reopens month-ends.")
            )
        for snapshot in self:
            self._check_books_open(snapshot.company_id, snapshot.date)
            later = self.sudo().search(
                [
                    ("company_id", "=", snapshot.company_id.id),
                    ("date", ">", snapshot.date),
                    ("id", "not in", self.ids),
                ],
                limit=1,
            )
            if later:
                raise UserError(
                    self.env._(
                        "%(date)s cannot be reopened, %(later)s was taken after it.",
                        date=snapshot.date,
                        later=later.date,
                    )
                )

    # Comparing ----------------------------------------------------------------------

    @api.model
    def _get_all_goods_accounts(self, company):
        """Stock accounts of all goods of the company."""
        others = (
            company.jxc_accrual_account_id
            | company.jxc_transit_account_id
            | company.jxc_shipped_account_id
        )
        return company._jxc_stock_accounts() - others

    def _get_goods_accounts(self):
        return self._get_all_goods_accounts(self.company_id.sudo())

    def _get_balance(self, accounts):
        """Debit balance of accounts at the month-end."""
        # sudo: shown to everybody who may read month-ends
        [[balance]] = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", self.date),
                    ("account_id", "in", accounts.ids),
                ],
                [],
                ["balance:sum"],
            )
        )
        return balance

    def _get_ledger(self, model, role):
        [[amount]] = (
            self.env[model]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", "<=", self.date),
                    ("role", "=", role),
                ],
                [],
                ["amount:sum"],
            )
        )
        return amount
