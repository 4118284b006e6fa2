# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class SaleOrderTemplateLine(models.Model):
    """Templates hold no unit that the quotations made from them would refuse."""

    _inherit = "sale.order.template.line"

    @api.constrains("product_id", "product_uom_id")
    def _check_jxc_unit(self):
        self.env["stock.move"]._jxc_check_units(
            (line.product_id, line.product_uom_id) for line in self if line.product_id
        )
