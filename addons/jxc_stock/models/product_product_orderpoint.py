# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    jxc_has_orderpoints = fields.Boolean(
        compute="_compute_jxc_has_orderpoints",
        compute_sudo=True,
        string="Has Reordering Rules",
        help="In whichever company, in use or archived.",
    )

    @api.depends("orderpoint_ids")
    def _compute_jxc_has_orderpoints(self):
        # Not orderpoint_ids itself: who read it before may see some companies only.
        orderpoints = self.env["stock.warehouse.orderpoint"]
        ruled = orderpoints.with_context(active_test=False)._read_group(
            [("product_id", "in", self.ids)], ["product_id"]
        )
        ruled_ids = {product.id for (product,) in ruled}
        for product in self:
            product.jxc_has_orderpoints = product._origin.id in ruled_ids
