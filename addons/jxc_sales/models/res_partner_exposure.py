# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .jxc_credit_account import PARTS
from .res_partner import CREDIT_GROUPS


class ResPartner(models.Model):
    """The parts of the exposure on the customer, each leading to its documents."""

    _inherit = "res.partner"

    jxc_exposure = fields.Monetary(
        string="Exposure",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
        help="Of all customers that share the credit account.",
    )
    jxc_exposure_receivable = fields.Monetary(
        string="Receivable",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_exposure_unapplied = fields.Monetary(
        string="Unapplied Receipts",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_exposure_draft = fields.Monetary(
        string="Draft Invoices",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_exposure_delivered = fields.Monetary(
        string="Delivered, Not Invoiced",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_exposure_ordered = fields.Monetary(
        string="Ordered, Not Delivered",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_exposure_returned = fields.Monetary(
        string="Returned, Not Credited",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_exposure_unordered = fields.Monetary(
        string="Of These, without Order",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_credit_capacity = fields.Monetary(
        string="Limit Today",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )
    jxc_credit_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_jxc_exposure",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )

    @api.depends("jxc_credit_account_id")
    @api.depends_context("company")
    def _compute_jxc_exposure(self):
        for partner in self:
            account = partner.jxc_credit_account_id
            partner.jxc_exposure = account.exposure
            for part in PARTS:
                partner[f"jxc_exposure_{part}"] = account[f"exposure_{part}"]
            partner.jxc_exposure_unordered = account.exposure_unordered
            partner.jxc_credit_capacity = account.capacity
            partner.jxc_credit_overdue = account.amount_overdue

    def action_jxc_view_exposure(self):
        """Open the documents of the part named ``part`` in the context.

        :return: as ``action_view_part`` of the credit account, for ``unordered`` as its
            ``action_view_unordered``
        :raise UserError: the customer has no credit account in this company
        """
        self.ensure_one()
        account = self.jxc_credit_account_id
        if not account:
            raise UserError(
                self.env._(
                    "%s has no credit account in this company. Ask a credit manager to"
                    " open one (Sales > Credit > Credit Accounts).",
                    self.display_name,
                )
            )
        account = account.with_env(self.env)
        if self.env.context.get("part") == "unordered":
            return account.action_view_unordered()
        return account.action_view_part()
