# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.constrains("product_id", "product_uom_id")
    def _check_jxc_unit(self):
        self.env["stock.move"]._jxc_check_units(
            (line.product_id, line.product_uom_id) for line in self
        )
