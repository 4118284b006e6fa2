# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

#: The platform's feature; without it customers have no price list.
PRICELISTS = "product.group_product_pricelist"


class JxcCustomerTier(models.Model):
    """A class of customers, shared by all companies like the customers themselves."""

    _name = "jxc.customer.tier"
    _description = "Customer Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    pricelist_id = fields.Many2one(
        comodel_name="product.pricelist",
        company_dependent=True,
        help="In the current company. Becomes the price list of customers who get this"
        " tier.",
    )
    partner_count = fields.Integer(
        string="Customers",
        compute="_compute_partner_count",
    )

    def _compute_partner_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("jxc_tier_id", "in", self.ids)], ["jxc_tier_id"], ["__count"]
            )
        )
        for tier in self:
            tier.partner_count = counts.get(tier, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """A tier that gets a price list switches price lists on."""
        tiers = super().create(vals_list)
        if any(vals.get("pricelist_id") for vals in vals_list):
            tiers._use_pricelists()
        return tiers

    def write(self, vals):
        """A new price list of a tier becomes that of its customers, in this company.

        Where price lists are off, the first one of a tier switches them on.
        """
        if "pricelist_id" not in vals:
            return super().write(vals)
        before = {tier: tier.pricelist_id for tier in self}
        result = super().write(vals)
        if vals["pricelist_id"]:
            self._use_pricelists()
        company = self.env.company
        for tier in self:
            partners = (
                self.env["res.partner"]
                .sudo()
                .with_company(company)
                .with_context(active_test=False)
                .search([("jxc_tier_id", "=", tier.id)])
            )
            if tier.pricelist_id:
                partners.specific_property_product_pricelist = tier.pricelist_id
            elif before[tier]:
                partners.filtered(
                    lambda one, old=before[tier]: (
                        one.specific_property_product_pricelist == old
                    )
                ).specific_property_product_pricelist = False
        return result

    # -- the platform's price lists -----------------------------------------------

    def action_use_pricelists(self):
        """Switch price lists on for everybody: without, tiers bring no prices.

        Whoever has no list of his own or of his tier goes on with the products' prices.

        :return: action that loads the page again, with the menus of price lists
        :raise AccessError: by who may not change tiers
        """
        self.env[self._name].check_access("write")
        self._use_pricelists()
        return {"type": "ir.actions.client", "tag": "reload"}

    @api.model
    def _use_pricelists(self):
        """Switch price lists on, as Settings do, unless they are."""
        if self.env["res.groups"]._is_feature_enabled(PRICELISTS):
            return
        # sudo: who keeps tiers and price lists need not be an administrator
        env = self.sudo().env
        env.ref("base.group_user")._apply_group(env.ref(PRICELISTS))
        companies = env["res.company"].search([])
        companies._activate_or_create_pricelists()
        for company in companies:
            self.sudo().with_company(company)._keep_plain_list_first()

    @api.model
    def _keep_plain_list_first(self):
        """Let customers without a list have the products' prices, in this company.

        The platform gives them the first list of all, which might be that of a tier.
        """
        company = self.env.company
        lists = self.env["product.pricelist"].search(
            [("company_id", "in", [company.id, False])]
        )
        tiers = self.with_context(active_test=False).search([])
        plain = lists.filtered(
            lambda one: not one.item_ids and one.currency_id == company.currency_id
        )
        plain = (plain - tiers.pricelist_id)[:1]
        if not plain:
            plain = plain.create(company._get_default_pricelist_vals())
        first = (lists | plain).sorted()[:1]
        if first != plain:
            plain.sequence = first.sequence - 1

    def action_view_partners(self):
        """Open the customers of this tier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("jxc_tier_id", "=", self.id)],
        }
