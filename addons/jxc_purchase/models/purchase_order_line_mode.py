# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from ..tools.modes import WATCH

#: Changes of a line that can widen its order.
WIDENING_FIELDS = {
    "discount",
    "display_type",
    "jxc_aux_qty",
    "order_id",
    "price_unit",
    "product_id",
    "product_qty",
    "product_uom_id",
}


class PurchaseOrderLine(models.Model):
    """Lines of confirmed orders change within what the procurement mode allows."""

    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        order_ids = {vals.get("order_id") for vals in vals_list} - {None, False}
        default = self.default_get(["order_id"]).get("order_id")
        orders = self.env["purchase.order"].browse(
            order_ids | ({default} if default else set())
        )
        with orders._jxc_watch_modes() as watch:
            marked = self.with_context(**{WATCH: watch})
            lines = super(PurchaseOrderLine, marked).create(vals_list)
        return lines.with_env(self.env)

    def write(self, vals):
        if not set(vals) & WIDENING_FIELDS:
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or [])
        with orders._jxc_watch_modes() as watch:
            marked = self.with_context(**{WATCH: watch})
            return super(PurchaseOrderLine, marked).write(vals)

    def unlink(self):
        with self.order_id._jxc_watch_modes() as watch:
            marked = self.with_context(**{WATCH: watch})
            return super(PurchaseOrderLine, marked).unlink()
