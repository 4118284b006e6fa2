# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

#: Writing one of these on a line may make its goods cheaper.
PRICE_FIELDS = {
    "combo_item_id",
    "discount",
    "is_downpayment",
    "jxc_aux_qty",
    "jxc_is_priced_by_aux",
    "linked_line_id",
    "order_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "reward_id",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    """Prices of confirmed orders are compared before and after every change."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        default_id = self.default_get(["order_id"]).get("order_id")
        order_ids = {vals.get("order_id", default_id) for vals in vals_list}
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        with (
            orders._jxc_minimum_watch(),
            orders._jxc_terms_watch(),
            orders._jxc_price_watch() as watch,
        ):
            lines = super(SaleOrderLine, self.with_context(**watch)).create(vals_list)
        return lines.with_env(self.env)

    def write(self, vals):
        if not PRICE_FIELDS & set(vals):
            return super().write(vals)
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        with (
            orders._jxc_minimum_watch(),
            orders._jxc_terms_watch(),
            orders._jxc_price_watch() as watch,
        ):
            return super(SaleOrderLine, self.with_context(**watch)).write(vals)

    def unlink(self):
        # Without the line that raised the price, another may be too cheap.
        orders = self.order_id
        with (
            orders._jxc_minimum_watch(),
            orders._jxc_terms_watch(),
            orders._jxc_price_watch(can_ask=False) as watch,
        ):
            return super(SaleOrderLine, self.with_context(**watch)).unlink()
