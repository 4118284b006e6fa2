# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_match_again(self):
        """Compare posted bills of these lines again that are held: goods came."""
        # sudo: who receives goods reads no bills
        lines = self.sudo().filtered(
            lambda line: line.company_id.jxc_match_action != "none"
        )
        if not lines:
            return
        # A bill that is posted meanwhile does not see these goods, nor they the bill.
        lines.env["jxc.stock.booking"]._take_turn(lines)
        lines._jxc_open_matches()._jxc_compare_again()

    def _jxc_open_matches(self):
        """What is held of posted bills of these lines."""
        return self.env["jxc.invoice.match"].search(
            [
                ("is_open", "=", True),
                ("line_id.purchase_line_id", "in", self.ids),
                ("move_id.state", "=", "posted"),
            ]
        )

    def _jxc_billed_by_others(self, lines):
        """Quantity that other lines of posted bills bill, in the unit of the line.

        :param lines: the bill lines that do not count
        """
        self.ensure_one()
        billed = 0.0
        for item in self.invoice_lines:
            if item in lines or item.parent_state != "posted":
                continue
            sign = -1 if item.move_id.move_type == "in_refund" else 1
            # odoo19-ok: unit-unchecked bills of a line are in a unit of its product
            billed += sign * item.product_uom_id._compute_quantity(
                item.quantity, self.product_uom_id, round=False
            )
        return billed
