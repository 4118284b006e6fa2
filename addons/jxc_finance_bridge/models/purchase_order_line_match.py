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
        unordered = lines._jxc_unordered_matches()
        removed = unordered.filtered(lambda match: match.line_id.jxc_order_removed)
        linked = (unordered - removed).line_id._jxc_link_covered()
        found = unordered.filtered(lambda match: match.line_id in linked)
        (found | lines._jxc_open_matches())._jxc_compare_again()
        waiting = unordered - found
        waiting.invalidate_recordset(["candidate_orders"])
        for bill in waiting.filtered("candidate_orders").move_id:
            bill.message_post(
                body=self.env._(
                    "Goods that this bill may be for were received. Press Match, or"
                    " have it released."
                )
            )

    def _jxc_unordered_matches(self):
        """What is held of posted bills of these vendors for want of an order."""
        return self.env["jxc.invoice.match"].search(
            [
                ("is_open", "=", True),
                ("state", "=", "free"),
                ("company_id", "in", self.company_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                ("move_id.state", "=", "posted"),
            ]
        )

    def _jxc_left_to_bill(self):
        """What is left to bill; the platform does not count receipts of purchases."""
        self.ensure_one()
        left = self.qty_to_invoice
        for item in self.invoice_lines:
            if item.move_id.move_type == "in_receipt" and item.parent_state != "cancel":
                # odoo19-ok: unit-unchecked bills of a line are in a unit of its product
                left -= item.product_uom_id._compute_quantity(
                    item.quantity, self.product_uom_id, round=False
                )
        return left

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
