# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    # Copied to what is split off (backorders) and to returns, which count too.
    jxc_allocation_line_id = fields.Many2one(
        comodel_name="jxc.stock.allocation.line",
        string="Allocation Line",
        readonly=True,
        index="btree_not_null",
        help="The line of an allocation between warehouses that this move carries out.",
    )

    def _prepare_merge_moves_distinct_fields(self):
        """Keep moves of different allocation lines apart."""
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "jxc_allocation_line_id",
        ]

    def _action_cancel(self):
        """An allocation of which nothing is going to move any more is cancelled."""
        result = super()._action_cancel()
        self.sudo().jxc_allocation_line_id.allocation_id._settle_cancelled()
        return result

    # -- what will not come ---------------------------------------------------------

    def _action_done(self, cancel_backorder=False):
        """Without a backorder the next transfer of an allocation gets no more."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        if cancel_backorder:
            moves.sudo().filtered("jxc_allocation_line_id")._jxc_drop_rest()
        return moves

    def _jxc_drop_rest(self):
        """Take what these moves do not bring from the moves that wait for it.

        What is still open before them may come, so only the rest is taken; a move
        that has nothing left to wait for is cancelled. Noted on its transfer.
        """
        following = self.move_dest_ids.filtered(
            lambda move: (
                move.jxc_allocation_line_id and not move.origin_returned_move_id
            )
        )

        def brings(move):
            done = move.state == "done"
            lines = move.move_line_ids.mapped("quantity_product_uom")
            return sum(lines) if done else move.product_qty * (move.state != "cancel")

        for line, moves in following.grouped("jxc_allocation_line_id").items():
            waiting = moves.filtered(lambda move: move.state not in ("done", "cancel"))
            coming = sum(moves.move_orig_ids.mapped(brings))
            rest = sum(moves.mapped(brings)) - coming
            for move in waiting.sorted("id", reverse=True):
                dropped = min(rest, move.product_qty)
                if move.product_id.uom_id.compare(dropped, 0) <= 0:
                    continue
                rest -= dropped
                move._jxc_drop(dropped, line)
            waiting._jxc_drop_rest()

    def _jxc_drop(self, quantity, line):
        """Wait for less, in the product's unit."""
        self.ensure_one()
        product, kept = self.product_id, self.product_qty - quantity
        if product.uom_id.compare(kept, 0) > 0:
            self.product_uom_qty = product.uom_id._jxc_convert(kept, self.product_uom)
            self._action_assign()
        else:
            self._action_cancel()
        self.picking_id.message_post(
            body=self.env._(
                "%(quantity)s of %(product)s will not come: the transfer before was"
                " closed without a backorder (%(allocation)s).",
                quantity=product.jxc_format_qty(quantity),
                product=product.display_name,
                allocation=line.allocation_id.name,
            )
        )
