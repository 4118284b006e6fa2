# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    """What went back to the vendor and will not be billed any more.

    A return that is refunded lowers what the order still costs, so its budget is free;
    one that is exchanged does not, since the goods come again.
    """

    _inherit = "purchase.order.line"

    jxc_qty_gone = fields.Float(
        string="Returned for Good",
        digits="Product Unit",
        compute="_compute_jxc_qty_gone",
        store=True,
        help="Went back to be refunded, and nothing is on its way to replace it.",
    )

    @api.depends(
        "move_ids.location_dest_id",
        "move_ids.product_uom_qty",
        "move_ids.quantity",
        "move_ids.state",
        "move_ids.to_refund",
        "product_qty",
        "product_uom_id",
    )
    def _compute_jxc_qty_gone(self):
        for line in self:
            # sudo: buyers need not see the warehouse
            moves = line.sudo()._get_po_line_moves()
            moves = moves.filtered(lambda move: move.state != "cancel")
            refunded = moves.filtered(lambda move: move._jxc_is_refunded())
            gone = refunded._jxc_in_unit(line.product_uom_id)
            if not gone:
                line.jxc_qty_gone = 0.0
                continue
            coming = moves.filtered(lambda move: not move._is_purchase_return())
            there = coming._jxc_in_unit(line.product_uom_id) - gone
            missing = line.product_qty - there
            line.jxc_qty_gone = line.product_uom_id.round(max(min(gone, missing), 0.0))

    def _jxc_release_returned(self):
        """Bring the budgets of these lines in line with what went back of them.

        Nothing is refused: the goods have moved, and what comes again was ordered.
        """
        lines = self.sudo().filtered(lambda line: line.order_id.state == "purchase")
        if lines:
            self.env["jxc.budget.engine"]._sync(lines, enforce=False)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _jxc_is_refunded(self):
        """Whether this took goods of an order back for good, as the platform counts."""
        self.ensure_one()
        return (
            self.state == "done"
            and self._is_purchase_return()
            and (self.to_refund or not self.origin_returned_move_id)
        )

    def _jxc_in_unit(self, unit):
        """What these moves brought, or are to bring, in a unit; a float."""
        return sum(
            move.product_uom._jxc_convert(
                move.quantity if move.state == "done" else move.product_uom_qty, unit
            )
            for move in self
        )

    def _jxc_lines_with_returns(self):
        """The order lines of these moves of which something went back for good."""
        lines = self.sudo().purchase_line_id
        return lines.filtered(
            lambda line: any(move._jxc_is_refunded() for move in line.move_ids)
        )

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._jxc_lines_with_returns()._jxc_release_returned()
        return moves

    def write(self, vals):
        """Follow on the budgets what goes back to vendors, or comes again."""
        names = {"location_dest_id", "product_uom_qty", "quantity", "state"}
        names |= {"product_uom", "purchase_line_id", "to_refund"}
        if names.isdisjoint(vals):
            return super().write(vals)
        before = self._jxc_lines_with_returns()
        result = super().write(vals)
        (before | self._jxc_lines_with_returns())._jxc_release_returned()
        return result


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._jxc_release_corrected()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not {"move_id", "product_uom_id", "quantity"}.isdisjoint(vals):
            self._jxc_release_corrected()
        return result

    def _jxc_release_corrected(self):
        """Follow corrections of returns that are done."""
        moves = self.move_id.filtered(lambda move: move.state == "done")
        moves._jxc_lines_with_returns()._jxc_release_returned()
