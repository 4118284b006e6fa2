# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from odoo import models
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.moving_average import MovingAverage


def _receive(stock, quantity, value):
    stock.receive(quantity, value)


def _issue(stock, quantity):
    stock.issue(quantity)


def _reprice(stock, cost):
    stock.reprice(cost)


class ProductProduct(models.Model):
    """Goods sent back to vendors take out what they came in for (红字入库).

    The platform issues them at average cost, or as the oldest ones: what stays would
    be worth something else than it cost, and the difference cost of goods that nobody
    sold. Here what was sent back never came, from the day it came. Goods that vendors
    sent straight to customers do not touch the average either: they were never there.

    Of goods valued by lot, each lot is told by itself: see the file about lots.
    """

    _inherit = "product.product"

    def _run_avco(self, at_date=None, lot=None, method="realtime"):
        if not lot and self._jxc_has_unusual_moves(at_date):
            stock = MovingAverage()
            for step in self._jxc_steps(at_date):
                step(stock)
            return stock.cost, stock.value
        return super()._run_avco(at_date=at_date, lot=lot, method=method)

    def _run_fifo(self, quantity, lot=None, at_date=None, location=None):
        back = {}
        if quantity > 0 and not lot and not location:
            back, _returns = self._jxc_sent_back(at_date)
        if not back:
            return super()._run_fifo(
                quantity, lot=lot, at_date=at_date, location=location
            )
        layers = self._jxc_layers(back, at_date)
        cost = price = 0.0
        for move, held in layers:
            whole = move._get_valued_qty()
            value = move._get_value(at_date=at_date) if at_date else move.value
            price = value / whole
            taken = min(held, quantity)
            cost += taken * price
            quantity -= taken
        # More than there is counts at the last known price.
        return cost + quantity * (price or self.standard_price)

    def _jxc_moves_domain(self, at_date, since=None):
        self.ensure_one()
        domain = Domain("product_id", "=", self.id)
        domain &= Domain("company_id", "=", self.env.company.id)
        domain &= Domain("state", "=", "done")
        if since:
            domain &= Domain("date", ">", since)
        return domain & Domain("date", "<=", at_date) if at_date else domain

    def _jxc_has_unusual_moves(self, at_date):
        """Whether goods were sent back to vendors, or by them straight to customers."""
        company = self.env.company.sudo()
        if not company.jxc_books_stock or not self.is_storable:
            return False
        unusual = Domain("is_out", "=", True) & Domain("purchase_line_id", "!=", False)
        unusual |= Domain("is_dropship", "=", True)
        moves = self.env["stock.move"].sudo()
        return bool(moves.search(self._jxc_moves_domain(at_date) & unusual, limit=1))

    def _jxc_sent_back(self, at_date, since=None):
        """({receipt: quantity sent back of it}, the returns that are in it)"""
        moves = self.env["stock.move"].sudo()
        if not self.env.company.sudo().jxc_books_stock:
            return {}, moves
        returns = moves.search(
            self._jxc_moves_domain(at_date, since)
            & Domain("is_out", "=", True)
            & Domain("purchase_line_id", "!=", False)
        )
        return self._jxc_sent_back_of(returns, at_date)

    def _jxc_sent_back_of(self, returns, at_date, lot=None):
        """As :meth:`_jxc_sent_back`, of some returns, or only of one lot of them."""
        back, absorbed = {}, returns.browse()
        for line, own in returns.grouped("purchase_line_id").items():
            receipts, returned = line._jxc_net_receipts(at_date, lot)
            found = {move: gone for move, (_came, gone) in receipts.items() if gone}
            # More than came in has no receipt to be taken from: an issue like others.
            if self.uom_id.compare(sum(found.values()), returned) == 0:
                back |= found
                absorbed |= own
        return back, absorbed

    def _jxc_steps(self, at_date, since=None):
        """What the average is made of: receipts less returns, issues, costs by hand.

        :param since: only what came after this moment; what came before must not have
            been sent back since
        :return: functions of a :class:`MovingAverage`, in their order
        """
        back, absorbed = self._jxc_sent_back(at_date, since)
        moves = self.env["stock.move"].sudo()
        moves = moves.search_fetch(
            self._jxc_moves_domain(at_date, since)
            & (Domain("is_in", "=", True) | Domain("is_out", "=", True)),
            ["date", "is_in", "is_out", "value"],
            order="date, id",
        )
        events = self._jxc_move_steps(moves - absorbed, back, at_date)
        prices = self._jxc_prices(at_date)
        if since:
            prices = prices.filtered(lambda price: price.date > since)
        events += self._jxc_price_steps(prices)
        return self._jxc_in_order(events)

    def _jxc_move_steps(self, moves, back, at_date, lot=None):
        """[(moment, rank, function of a pool of goods)] of receipts and issues.

        :param back: {receipt: quantity sent back of it}
        :param lot: only what they have of this lot
        """
        events = []
        for move in moves:
            quantity = move._get_valued_qty(lot)
            if not quantity:
                continue
            if move.is_out:
                step = partial(_issue, quantity=quantity)
                events.append((move.date, 1, step))
                continue
            value = move._get_value(at_date=at_date) if at_date else move.value
            left = quantity - back.get(move, 0.0)
            value *= left / (move._get_valued_qty() if lot else quantity)
            step = partial(_receive, quantity=left, value=value)
            events.append((move.date, 1, step))
        return events

    def _jxc_prices(self, at_date, lots=None):
        """Costs that were set by hand, of the product or also of its lots."""
        domain = Domain("product_id", "=", self.id) & Domain("move_id", "=", False)
        domain &= Domain("lot_id", "in", [False, *(lots.ids if lots else ())])
        domain &= Domain("company_id", "in", [False, self.env.company.id])
        if at_date:
            domain &= Domain("date", "<=", at_date)
        return self.env["product.value"].sudo().search(domain, order="date, id")

    def _jxc_price_steps(self, prices):
        return [
            (price.date, 0, partial(_reprice, cost=price.value)) for price in prices
        ]

    def _jxc_in_order(self, events):
        """At the same moment, a new cost comes before moves."""
        return [step for _date, _rank, step in sorted(events, key=lambda e: e[:2])]

    def _jxc_layers(self, back, at_date):
        """[(receipt, quantity of it that is there)], oldest first.

        What was sent back makes room for as many older goods, which the platform takes
        for gone.
        """
        done = self.env.context.get("fifo_qty_already_processed", 0.0)
        size = self._with_valuation_context().with_context(to_date=at_date)
        size = size.qty_available - done
        more = 0.0
        while True:
            stack, _first = self.with_context(
                fifo_qty_already_processed=done - more
            )._run_fifo_get_stack(at_date=at_date)
            gone = sum(back.get(move.sudo(), 0.0) for move in stack)
            if self.uom_id.compare(gone, more) <= 0:
                break
            more = gone
        layers = []
        for move in reversed(stack):
            held = min(move._get_valued_qty() - back.get(move.sudo(), 0.0), size)
            size -= held
            if held > 0:
                layers.insert(0, (move, held))
        return layers
