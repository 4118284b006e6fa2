# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.onchange("product_id")
    def _onchange_product_id_jxc_unit(self):
        """Propose the product's unit for sales to who enters a line.

        Other programs that leave the unit out mean the product's own unit, as before.
        """
        product = self.product_id
        if product and self.product_uom_id == product.uom_id:
            self.product_uom_id = product.product_tmpl_id._jxc_default_uom("sale")
