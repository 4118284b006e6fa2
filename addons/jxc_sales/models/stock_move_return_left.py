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
        # All at once, not product by product.
        coming.mapped("product_id.uom_id")
        firsts = coming.origin_returned_move_id._jxc_firsts_of_returns()
        roots = self.browse().union(*firsts.values())
        roots._jxc_lock_returned()
        families = roots._jxc_families_of_returns()
        for first, moves in coming.grouped(
            lambda move: firsts[move.origin_returned_move_id]
        ).items():
            held, others = first._jxc_held_of_returns(families[first] - moves)
            for delivered, back in moves.grouped("origin_returned_move_id").items():
                delivered._jxc_check_left_of_delivery(back, held, others)
                held -= sum(move._jxc_base_quantity() for move in back)

    def _jxc_firsts_of_returns(self):
        """Return {move: the delivery that goods, however often sent again, are of}.

        Goods that came first, to be repaired, are no part of what was delivered.
        """
        firsts = {}
        for delivered in self:
            first = move = delivered
            while move := move.origin_returned_move_id:
                if move._jxc_reaches_customer():
                    first = move
            firsts[delivered] = first
        return firsts

    def _jxc_families_of_returns(self):
        """Return {move: itself, what came back of it, was sent again, and so on}."""
        firsts = {move: move for move in self}
        latest = self
        while latest := latest.returned_move_ids:
            firsts |= {move: firsts[move.origin_returned_move_id] for move in latest}
        return self.browse(move.id for move in firsts).grouped(firsts.get)

    def _jxc_held_of_returns(self, family):
        """Return what the customer has of a first delivery, and what brings it back.

        What came back and was sent out again can come back of either transfer, but
        once: all of them are added up.

        :param family: the moves of it that are no question now
        :return: quantity in the product's unit; moves that bring goods back
        """
        others = family.filtered(lambda move: move._jxc_comes_back())
        sent = (family - others).filtered(
            lambda move: move == self or move._jxc_reaches_customer()
        )
        sent, back = (
            sum(move._jxc_base_quantity() for move in moves._jxc_done())
            for moves in (sent, others)
        )
        return sent - back, others

    def _jxc_check_left_of_delivery(self, coming, held, others):
        """The same for one delivery.

        :param coming: the moves that bring goods of it back now
        :param held: what the customer has of it and of all that was sent out again
        :param others: the other moves that bring any of these back
        """
        done = self.returned_move_ids._jxc_done() - coming
        again = done.returned_move_ids._jxc_done().filtered(
            lambda move: move._jxc_reaches_customer()
        )
        waiting = others.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.picking_id.jxc_sale_return_id
            )
        )
        backs = coming.picking_id.jxc_sale_return_id
        got, came, asked, sent = (
            sum(move._jxc_base_quantity() for move in moves)
            for moves in (self, done, coming, again)
        )
        # Of several returns, those that come first are taken in.
        promised, promised_here = (
            0.0 if backs else sum(moves.mapped("product_qty"))
            for moves in (waiting, waiting & self.returned_move_ids)
        )
        here = min(got - came + sent, held)
        left = max(0.0, min(got - came + sent - promised_here, held - promised))
        if self.product_id.uom_id.compare(asked, left) <= 0:
            return
        came = max(0.0, got - here)
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
