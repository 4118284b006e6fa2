# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools import marks


class StockMove(models.Model):
    """A return that is undone: the goods leave with the cost they came back with."""

    _inherit = "stock.move"

    def _set_value(self, correction_quantity=None):
        if marks.restoring_of(self.env):
            return None  # What the stock is worth changes, not what moves were.
        result = super()._set_value(correction_quantity)
        undoing = marks.undoing_of(self.env)
        for move in self.filtered("origin_returned_move_id") if undoing else ():
            move.sudo().value = move.sudo().origin_returned_move_id.value
        return result

    def _jxc_undone(self, at_date=None):
        """Those of these receipts that a cancelled return sent out again as a whole.

        And what came back from its scrap to be sent out with them.

        :param at_date: only what was undone by then
        """
        unscrapped = self.filtered(
            lambda move: (
                move.origin_returned_move_id
                and move.scrap_id.jxc_sale_return_id
                and not (at_date and move.date > at_date)
            )
        )
        candidates = self.filtered(
            lambda move: (
                move.origin_returned_move_id
                and move.picking_id.jxc_sale_return_id
                and move.location_id._jxc_is_outgoing()
            )
        )
        if not candidates:
            return unscrapped
        domain = Domain("origin_returned_move_id", "in", candidates.ids)
        domain &= Domain("state", "=", "done")
        domain &= Domain("picking_id.jxc_sale_return_id", "!=", False)
        if at_date:
            domain &= Domain("date", "<=", at_date)
        sent = {
            origin: quantity
            for origin, quantity in self.env["stock.move"]._read_group(
                domain, ["origin_returned_move_id"], ["quantity:sum"]
            )
        }
        return unscrapped | candidates.filtered(
            lambda move: (
                move.product_uom.compare(sent.get(move, 0.0), move.quantity) >= 0
            )
        )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _run_fifo_get_stack(self, lot=None, at_date=None, location=None):
        """Leave out receipts by returns that were undone.

        The goods they brought left again. The platform would take out the oldest goods
        instead, and keep those of the return: here the older goods stay, as if nothing
        had come back.
        """
        done = self.env.context.get("fifo_qty_already_processed", 0.0)
        more = 0.0
        while True:
            stack, first_quantity = super(
                ProductProduct,
                self.with_context(fifo_qty_already_processed=done - more),
            )._run_fifo_get_stack(lot=lot, at_date=at_date, location=location)
            moves = self.env["stock.move"].sudo().concat(*stack)
            undone = moves._jxc_undone(at_date)
            found = sum(move._get_valued_qty() for move in undone)
            if self.uom_id.compare(found, more) <= 0:
                return [move for move in stack if move.sudo() not in undone], (
                    first_quantity
                )
            # Whatever they hold, older receipts hold instead.
            more = found
