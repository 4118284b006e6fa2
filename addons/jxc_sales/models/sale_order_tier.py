# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Quotations whose customer has got another price list meanwhile say so."""

    _inherit = "sale.order"

    jxc_pricelist_hint = fields.Char(
        string="Price List Hint",
        compute="_compute_jxc_pricelist_hint",
        groups="base.group_user",
    )

    @api.depends(
        "company_id",
        "partner_id.specific_property_product_pricelist",
        "pricelist_id",
        "state",
    )
    @api.depends_context("lang")
    def _compute_jxc_pricelist_hint(self):
        for order in self:
            order = order.with_company(order.company_id)
            listed = order.partner_id.property_product_pricelist
            order.jxc_pricelist_hint = (
                self.env._(
                    "The customer's price list is %(listed)s, this quotation follows"
                    " %(used)s.",
                    listed=listed.display_name,
                    used=order.pricelist_id.display_name or self.env._("none"),
                )
                if order.state in ("draft", "sent")
                and order.partner_id.jxc_tier_id
                and listed
                and listed != order.pricelist_id
                else False
            )

    def action_jxc_take_pricelist(self):
        """Give quotations the price list that their customer has now, and its prices.

        :raise UserError: naming an order that is no quotation any more
        """
        for order in self:
            if order.state not in ("draft", "sent"):
                raise UserError(
                    self.env._("%s is no quotation: its prices stand.", order.name)
                )
        for order in self:
            order = order.with_company(order.company_id)
            order.pricelist_id = order.partner_id.property_product_pricelist
            order._recompute_prices()
        return True
