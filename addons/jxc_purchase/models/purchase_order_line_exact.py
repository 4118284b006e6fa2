# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    """What came of a line, as it was counted.

    Two bottles of a line in boxes of 24 are 0.08 boxes, which are 1.92 bottles again.
    Who goes on with what was received takes it in the product's unit.
    """

    _inherit = "purchase.order.line"

    jxc_qty_received_base = fields.Float(
        string="Received in the Product's Unit",
        digits="Product Unit",
        compute="_compute_jxc_qty_received_base",
        store=True,
        help="The received quantity before it is rounded to the unit of the line.",
    )

    @api.depends(
        "move_ids.jxc_inspection_line_ids.qty_received_base",
        "move_ids.jxc_inspection_line_ids.qty_rejected_base",
        "move_ids.jxc_inspection_line_ids.state",
        "move_ids.location_dest_id",
        "move_ids.product_uom",
        "move_ids.quantity",
        "move_ids.state",
        "move_ids.to_refund",
        "product_id",
        "product_uom_id",
        "qty_received",
    )
    def _compute_jxc_qty_received_base(self):
        for line in self:
            base = line.product_id.uom_id
            if not (base and line.product_uom_id._has_common_reference(base)):
                line.jxc_qty_received_base = line.qty_received
                continue
            rounded = line.product_uom_id._jxc_convert(line.qty_received, base)
            counted = line._jxc_counted_base()
            near = counted is not None and line._jxc_is_rounding(counted - rounded)
            line.jxc_qty_received_base = base.round(counted if near else rounded)

    def _jxc_counted_base(self):
        """Return what the movements brought and inspections let in; None without."""
        self.ensure_one()
        # sudo: buyers need not see the warehouse
        moves = self.sudo()._get_po_line_moves()
        moves = moves.filtered(lambda move: move.state == "done")
        if self.qty_received_method != "stock_moves" or not moves:
            return None
        arrived = sum(move._jxc_received_sign() * move._jxc_in_base() for move in moves)
        inspecting, rejected, returned = self._jxc_inspected_base()
        return arrived - inspecting - rejected + returned

    def _jxc_is_rounding(self, difference):
        """Whether rounding explains a difference, in the product's unit.

        If not, the platform counts otherwise, as it does for kits.
        """
        parts = 4 + len(self.sudo().move_ids)
        unit, base = self.product_uom_id, self.product_id.uom_id
        step = max(unit._jxc_convert(unit.rounding, base), base.rounding)
        return abs(difference) < parts * step

    def _jxc_is_complete(self):
        """Whether all that is ordered was received, counted in the product's unit."""
        self.ensure_one()
        base = self.product_id.uom_id
        if not (base and self.product_uom_id._has_common_reference(base)):
            return self.product_uom_id.compare(self.qty_received, self.product_qty) >= 0
        ordered = self.product_uom_id._jxc_convert(self.product_qty, base)
        return base.compare(self.jxc_qty_received_base, base.round(ordered)) >= 0


class StockMove(models.Model):
    _inherit = "stock.move"

    def _jxc_in_base(self):
        """What this movement moved, in the product's unit."""
        self.ensure_one()
        if self.move_line_ids:
            return sum(self.move_line_ids.mapped("quantity_product_uom"))
        return self.product_uom._jxc_convert(self.quantity, self.product_id.uom_id)

    def _jxc_received_sign(self):
        """How this counts for what was received of its order: 1, -1 or not at all.

        What went back is taken off if it is refunded; what replaces goods that were
        not refunded was received before.
        """
        self.ensure_one()
        first = self.origin_returned_move_id
        if self._is_purchase_return():
            return -1 if self.to_refund or not first else 0
        if first and first._is_purchase_return():
            return 1 if self.to_refund else 0
        if first and first._is_dropshipped() and not self._is_dropshipped_returned():
            return 0
        return 1
