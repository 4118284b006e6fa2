# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools import token

COST_ONLY = token.CostOnly()


class PurchaseOrderLine(models.Model):
    """Goods bought with an auxiliary quantity, priced by either unit."""

    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "jxc.aux.price.mixin"]

    jxc_aux_received = fields.Float(
        string="Auxiliary Received",
        digits="Product Unit",
        compute="_compute_jxc_aux_received",
        help="Received in the auxiliary unit, returns taken off. Of goods that are"
        " inspected only what was accepted.",
    )
    jxc_aux_invoiced = fields.Float(
        string="Auxiliary Billed",
        digits="Product Unit",
        compute="_compute_jxc_aux_invoiced",
        help="Billed in the auxiliary unit, refunds taken off.",
    )

    @api.depends(
        "jxc_aux_qty",
        "move_ids.jxc_aux_done",
        "move_ids.jxc_inspection_line_ids.aux_received",
        "move_ids.jxc_inspection_line_ids.aux_rejected",
        "move_ids.jxc_inspection_line_ids.state",
        "move_ids.state",
        "qty_received",
    )
    def _compute_jxc_aux_received(self):
        for line in self:
            if not line.jxc_aux_uom_id:
                line.jxc_aux_received = 0.0
            elif line.qty_received_method == "stock_moves":
                kept = line._jxc_aux_not_accepted()
                line.jxc_aux_received = line._jxc_aux_of_receipts() - kept
            else:
                line.jxc_aux_received = line._jxc_aux_of_part(
                    line.qty_received, line.product_qty, line.jxc_aux_qty
                )

    def _jxc_aux_of_receipts(self):
        """Done receipts less returns, as the platform counts them."""
        return sum(
            move._jxc_received_sign() * move.jxc_aux_done
            for move in self._get_po_line_moves()
            if move.state == "done"
        )

    def _jxc_aux_not_accepted(self):
        """What inspections keep from being received, as of the quantity itself."""
        # sudo: buyers need not see the warehouse
        moves = self.sudo()._get_po_line_moves()
        inspected = moves.jxc_inspection_line_ids
        waiting = inspected.filtered(lambda line: line.state == "draft")
        done = inspected.filtered(lambda line: line.state == "done")
        rejected = sum(done.mapped("aux_rejected"))
        returned = sum(
            move._jxc_aux_rejects_returned()
            for move in moves
            if move.state == "done" and move.to_refund
        )
        return sum(waiting.mapped("aux_received")) + max(rejected - returned, 0.0)

    @api.depends("invoice_lines.jxc_aux_qty", "invoice_lines.move_id.state")
    def _compute_jxc_aux_invoiced(self):
        for line in self:
            line.jxc_aux_invoiced = sum(
                billed.move_id.direction_sign * billed.jxc_aux_qty
                for billed in line._get_invoice_lines()
                if billed.move_id.state != "cancel"
            )

    # -- records ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._jxc_with_base_qty(vals) for vals in vals_list])

    # -- prices -------------------------------------------------------------------

    @api.depends("jxc_aux_qty", "jxc_is_priced_by_aux")
    def _compute_amount(self):
        return super()._compute_amount()

    def _prepare_base_line_for_taxes_computation(self):
        base_line = super()._prepare_base_line_for_taxes_computation()
        if self.jxc_is_priced_by_aux:
            base_line["quantity"] = self.jxc_aux_qty
        return base_line

    def _prepare_account_move_line(self, move=False):
        values = super()._prepare_account_move_line(move)
        if self.jxc_aux_uom_id:
            quantity = values["quantity"]
            sign = -1 if move and move.move_type == "in_refund" else 1
            values["jxc_aux_qty"] = sign * self._jxc_aux_to_bill(sign * quantity)
        return values

    def _jxc_aux_to_bill(self, quantity):
        """The auxiliary quantity that goes with a quantity to bill."""
        if self.product_id.purchase_method == "purchase":
            total, aux = self.product_qty, self.jxc_aux_qty
        else:
            total, aux = self.qty_received, self.jxc_aux_received
        return self._jxc_aux_of_part(
            quantity, total - self.qty_invoiced, aux - self.jxc_aux_invoiced
        )

    @api.depends("jxc_aux_qty", "jxc_is_priced_by_aux")
    def _compute_amount_to_invoice_at_date(self):
        res = super()._compute_amount_to_invoice_at_date()
        for line in self.filtered("jxc_is_priced_by_aux"):
            line.amount_to_invoice_at_date *= line._jxc_aux_share()
        return res

    # -- cost: what one base unit costs -----------------------------------------------

    def _get_gross_price_unit(self):
        price = super()._get_gross_price_unit()
        return price * self._jxc_aux_share() if self.jxc_is_priced_by_aux else price

    def _get_stock_move_price_unit(self):
        asking = self.with_context(**{token.COST_ONLY: COST_ONLY})
        price = super(PurchaseOrderLine, asking)._get_stock_move_price_unit()
        return price * self._jxc_aux_share() if self.jxc_is_priced_by_aux else price
