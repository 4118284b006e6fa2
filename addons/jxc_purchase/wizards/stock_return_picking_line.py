# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    def _process_line(self, new_picking):
        """Return what was accepted of inspected goods: that is stock now.

        :raise UserError: the goods are still being inspected
        """
        receipt = self.move_id
        lines = receipt.sudo().jxc_inspection_line_ids
        waiting = lines.filtered(lambda line: line.state == "draft")
        if waiting and not self.uom_id.is_zero(self.quantity):
            raise UserError(
                self.env._(
                    "%(product)s is being inspected by %(inspection)s: reject the goods"
                    " there to return them.",
                    product=self.product_id.display_name,
                    inspection=", ".join(waiting.inspection_id.mapped("name")),
                )
            )
        result = super()._process_line(new_picking)
        if result and lines:
            place = lines.inspection_id.warehouse_id.jxc_defective_location_id
            taken = lines.release_ids.filtered(
                lambda move: move.state == "done" and move.location_dest_id not in place
            )
            moves = new_picking.move_ids.filtered(
                lambda move: move.origin_returned_move_id == receipt
            )
            moves.move_orig_ids = [Command.link(move.id) for move in taken]
        return result
