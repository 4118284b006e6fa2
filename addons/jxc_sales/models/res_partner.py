# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools.credit import ORDER_PARTS

#: Who may know how much credit a customer has: neither other staff nor the customer.
CREDIT_GROUPS = ",".join(
    (
        "sales_team.group_sale_salesman",
        "account.group_account_invoice",
        "account.group_account_readonly",
        "jxc_base.group_credit_manager",
        "jxc_base.group_executive",
    )
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    jxc_tier_id = fields.Many2one(
        comodel_name="jxc.customer.tier",
        string="Customer Tier",
        index="btree_not_null",
    )
    jxc_credit_account_id = fields.Many2one(
        comodel_name="jxc.credit.account",
        string="Credit Account",
        compute="_compute_jxc_credit",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        help="The account of the customer in the current company.",
    )
    jxc_credit_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Credit Currency",
        compute="_compute_jxc_credit",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
    )
    jxc_credit_unlimited = fields.Boolean(
        string="Credit without Limit",
        compute="_compute_jxc_credit",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
    )
    jxc_credit_available = fields.Monetary(
        string="Available Credit",
        compute="_compute_jxc_credit",
        compute_sudo=True,
        groups=CREDIT_GROUPS,
        currency_field="jxc_credit_currency_id",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_jxc_credit(self):
        company_id = self.env.company.id
        accounts = self.env["jxc.credit.account"]._jxc_accounts_of(
            (partner._origin.id, company_id)
            for partner in self.commercial_partner_id
            if partner._origin.id
        )
        for partner in self:
            key = (partner.commercial_partner_id._origin.id, company_id)
            account = accounts.get(key, self.env["jxc.credit.account"])
            partner.jxc_credit_account_id = account
            partner.jxc_credit_currency_id = account.currency_id
            partner.jxc_credit_unlimited = account.unlimited
            partner.jxc_credit_available = account.available

    @api.constrains("parent_id", "is_company")
    def _check_jxc_credit_account(self):
        """A customer with a credit account stays the one who owes."""
        contacts = self.filtered(
            lambda partner: partner.commercial_partner_id != partner
        )
        if not contacts:
            return
        # Accounts of all companies keep their customers.
        account = (
            self.env["jxc.credit.account"]
            .sudo()
            .search(
                Domain("partner_id", "in", contacts.ids)
                | Domain("member_ids", "in", contacts.ids),
                limit=1,
            )
        )
        if account:
            raise ValidationError(
                self.env._(
                    "%(customer)s has a credit account and cannot become a contact of"
                    " %(company)s. Delete the credit account first.",
                    customer=(account._jxc_partners() & contacts)[0].display_name,
                    company=(account._jxc_partners() & contacts)[
                        0
                    ].commercial_partner_id.display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("jxc_tier_id")._jxc_apply_tier()
        return partners

    def write(self, vals):
        if "commercial_partner_id" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "Who owes for a contact follows from its company and cannot be"
                    " written."
                )
            )
        owed = (
            self._jxc_open_orders() if {"parent_id", "is_company"} & set(vals) else {}
        )
        tiers = (
            {partner: partner.jxc_tier_id for partner in self}
            if "jxc_tier_id" in vals
            else {}
        )
        res = super().write(vals)
        self._jxc_check_still_owed(owed)
        moved = self.filtered(lambda p: p in tiers and tiers[p] != p.jxc_tier_id)
        if moved:
            moved._jxc_apply_tier(tiers)
        return res

    def _jxc_open_orders(self):
        """Return ``{order: who owes it}`` of these contacts' orders in the exposure."""
        is_open = Domain.OR(
            Domain(f"jxc_credit_{part}", "!=", 0) for part in ORDER_PARTS
        )
        orders = self.env["sale.order"].sudo()
        orders = orders.search(
            Domain("partner_invoice_id", "child_of", self.ids) & is_open
        )
        return {order: order.jxc_credit_partner_id for order in orders}

    def _jxc_check_still_owed(self, owed):
        """Keep orders from leaving a credit account with the contact who ordered.

        :param owed: as :meth:`_jxc_open_orders`, from before the change
        :raise ValidationError: naming the order and its customer
        """
        moved = {
            order: debtor
            for order, debtor in owed.items()
            if order.jxc_credit_partner_id != debtor
        }
        if not moved:
            return
        accounts = self.env["jxc.credit.account"]._jxc_accounts_of(
            (debtor.id, order.company_id.id) for order, debtor in moved.items()
        )
        for order, debtor in moved.items():
            if (debtor.id, order.company_id.id) in accounts:
                raise ValidationError(
                    self.env._(
                        "%(order)s is on the credit of %(customer)s, so its contact"
                        " cannot leave that company now. Invoice or cancel the order"
                        " first, or give it another invoice address.",
                        order=order.name,
                        customer=debtor.display_name,
                    )
                )

    def _jxc_apply_tier(self, before=None):
        """Give customers the price list of their tier, in each company that has one.

        A price list that a customer was given apart from his tier is replaced as well;
        a tier without one takes back what the former tier brought.

        :param before: ``{partner: former tier}``
        """
        # Whoever sets a tier sets what it brings, also in companies he does not see.
        partners = self.sudo()
        former = before or {}
        companies = partners.env["res.company"].search([])
        for company in companies:
            for partner in partners.with_company(company):
                listed = partner.jxc_tier_id.pricelist_id
                old = former.get(partner, partner.jxc_tier_id.browse())
                had = old.with_company(company).sudo().pricelist_id
                actual = partner.specific_property_product_pricelist
                if listed:
                    partner.specific_property_product_pricelist = listed
                elif had and actual == had:
                    partner.specific_property_product_pricelist = False

    def action_jxc_view_credit_account(self):
        """Open the credit account, or the form of a new one for this customer."""
        self.ensure_one()
        account = self.jxc_credit_account_id
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit"),
            "res_model": "jxc.credit.account",
            "view_mode": "form",
        }
        if account:
            return {**action, "res_id": account.id}
        context = {"default_partner_id": self.commercial_partner_id.id}
        return {**action, "context": context}
