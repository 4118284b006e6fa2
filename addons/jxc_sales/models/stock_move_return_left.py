# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class StockMove(models.Model):
    """Where a return is about a delivery, no more of it comes back than it brought.

    Also by the platform's own returns: a document that waits for the goods would take
    them in, and credit them, once more.
    """

    _inherit = "stock.move"

    def _jxc_lock_returned(self):
        """Let two who take goods of these deliveries back collide: one is repeated.

        It then sees what the other one takes back.
        """
        self.flush_model(["write_date"])
        self.env.cr.execute(
            SQL(
                "UPDATE stock_move SET write_date = write_date WHERE id = ANY(%s)",
                sorted(self.ids),
            )
        )

    def _jxc_check_left_to_return(self):
        """Refuse what no customer has any more; with superuser rights.

        Called with moves that are about to be done.

        :raise UserError: naming what was delivered, what came back of it, what of it is
            on its way by a return, and what comes in now
        """
        coming = self.filtered(
            lambda move: (
                move.origin_returned_move_id.state == "done"
                and move.state not in ("done", "cancel")
                and move._jxc_comes_back()
            )
        )
        if not coming:
            return
        coming.origin_returned_move_id._jxc_lock_returned()
        for delivered, moves in coming.grouped("origin_returned_move_id").items():
            delivered._jxc_check_left_of_delivery(moves)

    def _jxc_check_left_of_delivery(self, coming):
        """The same for one delivery.

        :param coming: the moves that bring goods of it back now
        """
        others = self.returned_move_ids - coming
        done = others._jxc_done()
        waiting = (others - done).filtered(
            lambda move: move.state != "cancel" and move.picking_id.jxc_sale_return_id
        )
        backs = coming.picking_id.jxc_sale_return_id
        # What came back and was sent out again can come back of either transfer.
        again = done.returned_move_ids._jxc_done()
        got, came, asked, sent, sent_back = (
            sum(move._jxc_base_quantity() for move in moves)
            for moves in (
                self,
                done,
                coming,
                again,
                again.returned_move_ids._jxc_done(),
            )
        )
        came += sent_back - sent
        # Of several returns, those that come first are taken in.
        promised = 0.0 if backs else sum(waiting.mapped("product_qty"))
        left = max(0.0, got - came - promised)
        if self.product_id.uom_id.compare(asked, left) <= 0:
            return
        show = self.product_id.jxc_format_qty
        lines = [
            self.env._(
                "%(product)s: %(asked)s come in, but %(delivery)s delivered %(got)s and"
                " %(came)s of it came back already.",
                product=self.product_id.display_name,
                asked=show(asked),
                delivery=self.picking_id.name or self.reference or "",
                got=show(got),
                came=show(came),
            )
        ]
        if backs:
            lines.append(
                self.env._(
                    "%(returns)s: take in no more than %(left)s, or cancel it.",
                    returns=", ".join(backs.mapped("name")),
                    left=show(left),
                )
            )
        elif waiting:
            lines.append(
                self.env._(
                    "%(returns)s expects %(promised)s of it: take the goods in by that,"
                    " or cancel it first.",
                    returns=", ".join(
                        waiting.picking_id.jxc_sale_return_id.mapped("name")
                    ),
                    promised=show(promised),
                )
            )
        else:
            lines.append(
                self.env._(
                    "%(transfers)s: take in no more than %(left)s.",
                    transfers=", ".join(coming.picking_id.mapped("name")),
                    left=show(left),
                )
            )
        raise UserError("\n".join(lines))
