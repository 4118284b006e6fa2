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


class StockMove(models.Model):
    """Look for reordering rules where there are any.

    The platform searches them whenever moves are created and again at each change, and
    once for every single move that is confirmed. Most goods that are bought or sold to
    order have none, which is found out once for all goods of a document.
    """

    _inherit = "stock.move"

    def _update_orderpoints(self):
        return super(StockMove, self._jxc_reordered())._update_orderpoints()

    def _trigger_scheduler(self):
        return super(StockMove, self._jxc_reordered())._trigger_scheduler()

    def _jxc_reordered(self):
        return self.filtered("product_id.jxc_has_orderpoints")
