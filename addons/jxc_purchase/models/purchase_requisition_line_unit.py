# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class PurchaseRequisitionLine(models.Model):
    """Agreements are made in units of the product; call-offs would only fail later."""

    _inherit = "purchase.requisition.line"

    @api.constrains("product_id", "product_uom_id")
    def _check_jxc_unit(self):
        self.env["stock.move"]._jxc_check_units(
            (line.product_id, line.product_uom_id) for line in self
        )
