# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from .res_company_price import PRICE_ACTIONS


class ResCompany(models.Model):
    """Wholesale (起批): the least that an order takes, and what happens below."""

    _inherit = "res.company"

    jxc_min_order_action = fields.Selection(
        selection=PRICE_ACTIONS,
        string="Below the Minimum Order",
        required=True,
        default="none",
        help="What happens when a wholesale order takes less than the minimum order of"
        " a product, or is worth less than the minimum amount.",
    )
    jxc_min_order_amount = fields.Monetary(
        string="Minimum Order Amount",
        help="Of wholesale orders, tax included. A customer's tier may ask for another"
        " one. 0: none.",
    )

    _jxc_min_order_amount_positive = models.Constraint(
        "CHECK (COALESCE(jxc_min_order_amount, 0) >= 0)",
        "A minimum order cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._jxc_activate_minimum_tier()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "jxc_min_order_action" in vals:
            self._jxc_activate_minimum_tier()
        return result

    def _jxc_activate_minimum_tier(self):
        """Have somebody decide where small orders need approval."""
        if "approval" in self.mapped("jxc_min_order_action"):
            preset = self.env.ref(
                "jxc_sales.tier_preset_sale_minimum", raise_if_not_found=False
            )
            if preset and not preset.sudo().active:
                preset.sudo().action_jxc_activate()


class JxcCustomerTier(models.Model):
    _inherit = "jxc.customer.tier"

    jxc_min_order_amount = fields.Float(
        string="Minimum Order Amount",
        company_dependent=True,
        digits="Product Price",
        help="Of wholesale orders of these customers, tax included, in the currency of"
        " the current company. 0: that of the company.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_min_order_action = fields.Selection(
        related="company_id.jxc_min_order_action",
        readonly=False,
    )
    jxc_min_order_amount = fields.Monetary(
        related="company_id.jxc_min_order_amount",
        currency_field="company_currency_id",
        readonly=False,
    )
