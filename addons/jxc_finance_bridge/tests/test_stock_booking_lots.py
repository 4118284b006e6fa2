# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo import Command
from odoo.tests import tagged

from ..tools import first_in_first_out
from .booking_common import BookingCommon

COST_METHODS = ("average", "fifo")


@tagged("post_install", "-at_install")
class TestStockBookingLots(BookingCommon):
    """Goods valued by lot: each lot is worth what it cost, whatever moves when."""

    def _each(self, play, stock, cost=0.0, lots=None):
        """Play three months by each way to accrue and each cost method.

        :param stock: what stays in stock in the end; or one amount for each method
        :param cost: what became cost of goods sold; or one amount for each method
        :param lots: {name of a lot: what it is worth in the end}
        """

        def check(cost_method, _snapshot):
            wanted = [
                value.get(cost_method) if isinstance(value, dict) else value
                for value in (stock, cost)
            ]
            found = [self._balance(self.stock), self._balance(self.cost)]
            self.assertEqual(found, wanted)
            goods = self.goods.with_company(self.company)
            self.assertAlmostEqual(goods.total_value, wanted[0], 2)
            for name, value in (lots or {}).items():
                lot = self._lot(name).with_company(self.company)
                self.assertAlmostEqual(lot.total_value, value, 2, name)

        self._play_each(play, dict.fromkeys(COST_METHODS, self._wine), check)

    # What happens -----------------------------------------------------------------

    def _wine(self, cost_method):
        category = self.env["product.category"].create(
            {"name": cost_method, "property_cost_method": cost_method}
        )
        return self._goods(
            "Wine", categ_id=category.id, tracking="lot", lot_valuated=True
        )

    def _lot(self, name):
        return self.env["stock.lot"].search(
            [("product_id", "=", self.goods.id), ("name", "=", name)]
        )

    def _set_lots(self, moves, lots):
        """:param lots: {name: quantity}"""
        moves.move_line_ids.unlink()
        values = []
        for name, quantity in lots.items():
            lot = self._lot(name)
            named = {"lot_id": lot.id} if lot else {"lot_name": name}
            values.append(
                {
                    **named,
                    "product_id": self.goods.id,
                    "quantity": quantity,
                    "location_id": moves.location_id.id,
                    "location_dest_id": moves.location_dest_id.id,
                    "picking_id": moves.picking_id.id,
                }
            )
        moves.move_line_ids = [Command.create(one) for one in values]
        moves.picked = True
        wizard = moves.picking_id.button_validate()
        if isinstance(wizard, dict):
            self.env[wizard["res_model"]].with_context(**wizard["context"]).create(
                {}
            ).process()

    def _receive(self, day, price, line=None, **lots):
        line = line or self._buy(day, sum(lots.values()), price, self.goods)
        with self._on(day):
            moves = line.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            self._set_lots(moves, lots)
        return line

    def _deliver(self, day, **lots):
        line = self._sell(day, sum(lots.values()), product=self.goods)
        with self._on(day):
            self._set_lots(line.move_ids, lots)
        return line

    def _send_back(self, day, line, **lots):
        """Return lots of the first transfer of an order line."""
        move = line.move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )[:1]
        with self._on(day):
            wizard = self.env["stock.return.picking"].create(
                {"picking_id": move.picking_id.id}
            )
            wizard.product_return_moves.quantity = sum(lots.values())
            back = wizard._create_return().move_ids
            self._set_lots(back, lots)
        return back

    # Vendors ----------------------------------------------------------------------

    def test_billed_at_another_price(self):
        def play():
            line = self._receive("2026-01-10", 10, A=6, B=4)
            yield
            self._invoice("2026-02-10", line, 10, 12.34)
            yield
            yield

        self._each(play, stock=123.4, lots={"A": 74.04, "B": 49.36})

    def test_billed_in_parts(self):
        def play():
            line = self._receive("2026-01-10", 10, A=6, B=4)
            self._invoice("2026-01-20", line, 3, 11)
            yield
            self._invoice("2026-02-11", line, 7, 9)
            yield
            yield

        self._each(play, stock=96, lots={"A": 57.6, "B": 38.4})

    def test_lot_sent_back_and_refunded(self):
        def play():
            line = self._receive("2026-01-10", 10, A=6, B=4)
            self._invoice("2026-01-11", line, 10, 12)
            self._send_back("2026-01-20", line, B=4)
            yield
            self._invoice("2026-02-05", line, 4, 10, refund=True)
            yield
            yield

        self._each(play, stock=72, cost=8, lots={"A": 72, "B": 0})

    def test_part_of_a_lot_sent_back_before_the_bill(self):
        def play():
            line = self._receive("2026-01-10", 10, A=6, B=4)
            self._send_back("2026-01-20", line, A=4)
            yield
            self._invoice("2026-02-05", line, 6, 12)
            yield
            yield

        self._each(play, stock=72, lots={"A": 24, "B": 48})

    def test_one_lot_of_two_receipts_sent_back(self):
        """Of a lot that came at two prices, those stay that were not sent back."""

        def play():
            first = self._receive("2026-01-05", 8, A=10)
            self._invoice("2026-01-06", first, 10, 8)
            line = self._receive("2026-01-10", 10, A=10)
            self._invoice("2026-01-11", line, 10, 12)
            yield
            self._send_back("2026-02-03", line, A=10)
            self._invoice("2026-02-05", line, 10, 12, refund=True)
            yield
            yield

        self._each(play, stock=80, lots={"A": 80})

    def test_some_of_a_lot_of_two_receipts_sent_back(self):
        def play():
            first = self._receive("2026-01-05", 8, A=10)
            self._invoice("2026-01-06", first, 10, 8)
            line = self._receive("2026-01-10", 10, A=7, B=3)
            self._invoice("2026-01-11", line, 10, 12)
            yield
            self._send_back("2026-02-03", line, A=4)
            self._invoice("2026-02-05", line, 4, 10, refund=True)
            yield
            yield

        self._each(play, stock=80 + 72, cost=8, lots={"A": 80 + 36, "B": 36})

    # Customers --------------------------------------------------------------------

    def test_sold_before_the_bill(self):
        """The price difference of what was sold is cost."""

        def play():
            line = self._receive("2026-01-10", 10, A=6, B=4)
            sale = self._deliver("2026-01-15", A=3, B=1)
            self._invoice("2026-01-15", sale, 4, 100)
            yield
            self._invoice("2026-02-10", line, 10, 12)
            yield
            yield

        self._each(play, stock=72, cost=48, lots={"A": 36, "B": 36})

    def test_dearer_lot_sold(self):
        def play():
            for day, price, lots in (
                ("2026-01-05", 8, {"A": 10}),
                ("2026-01-06", 12, {"B": 10}),
            ):
                line = self._receive(day, price, **lots)
                self._invoice(day, line, 10, price)
            yield
            sale = self._deliver("2026-02-15", B=4)
            self._invoice("2026-02-15", sale, 4, 100)
            yield
            yield

        self._each(play, stock=80 + 72, cost=48, lots={"A": 80, "B": 72})

    def test_lot_of_two_prices_sold(self):
        """Within a lot, the cost method counts."""

        def play():
            for day, price in (("2026-01-05", 8), ("2026-01-06", 12)):
                line = self._receive(day, price, A=10)
                self._invoice(day, line, 10, price)
            yield
            sale = self._deliver("2026-02-15", A=5)
            self._invoice("2026-02-15", sale, 5, 100)
            self.assertEqual(
                self._balance(self.cost),
                50 if self.goods.cost_method == "average" else 40,
            )
            yield
            sale = self._deliver("2026-03-15", A=10)
            self._invoice("2026-03-15", sale, 10, 100)
            yield

        self._each(
            play,
            stock={"average": 50, "fifo": 60},
            cost={"average": 150, "fifo": 140},
        )

    def test_lots_that_came_together_sold(self):
        """A receipt of several lots does not hide what others came at."""

        def play():
            for day, price, lots in (
                ("2026-01-05", 8, {"A": 10}),
                ("2026-01-06", 12, {"A": 2, "B": 8}),
            ):
                line = self._receive(day, price, **lots)
                self._invoice(day, line, 10, price)
            sale = self._deliver("2026-01-15", A=6)
            self._invoice("2026-01-15", sale, 6, 100)
            yield
            yield
            yield

        self._each(
            play,
            stock={"average": 52 + 96, "fifo": 32 + 24 + 96},
            cost={"average": 52, "fifo": 48},
        )

    def test_customer_sends_back(self):
        def play():
            for day, price, lots in (
                ("2026-01-05", 8, {"A": 10}),
                ("2026-01-06", 12, {"B": 10}),
            ):
                line = self._receive(day, price, **lots)
                self._invoice(day, line, 10, price)
            sale = self._deliver("2026-01-15", B=4)
            self._invoice("2026-01-15", sale, 4, 100)
            yield
            self._send_back("2026-02-10", sale, B=3)
            yield
            self._invoice("2026-03-05", sale, 3, 100, refund=True)
            yield

        self._each(play, stock=80 + 108, cost=12, lots={"A": 80, "B": 108})

    def test_customer_sends_back_of_a_lot_of_two_prices(self):
        """It comes back at what it left with, not at the mean of its lot."""

        def play():
            for day, price in (("2026-01-05", 8), ("2026-01-06", 12)):
                line = self._receive(day, price, A=10)
                self._invoice(day, line, 10, price)
            sale = self._deliver("2026-01-15", A=10)
            self._invoice("2026-01-15", sale, 10, 100)
            yield
            self._send_back("2026-02-10", sale, A=5)
            yield
            self._invoice("2026-03-05", sale, 5, 100, refund=True)
            yield

        self._each(
            play,
            stock={"average": 150, "fifo": 160},
            cost={"average": 50, "fifo": 40},
        )

    # Counts -----------------------------------------------------------------------

    def test_counted(self):
        self._count_account()

        def play():
            for day, price, lots in (
                ("2026-01-05", 8, {"A": 10}),
                ("2026-01-06", 12, {"B": 10}),
            ):
                line = self._receive(day, price, **lots)
                self._invoice(day, line, 10, price)
            yield
            self._count("2026-02-10", 9, self.goods, self._lot("B"))
            self._count("2026-02-11", 12, self.goods, self._lot("A"))
            self.assertEqual(self._balance(self._account("190100")), 12 - 16)
            yield
            yield

        self._each(play, stock=96 + 108, lots={"A": 96, "B": 108})

    # Dates ------------------------------------------------------------------------

    def test_month_end_taken_late(self):
        """What a lot was worth does not depend on what is left of it now."""
        for cost_method in COST_METHODS:
            self.goods = self._wine(cost_method)
            with self.subTest(cost_method=cost_method):
                for day, price in (("2026-01-05", 8), ("2026-01-06", 12)):
                    line = self._receive(day, price, A=10)
                    self._invoice(day, line, 10, price)
                self._deliver("2026-02-15", A=16)
                moment = self.company._jxc_stock_day_end(
                    line.move_ids.date.date().replace(day=31)
                )
                values = self.goods._jxc_values_at(self.company, moment)
                self.assertEqual(values[self.goods], (20, 200))

    def test_first_in_first_out(self):
        self.assertEqual(doctest.testmod(first_in_first_out).failed, 0)
