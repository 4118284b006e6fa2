# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import random
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_return_cost import ReturnCostCommon


@tagged("post_install", "-at_install")
class TestReturnCostRandom(ReturnCostCommon):
    """After an undone return, stock is what it is for goods that never came back.

    Two products live through the same history, one of them with returns that are
    undone: their values, lots and what later deliveries cost are the same.
    """

    def _pair(self, method, **values):
        pair = [self._create_valued(method, **values) for _n in range(2)]
        lots = [
            self.env["stock.lot"].create(
                [{"name": f"R{n}", "product_id": product.id} for n in range(2)]
            )
            if values
            else self.env["stock.lot"]
            for product in pair
        ]
        return list(zip(pair, lots, strict=True))

    def _let_time_pass(self, pair):
        """Give what was just done an hour of its own, ahead of what comes next.

        In a test all of it happens within one second, and in history the order of
        moves and of new costs counts.
        """
        self.env.flush_all()
        for product, lots in pair:
            # Both take goods of their first lot first.
            for place, lot in enumerate(lots):
                lot.sudo().quant_ids.in_date = self.start + timedelta(hours=place)
            for model in ("stock.move", "product.value"):
                events = self.env[model].search([("product_id", "=", product.id)])
                for event in events.sorted("id"):
                    if (model, event.id) not in self.stamped:
                        self.hours += 1
                        self.stamped.add((model, event.id))
                        event.date = self.start + timedelta(hours=self.hours)
        self.env.invalidate_all()

    def _buy_both(self, pair, chance):
        quantity, cost = chance.randint(3, 12), chance.randint(10, 90)
        which = chance.randint(0, 1)
        for product, lots in pair:
            lot = lots[which] if lots else None
            self._buy(product, quantity, cost, lot=lot)
        self._let_time_pass(pair)

    def _sell_both(self, pair, chance, low=1):
        free = int(min(product.qty_available for product, _lots in pair))
        if free < low:
            return
        quantity = chance.randint(low, free)
        for product, _lots in pair:
            self._sell(quantity, product=product)
        self._let_time_pass(pair)

    def _assert_worth(self, one, other, quantity, done):
        """Two stocks are worth the same, but for the rounding of an average cost.

        The platform keeps it with the digits of prices, and each of the two returns
        that are undone may set it once.
        """
        self.assertAlmostEqual(
            one.total_value,
            other.total_value,
            delta=0.011 + 2 * 0.005 * quantity,
            msg=done,
        )

    def _assert_alike(self, pair, done):
        self.env.invalidate_all()
        (with_returns, its_lots), (without, other_lots) = pair
        self.assertEqual(with_returns.qty_available, without.qty_available, done)
        for lot, other in zip(its_lots, other_lots, strict=True):
            self.assertEqual(lot.product_qty, other.product_qty, done)
            self._assert_worth(lot, other, other.product_qty, done)
        self._assert_worth(with_returns, without, without.qty_available, done)
        sent, expected = (
            self.env["stock.move"].search(
                [
                    ("product_id", "=", product.id),
                    ("location_dest_id.usage", "=", "customer"),
                    ("origin_returned_move_id", "=", False),
                ],
                order="id",
            )
            for product, _lots in pair
        )
        self.assertEqual(len(sent), len(expected))
        for move, other in zip(sent, expected, strict=True):
            self.assertAlmostEqual(
                move.value, other.value, delta=0.011 + 0.01 * move.quantity, msg=done
            )

    def _live(self, method, seed, **values):
        chance = random.Random(seed)
        self.stamped, self.hours = set(), 0
        self.start = fields.Datetime.now() - timedelta(days=90)
        pair = self._pair(method, **values)
        self._let_time_pass(pair)
        returning = pair[0][0]
        for _n in range(chance.randint(2, 3)):
            self._buy_both(pair, chance)
        self._sell_both(pair, chance, low=2)
        sold = sum(
            self.env["sale.order.line"]
            .search([("product_id", "=", returning.id)])
            .mapped("qty_delivered")
        )
        for _n in range(2):
            back = self._accept(returning, chance.randint(1, int(sold)))
            self._let_time_pass(pair)
            for _m in range(chance.randint(0, 2)):
                self._buy_both(pair, chance)
            self._undo(back)
            self._let_time_pass(pair)
            self._assert_alike(pair, f"{method}, seed {seed}")
        self._sell_both(pair, chance)
        self._assert_alike(pair, f"{method}, seed {seed}, sold after")

    def test_average(self):
        for seed in range(4):
            with self.subTest(seed):
                self._live("average", seed)

    def test_first_in_first_out(self):
        for seed in range(4):
            with self.subTest(seed):
                self._live("fifo", seed)

    def test_lots(self):
        for method in ("average", "fifo"):
            for seed in range(3):
                with self.subTest(method=method, seed=seed):
                    self._live(method, seed, tracking="lot", lot_valuated=True)
