# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_billed_by_others(self, bill):
        """Quantity billed by posted bills but one, in the unit of the line."""
        self.ensure_one()
        billed = 0.0
        for item in self.invoice_lines:
            if item.move_id == bill or item.parent_state != "posted":
                continue
            sign = -1 if item.move_id.move_type == "in_refund" else 1
            # odoo19-ok: unit-unchecked bills of a line are in a unit of its product
            billed += sign * item.product_uom_id._compute_quantity(
                item.quantity, self.product_uom_id, round=False
            )
        return billed
