# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

PARTS = (
    "receivable",
    "unapplied",
    "draft",
    "delivered",
    "ordered",
    "returned",
)
#: What may happen where the limit does not suffice, or too much is overdue.
ACTIONS = [
    ("none", "Do nothing"),
    ("warn", "Warn"),
    ("hold", "Put on hold"),
    ("block", "Block"),
]


class JxcCreditAccount(models.Model):
    """How much one customer, or several that share a limit, may owe a company.

    The exposure is not kept anywhere: it is what the documents say, see
    jxc_credit_account_exposure.py.
    """

    _name = "jxc.credit.account"
    _inherit = ["mail.thread", "jxc.gate.mixin"]
    _description = "Credit Account"
    _order = "partner_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('parent_id', '=', False)]",
        tracking=True,
    )
    member_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="jxc_credit_account_member_rel",
        column1="account_id",
        column2="partner_id",
        string="Also For",
        check_company=True,
        domain="[('parent_id', '=', False), ('id', '!=', partner_id)]",
        tracking=True,
        help="Other customers that share this limit.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    unlimited = fields.Boolean(
        tracking=True,
        help="No limit at all. Without this mark a limit of 0 means no credit.",
    )
    limit_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Currency of the Limit",
        compute="_compute_limit_currency_id",
        store=True,
        readonly=False,
        tracking=True,
        help="Converted at today's rate. Exposure is in the company's currency.",
    )
    credit_limit = fields.Monetary(
        currency_field="limit_currency_id",
        tracking=True,
        help="Most the customer may owe, tax included. 0 means no credit.",
    )
    order_action = fields.Selection(
        selection=ACTIONS,
        string="At Order",
        required=True,
        default="block",
        tracking=True,
        help="What happens when an order is confirmed or extended, or an invoice"
        " without order is posted, and the limit does not suffice. On hold, an order"
        " waits for money or for a credit manager; what cannot wait is refused.",
    )
    note = fields.Text()
    override_ids = fields.One2many(
        comodel_name="jxc.credit.override",
        inverse_name="account_id",
        string="Temporary Raises",
    )
    temporary_limit = fields.Monetary(
        string="Temporary Raise",
        compute="_compute_temporary_limit",
        help="Sum of the raises that are valid today.",
    )
    temporary_until = fields.Date(
        string="Raised Until",
        compute="_compute_temporary_limit",
        help="Day on which the first of the valid raises ends.",
    )
    exposure_receivable = fields.Monetary(
        string="Receivable",
        compute="_compute_exposure",
        help="Posted and not paid.",
    )
    exposure_unapplied = fields.Monetary(
        string="Unapplied Receipts",
        compute="_compute_exposure",
        help="Receipts and credit notes not yet set against an invoice.",
    )
    exposure_draft = fields.Monetary(
        string="Draft Invoices",
        compute="_compute_exposure",
        help="Of confirmed orders, at the prices of the orders, and over goods that"
        " left without order.",
    )
    exposure_delivered = fields.Monetary(
        string="Delivered, Not Invoiced",
        compute="_compute_exposure",
    )
    exposure_ordered = fields.Monetary(
        string="Ordered, Not Delivered",
        compute="_compute_exposure",
        help="Confirmed, less down payments that are invoiced already.",
    )
    exposure_returned = fields.Monetary(
        string="Returned, Not Credited",
        compute="_compute_exposure",
        help="Goods that came back and for which no credit note exists yet.",
    )
    exposure_unordered = fields.Monetary(
        string="Of These, without Order",
        compute="_compute_exposure",
        help="Delivered without an order, also where draft invoices bill it: part of"
        " what is delivered or on draft invoices.",
    )
    exposure = fields.Monetary(
        compute="_compute_exposure",
        help="Receivable, less unapplied receipts, plus draft invoices, delivered and"
        " ordered, less returned. Tax included.",
    )
    capacity = fields.Monetary(
        string="Limit Today",
        compute="_compute_exposure",
        help="Credit limit and temporary raises.",
    )
    available = fields.Monetary(compute="_compute_exposure")
    is_over_limit = fields.Boolean(compute="_compute_exposure")
    exposure_shipped = fields.Monetary(
        string="Goods Out",
        compute="_compute_exposure",
        help="Receivable and goods that left, less what their deposits paid: what"
        " deliveries are held to.",
    )

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "This customer has a credit account in this company already.",
    )
    _credit_limit_positive = models.Constraint(
        "CHECK (credit_limit >= 0)",
        "A credit limit cannot be negative.",
    )

    # -- computing ----------------------------------------------------------------

    @api.depends("override_ids.amount", "override_ids.until", "override_ids.revoked")
    def _compute_temporary_limit(self):
        for account in self:
            today = account._jxc_today()
            valid = account.override_ids.filtered(
                lambda raised, today=today: raised._is_valid_on(today)
            )
            account.temporary_limit = sum(valid.mapped("amount"))
            account.temporary_until = min(valid.mapped("until"), default=False)

    @api.depends(
        "credit_limit", "limit_currency_id", "unlimited", "override_ids", "member_ids"
    )
    def _compute_exposure(self):
        rows = self._jxc_read_exposure()
        for account in self:
            row = rows.get(account._origin.id) or dict.fromkeys(PARTS, 0.0)
            for part in PARTS:
                account[f"exposure_{part}"] = row[part]
            account.exposure = row.get("used", 0.0)
            account.capacity = account._jxc_limit() + account.temporary_limit
            account.exposure_shipped = row.get("shipped", 0.0)
            account.exposure_unordered = row.get("unordered", 0.0)
            account.available = (
                0.0 if account.unlimited else account.capacity - account.exposure
            )
            account.is_over_limit = (
                not account.unlimited
                and account.currency_id.compare_amounts(
                    account.exposure, account.capacity
                )
                > 0
            )

    @api.depends("company_id")
    def _compute_limit_currency_id(self):
        for account in self:
            account.limit_currency_id = (
                account.limit_currency_id or account.company_id.currency_id
            )

    @api.depends("partner_id", "member_ids")
    def _compute_display_name(self):
        for account in self:
            name = account.partner_id.display_name or ""
            if account.member_ids:
                name = self.env._(
                    "%(name)s and %(count)s more",
                    name=name,
                    count=len(account.member_ids),
                )
            account.display_name = name

    # -- constraints --------------------------------------------------------------

    @api.constrains("partner_id", "member_ids", "company_id")
    def _check_partners(self):
        """Accounts are of commercial customers, and each customer has one."""
        # Two accounts that take a customer at once collide here: the later one is
        # repeated and sees the other.
        partners = self.partner_id | self.member_ids
        partners.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET write_date = write_date WHERE id = ANY(%s)",
                sorted(partners.ids),
            )
        )
        for account in self:
            partners = account.partner_id | account.member_ids
            contacts = partners.filtered(lambda p: p.commercial_partner_id != p)
            if contacts:
                raise ValidationError(
                    self.env._(
                        "%(contact)s belongs to %(company)s: give the credit account"
                        " to %(company)s.",
                        contact=contacts[0].display_name,
                        company=contacts[0].commercial_partner_id.display_name,
                    )
                )
            if account.partner_id in account.member_ids:
                raise ValidationError(
                    self.env._(
                        "%s need not be among the customers that share the limit.",
                        account.partner_id.display_name,
                    )
                )
            self._check_one_account_each(account, partners)

    def _check_one_account_each(self, account, partners):
        # Accounts that the user cannot see have their customers, too.
        other = self.sudo().search(
            Domain("id", "!=", account.id)
            & Domain("company_id", "=", account.company_id.id)
            & (
                Domain("partner_id", "in", partners.ids)
                | Domain("member_ids", "in", partners.ids)
            ),
            limit=1,
        )
        if other:
            shared = partners & (other.partner_id | other.member_ids)
            raise ValidationError(
                self.env._(
                    "%(customer)s belongs to the credit account of %(account)s"
                    " already; a customer has one credit account in a company.",
                    customer=shared[0].display_name,
                    account=other.partner_id.display_name,
                )
            )

    # -- saving -------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_raised(self):
        raised = self.filtered("override_ids")
        if raised:
            raise UserError(
                self.env._(
                    "Temporary raises were granted on %(accounts)s, and they are kept"
                    " for the record. Set the limit to what should hold instead.",
                    accounts=", ".join(raised.mapped("display_name")),
                )
            )

    # -- actions ------------------------------------------------------------------

    def action_raise(self):
        """Open a new temporary raise; who may create one is checked on saving."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Temporary Raise"),
            "res_model": "jxc.credit.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    # -- small things -------------------------------------------------------------

    def _jxc_partners(self):
        """The commercial customers of these accounts."""
        return self.partner_id | self.member_ids

    def _jxc_limit_rate(self):
        """Company currency for one unit of the currency of the limit, today."""
        self.ensure_one()
        if self.limit_currency_id in (self.currency_id, self.env["res.currency"]):
            return 1.0
        # Rates are read as the company's, whoever asks.
        return self.limit_currency_id.sudo()._get_conversion_rate(
            self.limit_currency_id, self.currency_id, self.company_id, self._jxc_today()
        )

    def _jxc_limit(self):
        """The credit limit in company currency, without raises."""
        return self.currency_id.round(self.credit_limit * self._jxc_limit_rate())

    def _jxc_today(self):
        """The day it is for the company, whatever a client says its time zone is."""
        company = self.company_id or self.env.company
        return datetime.now(pytz.timezone(company._jxc_timezone())).date()
