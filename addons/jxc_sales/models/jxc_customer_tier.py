# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


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

    def write(self, vals):
        """A new price list of a tier becomes that of its customers, in this company."""
        if "pricelist_id" not in vals:
            return super().write(vals)
        before = {tier: tier.pricelist_id for tier in self}
        result = super().write(vals)
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

    def action_view_partners(self):
        """Open the customers of this tier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": [("jxc_tier_id", "=", self.id)],
        }
