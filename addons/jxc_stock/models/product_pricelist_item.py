# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    def _compute_price(self, product, quantity, uom, date, currency=None, **kwargs):
        """Prices for one auxiliary unit are not converted to other units."""
        if product.jxc_price_by == "aux":
            uom = product.uom_id
        return super()._compute_price(product, quantity, uom, date, currency, **kwargs)
