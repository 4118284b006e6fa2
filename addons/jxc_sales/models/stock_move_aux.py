# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _jxc_aux_depends(self):
        return [
            *super()._jxc_aux_depends(),
            "sale_line_id.jxc_aux_qty",
            "sale_line_id.product_uom_qty",
            "sale_line_id.product_uom_id",
        ]

    def _jxc_aux_rates(self):
        """Deliveries of an order have the ratio of the order."""
        rates = super()._jxc_aux_rates()
        for move in self:
            line = move.sale_line_id
            base = (
                line._jxc_base_qty()
                if line and line.product_id == move.product_id
                else 0.0
            )
            if base and line.jxc_aux_qty and move not in rates:
                rates[move] = line.jxc_aux_qty / base
        return rates
