# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.moving_average import MovingAverage

from ..tools.first_in_first_out import FirstInFirstOut


class ProductProduct(models.Model):
    """Where stock is booked at movement, each lot is worth what its own goods cost.

    The platform takes whole receipts for those of one lot, counts what is there of a
    lot today for what was there at a moment of the past, and lets the lots of FIFO
    goods go at their average cost. Here each lot is a pool of goods of its own, valued
    by the cost method of the product, and what was sent back to vendors never came.
    """

    _inherit = "product.product"

    def _run_avco(self, at_date=None, lot=None, method="realtime"):
        if lot and self._jxc_books_lots():
            stock = self._jxc_lot_pools(at_date, lot)[lot]
            return stock.cost, stock.value
        return super()._run_avco(at_date=at_date, lot=lot, method=method)

    def _run_fifo(self, quantity, lot=None, at_date=None, location=None):
        if lot and not location and self._jxc_books_lots():
            return self._jxc_lot_pools(at_date, lot)[lot].worth(quantity)
        return super()._run_fifo(quantity, lot=lot, at_date=at_date, location=location)

    def _get_value_from_lots(self):
        """The platform adds up lots of which something is there today."""
        at_date = self.env.context.get("to_date")
        if (
            not at_date
            or len(self) != 1
            or self.env.context.get("warehouse_id")
            or not self._jxc_books_lots()
        ):
            return super()._get_value_from_lots()
        return sum(pool.value for pool in self._jxc_lot_pools(at_date).values())

    def _jxc_books_lots(self):
        """Whether the current company books the lots of this product at movement."""
        return (
            self.lot_valuated
            and self.is_storable
            and self.env.company.sudo().jxc_books_stock
        )

    def _jxc_lot_pools(self, at_date=None, lots=None):
        """What there is of each lot, and what it is worth.

        :param at_date: moment of the past, now by default
        :param lots: all that moved by default
        :return: {stock.lot: MovingAverage or FirstInFirstOut}
        """
        self.ensure_one()
        moves = self._jxc_lot_moves(at_date, lots)
        of_lots = defaultdict(moves.browse)
        for move in moves:
            for lot in move.move_line_ids.lot_id:
                of_lots[lot] |= move
        method = self.cost_method
        average = method == "average"
        wanted = lots or self.env["stock.lot"].union(*of_lots)
        prices = self._jxc_prices(at_date, wanted) if average else ()
        pools = {}
        for lot in wanted:
            own = of_lots[lot]
            back, absorbed = self._jxc_sent_back_of(
                own.filtered(lambda move: move.is_out and move.purchase_line_id),
                at_date,
                lot,
            )
            events = self._jxc_move_steps(own - absorbed, back, at_date, lot)
            if average:
                of_lot = prices.filtered(
                    lambda price, lot=lot: not price.lot_id or price.lot_id == lot
                )
                events += self._jxc_price_steps(of_lot)
            pool = FirstInFirstOut() if method == "fifo" else MovingAverage()
            for step in self._jxc_in_order(events):
                step(pool)
            if method == "standard":
                pool.reprice(lot.with_company(self.env.company).standard_price)
            pools[lot] = pool
        return pools

    def _jxc_lot_moves(self, at_date, lots):
        domain = self._jxc_moves_domain(at_date)
        domain &= Domain("is_in", "=", True) | Domain("is_out", "=", True)
        if lots:
            domain &= Domain("move_line_ids.lot_id", "in", lots.ids)
        moves = self.env["stock.move"].sudo()
        return moves.search_fetch(
            domain,
            ["date", "is_in", "is_out", "purchase_line_id", "value"],
            order="date, id",
        )
