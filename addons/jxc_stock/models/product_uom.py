# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class ProductUom(models.Model):
    _inherit = "product.uom"

    @api.constrains("product_id", "uom_id")
    def _check_jxc_unit(self):
        """A scanned package becomes so many base units, also where nothing else asks
        whether its unit converts, as at a point of sale."""
        self.env["stock.move"].sudo()._jxc_check_units(
            (barcode.product_id, barcode.uom_id) for barcode in self
        )
