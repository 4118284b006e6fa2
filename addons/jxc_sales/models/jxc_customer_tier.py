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
