# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from calendar import monthrange

from odoo import api, fields, models
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.tools import SQL
from odoo.tools.misc import format_date

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import books
from ..tools.token import is_engine

GUARDED = ("state", "closed_by", "closed_date", "lock_before", "check_ids")
#: Months this transaction reopened: its own entries in them are right.
REOPENED = "reopened"


class JxcFinancePeriod(models.Model):
    """A month of a company's books, with its branches: open or closed (结账)."""

    _name = "jxc.finance.period"
    _description = "Accounting Period"
    _inherit = ["mail.thread"]
    _order = "date_from desc, company_id"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
        index=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
    )
    date_to = fields.Date(
        string="To",
        required=True,
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    is_year_end = fields.Boolean(
        string="Ends a Fiscal Year",
        compute="_compute_is_year_end",
    )
    closed_by = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        copy=False,
    )
    closed_date = fields.Datetime(
        string="Closed on",
        readonly=True,
        copy=False,
    )
    lock_before = fields.Date(
        compute="_compute_lock_before",
        store=True,
        readonly=False,
        copy=False,
        export_string_translation=False,
        help="The platform's lock date that stood when the period was closed.",
    )
    check_ids = fields.One2many(
        comodel_name="jxc.finance.period.check",
        inverse_name="period_id",
        string="Checks",
        readonly=True,
        copy=False,
    )
    error_count = fields.Integer(
        string="In the Way",
        compute="_compute_check_counts",
    )
    warning_count = fields.Integer(
        string="To Look at",
        compute="_compute_check_counts",
    )
    checked_date = fields.Datetime(
        string="Checked on",
        readonly=True,
        copy=False,
    )
    move_count = fields.Integer(
        string="Vouchers",
        compute="_compute_move_count",
    )

    _company_month_unique = models.UniqueIndex(
        "(company_id, date_from)", "The company has this period already."
    )

    @api.depends("date_from")
    def _compute_name(self):
        for period in self:
            period.name = period.date_from and period.date_from.strftime("%Y-%m")

    @api.depends("company_id", "date_to")
    def _compute_is_year_end(self):
        for period in self:
            if period.company_id and period.date_to:
                year = period.company_id.compute_fiscalyear_dates(period.date_to)
                period.is_year_end = year["date_to"] == period.date_to
            else:
                period.is_year_end = False

    def _compute_lock_before(self):
        """What stood is noted by closing. Of periods that were closed when nobody noted
        it, everything before stays locked."""
        for period in self:
            is_closed = period.state == "closed"
            day_before = is_closed and fields.Date.subtract(period.date_from, days=1)
            period.lock_before = day_before

    @api.depends("check_ids.state")
    def _compute_check_counts(self):
        for period in self:
            states = period.check_ids.mapped("state")
            period.error_count = states.count("error")
            period.warning_count = states.count("warning")

    def _compute_move_count(self):
        for period in self:
            period.move_count = self.env["account.move"].search_count(
                period._get_moves_domain()
            )

    @api.constrains("company_id", "date_from", "date_to")
    def _check_month(self):
        for period in self:
            if period.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "%(company)s is a branch; its books are closed with those of"
                        " %(root)s.",
                        company=period.company_id.display_name,
                        root=period.company_id.root_id.sudo().display_name,
                    )
                )
            if (period.date_from, period.date_to) != self._get_month(period.date_from):
                raise ValidationError(
                    self.env._(
                        "%(from)s – %(to)s is no period: periods are whole months.",
                        **{
                            "from": format_date(self.env, period.date_from),
                            "to": format_date(self.env, period.date_to),
                        },
                    )
                )

    # ORM ----------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        return own_defaults(self, super().default_get(fields_list), GUARDED)

    @api.model_create_multi
    def create(self, vals_list):
        if not is_engine(self.env):
            for vals in vals_list:
                self._check_guarded({k: v for k, v in vals.items() if v != "open"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarded(vals)
        if vals.keys() & {"company_id", "date_from", "date_to"}:
            self._check_open()
        return super().write(vals)

    def _check_guarded(self, vals):
        if not is_engine(self.env) and not vals.keys().isdisjoint(GUARDED):
            raise AccessError(
                self.env._(
                    "Periods are closed and reopened with their buttons; their state"
                    " cannot be written."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    # Finding ------------------------------------------------------------------

    @api.model
    def _get_month(self, date):
        """First and last day of the month of a date."""
        last = monthrange(date.year, date.month)[1]
        return date.replace(day=1), date.replace(day=last)

    @api.model
    def _get_or_create(self, company, date):
        """The period of a date, for a company or branch; made when there is none."""
        company = company.root_id
        date_from, date_to = self._get_month(fields.Date.to_date(date))
        period = self.search(
            [("company_id", "=", company.id), ("date_from", "=", date_from)]
        )
        return period or self.create(
            {"company_id": company.id, "date_from": date_from, "date_to": date_to}
        )

    @api.model
    def action_open_current(self):
        """Open the first period of the current company that is still to be closed."""
        self._check_closer()
        company = self.env.company.root_id
        if closed := self._get_closed_until(company):
            date = fields.Date.add(closed, days=1)
        else:
            first = self.env["account.move"].search(
                self._get_unclosed_domain(company), order="date", limit=1
            )
            date = first.date or fields.Date.context_today(self)
        period = self._get_or_create(company, date)
        if period.state == "open":
            period.action_check()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Month Close"),
            "res_model": self._name,
            "res_id": period.id,
            "view_mode": "form",
        }

    def action_open_vouchers(self):
        """The posted entries of the period, in the order of their numbers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.account_move_voucher_action"
        )
        return {**action, "domain": self._get_moves_domain()}

    def _get_company_domain(self, company):
        return [("company_id", "child_of", company.id)]

    @api.model
    def _get_closed_until(self, company):
        """The last day of the books of a company that needs no close any more.

        Before the first close that is the platform's lock date: what lies before it
        was closed elsewhere.
        """
        company = company.sudo()
        locks = (company.fiscalyear_lock_date, company.hard_lock_date)
        return company.jxc_closed_date or max(filter(None, locks), default=False)

    @api.model
    def _get_unclosed_domain(self, company):
        """Domain of the entries whose months are still to be closed."""
        domain = self._get_company_domain(company)
        domain += [("state", "in", ("draft", "posted"))]
        if closed := self._get_closed_until(company):
            domain += [("date", ">", closed)]
        return domain

    def _get_moves_domain(self, states=("posted",)):
        """Domain of the period's entries in some states."""
        self.ensure_one()
        return [
            *self._get_company_domain(self.company_id),
            ("state", "in", states),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]

    # Rights and state ---------------------------------------------------------

    def _check_closer(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_manager"
        ):
            raise AccessError(
                self.env._("Only accounting managers close the books of a month.")
            )

    def _check_open(self):
        for period in self:
            if period.state == "closed":
                raise UserError(
                    self.env._(
                        "%(period)s of %(company)s is closed since %(date)s by"
                        " %(user)s.",
                        period=period.name,
                        company=period.company_id.display_name,
                        date=format_date(self.env, period.closed_date),
                        user=period.closed_by.sudo().name,
                    )
                )

    # Concurrency --------------------------------------------------------------

    def _get_month_keys(self):
        return {
            (period.company_id.id, period.date_from.strftime("%Y-%m"))
            for period in self
        }

    def _hold(self):
        """Keep everybody else from posting into these months until the commit.

        :raise ConcurrencyError: when others changed entries of the months after the
            snapshot of this transaction; the server then repeats the request
        """
        self.env.flush_all()
        books.hold_months(self.env, self._get_month_keys())
        if books.is_alone(self.env):
            return
        for period in self:
            with books.committed(self.env) as cr:
                now = period._read_versions(cr)
            seen = period._read_versions(self.env.cr)
            if any(
                key not in seen or seen[key] < version for key, version in now.items()
            ):
                raise ConcurrencyError(f"Period {period.name} is being posted to")

    def _read_versions(self, cr):
        """What entries the cursor sees, and when each and its lines last changed."""
        companies = self.env["res.company"].sudo()
        companies = companies.search([("id", "child_of", self.company_id.id)])
        where = SQL(
            "company_id IN %s AND date BETWEEN %s AND %s",
            tuple(companies.ids),
            self.date_from,
            self.date_to,
        )
        # Entries by id, their lines by negative id.
        cr.execute(
            SQL(
                "SELECT id, write_date FROM account_move WHERE %s"
                " UNION ALL"
                " SELECT -id, write_date FROM account_move_line WHERE %s",
                where,
                where,
            )
        )
        versions = dict(cr.fetchall())
        cr.execute(
            SQL("SELECT write_date FROM jxc_finance_period WHERE id = %s", self.id)
        )
        [versions[0]] = cr.fetchone() or [self.write_date]
        return versions

    @api.model
    def _check_months_open(self, cr, months):
        """Refuse months that are closed in what the cursor sees.

        :param months: set of (root company id, 'YYYY-MM')
        :raise UserError: naming company and month
        """
        cr.execute(
            SQL(
                "SELECT id, to_char(jxc_closed_date, 'YYYY-MM') FROM res_company"
                " WHERE id IN %s AND jxc_closed_date IS NOT NULL",
                tuple({company_id for company_id, _period in months}),
            )
        )
        closed = dict(cr.fetchall())
        if not closed:
            return
        reopened = set(books.recall(self.env, REOPENED))
        for company_id, period in sorted(months):
            if period <= closed.get(company_id, "") and (
                (company_id, period) not in reopened
            ):
                company = self.env["res.company"].sudo().browse(company_id)
                raise UserError(
                    self.env._(
                        "%(period)s of %(company)s has just been closed. Date the entry"
                        " later, or have the period reopened.",
                        period=period,
                        company=company.display_name,
                    )
                )

    @api.model
    def _check_touched_months(self):
        """Called before a commit: no month was closed since the request began."""
        months = self.env.cr.precommit.data.pop("jxc_months", None)
        if months:
            books.share_months(self.env, months)
            with books.committed(self.env) as cr:
                self._check_months_open(cr, months)
