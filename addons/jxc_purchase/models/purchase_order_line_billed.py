# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools import sources

#: Bills that ask for money; a receipt of purchases is a bill as well.
CONTROLLED_TYPES = ("in_invoice", "in_receipt")


class PurchaseOrderLine(models.Model):
    """What vendors have billed, against what they may."""

    _inherit = "purchase.order.line"

    jxc_qty_billed = fields.Float(
        string="Billed and Posted",
        digits="Product Unit",
        compute="_compute_jxc_qty_billed",
        store=True,
        help="On posted bills, refunds taken off.",
    )

    @api.depends(
        "invoice_lines.parent_state",
        "invoice_lines.product_uom_id",
        "invoice_lines.quantity",
        "product_uom_id",
    )
    def _compute_jxc_qty_billed(self):
        for line in self:
            unit = line.product_uom_id
            billed = sum(
                one.move_id.direction_sign
                * one.product_uom_id._jxc_convert(one.quantity, unit)
                for one in line.sudo().invoice_lines
                if one.parent_state == "posted"
                and one.move_id.move_type in sources.BILL_TYPES
            )
            line.jxc_qty_billed = unit.round(billed) if unit else billed

    def _jxc_billed_and_allowed(self):
        """What is billed of goods, and how much may be.

        Two bills of a line that are posted at the same moment both change its row, so
        the second one starts again and sees the first.

        :return: {order line: (billed, allowed)}, only goods, in the unit of the line
        """
        goods = self.filtered(lambda line: line.qty_received_method == "stock_moves")
        goods.flush_recordset(["jxc_qty_billed"])
        ahead = goods._jxc_billed_ahead()
        return {
            line: (line.jxc_qty_billed, line.qty_received + ahead.get(line, 0.0))
            for line in goods
        }

    def _jxc_billed_ahead(self):
        """Return how much may be billed before it comes, in the unit of the line.

        Of goods that are billed when they are ordered: what was not rejected. Where
        they are inspected only what is on its way and will not be; the rest is billed
        once it is accepted. Without a receipt, as somebody may delete it, the rules
        judge the one that would bring the goods.

        :return: {order line: quantity on top of what was received}
        """
        lines = self.filtered(
            lambda line: line.product_id.purchase_method == "purchase"
        )
        # sudo: accountants need not see the warehouse
        moves = lines.sudo().move_ids
        # Cancelled receipts, too: they would have been inspected.
        planned = moves.filtered(
            lambda move: move.state != "done" and not move._is_purchase_return()
        )
        missing = (lines - planned.purchase_line_id)._jxc_missing_receipts()
        judged = planned.union(*missing.values())
        due = planned.browse().union(*judged._jxc_due_for_inspection())
        ahead = {}
        for line in lines:
            mine = line.sudo().move_ids | missing.get(line, planned.browse())
            if mine & due or mine.jxc_inspection_line_ids:
                coming = (mine & planned - due).filtered(
                    lambda move: move.state != "cancel"
                )
                ahead[line] = coming._jxc_in_unit(line.product_uom_id)
            else:
                rest = line.product_qty - line.jxc_qty_rejected - line.qty_received
                ahead[line] = max(rest, 0.0)
        return ahead

    def _jxc_missing_receipts(self):
        """Return {order line: an unsaved receipt move}, as orders make them."""
        # sudo: accountants need not see the warehouse
        moves = self.env["stock.move"].sudo()
        return {
            line: moves.new(
                {
                    "company_id": line.company_id.id,
                    "location_dest_id": line.order_id._get_destination_location(),
                    "location_id": line.order_id.partner_id.property_stock_supplier.id,
                    "product_id": line.product_id.id,
                    "purchase_line_id": line.id,
                }
            )
            for line in self.sudo()
        }

    def _jxc_recheck_holds(self):
        """Hold and free bills of these lines by what was accepted of them now.

        Free are bills that ask for no more than that. On hold go those that were posted
        in time and ask for more since goods were rejected or went back.
        """
        if not self:
            return
        bills = self.env["account.move"].sudo()
        held = bills.search(
            [
                ("jxc_payment_hold", "=", True),
                ("invoice_line_ids.purchase_line_id", "in", self.ids),
            ]
        )
        excess = held._jxc_excess()
        free = held.filtered(lambda bill: bill not in excess)
        free.write({"jxc_payment_hold": False, "jxc_hold_reason": False})
        for bill in held - free:
            text = "\n".join(excess[bill])
            if bill.jxc_hold_reason != text:
                bill.jxc_hold_reason = text
        self.sudo()._jxc_hold_newest()

    def _jxc_hold_newest(self):
        """Put so many unpaid bills on hold that they cover what is billed too much.

        The newest first; those on hold count, and those that somebody released stay
        free.
        """
        bills = self.env["account.move"]
        for line, (billed, allowed) in self._jxc_billed_and_allowed().items():
            unit = line.product_uom_id
            over = billed - allowed
            if line.company_id.jxc_bill_control == "none" or unit.compare(over, 0) <= 0:
                continue
            unpaid = line.invoice_lines.filtered(
                lambda one: (
                    one.parent_state == "posted"
                    and one.move_id.move_type in CONTROLLED_TYPES
                    and one.move_id.payment_state in ("not_paid", "partial")
                )
            )
            newest_first = unpaid.sorted(
                lambda one: (one.move_id.jxc_payment_hold, one.id), reverse=True
            )
            for one in newest_first:
                if unit.compare(over, 0) <= 0:
                    break
                over -= one.product_uom_id._jxc_convert(one.quantity, unit)
                if not one.move_id.jxc_hold_released_by_id:
                    bills |= one.move_id
        bills.filtered(lambda bill: not bill.jxc_payment_hold)._jxc_hold()
