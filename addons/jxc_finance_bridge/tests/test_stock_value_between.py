# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime, timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.stock_account.models.product import ProductProduct as Platform

from ..models import product_product_pools
from . import test_stock_booking_random as histories
from .booking_common import METHODS, BookingCommon

EVENTS = st.lists(
    st.tuples(
        st.sampled_from((*histories.KINDS, "revalue", "nothing", "receive", "deliver")),
        st.integers(1, 9),
        st.integers(0, 4),
        st.integers(0, 14),
        st.integers(0, 1),
    ),
    min_size=8,
    max_size=16,
)


class Followed:
    """Counts how often an average goes on from a month-end."""

    def __init__(self, test):
        self.times = 0
        find = product_product_pools.ProductProduct._jxc_find_pools

        def count(goods, at_date):
            pools = find(goods, at_date)
            self.times += len(pools.lines)
            return pools

        test.startPatcher(
            patch.object(type(test.env["product.product"]), "_jxc_find_pools", count)
        )


@tagged("post_install", "-at_install")
class TestStockValueBetweenRandom(histories.TestStockBookingRandom):
    """Going on from the last month-end says what all of the history says."""

    test_random_histories = None
    test_random_histories_by_lot = None

    def test_random_days(self):
        followed = Followed(self)
        self._random_days()
        self.assertGreater(followed.times, 50, "most days go on from a month-end")

    @settings(max_examples=15, **histories.SETTINGS)
    @given(events=EVENTS, method=st.sampled_from(METHODS), kind=st.integers(0, 5))
    def _random_days(self, events, method, kind):
        def make():
            if kind == 5:
                return self._lots_of("average")
            return self._fifo() if kind == 4 else self._goods_of()

        self._try(events, method, False, make)

    def _fifo(self):
        category = self.env["product.category"].create(
            {"name": "fifo", "property_cost_method": "fifo"}
        )
        return self._goods("Fifo", categ_id=category.id, standard_price=9)

    def _play(self, events, method, late, goods):
        self.company.jxc_accrual_method = method
        self.buys = [
            self._buy(histories.START, 100, price, goods) for price in (10, 13)
        ]
        self.sells = [self._sell(histories.START, 100, product=goods) for _n in "ab"]
        self.papers = {
            line: {"moved": 0, "back": 0, "billed": 0, "bills": [], "refunds": []}
            for line in (*self.buys, *self.sells)
        }
        self.on_hand, taken, day = 0, [], histories.START
        for kind, quantity, more, days, which in events:
            day += timedelta(days=days)
            while self._next_end(taken) < day:
                taken.append(self._month_end(self._next_end(taken), day, method))
            getattr(self, f"_do_{kind}")(str(day), quantity, more, which, goods)
        self._assert_same(goods, taken, day)

    def _do_nothing(self, *_values):
        """A day without events."""

    def _do_revalue(self, day, quantity, more, _which, goods):
        if not goods.lot_valuated:
            with self._on(day):
                goods.with_company(self.company).standard_price = quantity + more

    def _assert_same(self, goods, taken, last):
        """The same on all days as with no month-end to go on from."""
        days = {last, last + timedelta(days=40)}
        for snapshot in taken:
            days |= {snapshot.date + timedelta(days=n) for n in (0, 1, 4, 9, 16, 25)}
        moments = [
            datetime.combine(day, datetime.min.time()) + timedelta(hours=14, seconds=7)
            for day in sorted(days)
        ]
        self.env.invalidate_all()
        followed = [self._values(goods, moment) for moment in moments]
        self.env["jxc.stock.snapshot.line"].sudo().search([]).has_pool = False
        self.env.invalidate_all()
        for moment, (value, cost, platform) in zip(moments, followed, strict=True):
            whole = self._values(goods, moment)
            self.assertEqual(value, whole[0], moment)
            self.assertAlmostEqual(cost, whole[1], places=9, msg=moment)
            self.assertAlmostEqual(platform, whole[2], places=9, msg=moment)

    def _values(self, goods, moment):
        """(value by the books, average cost, value by the platform's report)"""
        goods = goods.with_company(self.company)
        [(_quantity, value)] = goods._jxc_values_at(self.company, moment).values()
        shown = goods.with_context(to_date=moment).total_value
        if goods.lot_valuated or goods.cost_method != "average":
            return value, 0.0, shown
        cost = goods._run_avco(at_date=moment)[0]
        if not goods._jxc_has_unusual_moves(moment):
            platform = Platform._run_avco(goods, at_date=moment)[0]
            self.assertAlmostEqual(cost, platform, places=9, msg=moment)
        return value, cost, shown


@tagged("post_install", "-at_install")
class TestStockValueBetween(BookingCommon):
    """What goes on from a month-end, and what is added up from the beginning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._count_account(cls)

    def setUp(self):
        super().setUp()
        self.line = self._buy("2026-01-05", 100, 10)
        self.sale = self._sell("2026-01-05", 100)
        self._move("2026-01-05", self.line, 10)
        self._invoice("2026-01-06", self.line, 10, 11)
        self._move("2026-01-20", self.sale, 4)
        self.snapshot = self._take(date(2026, 1, 31), "2026-02-01")
        self.followed = Followed(self)

    def _value(self, day):
        """(value on a day, whether it goes on from the month-end)"""
        self.followed.times = 0
        moment = datetime.fromisoformat(f"{day} 12:00:00")
        self.env.invalidate_all()
        [(_q, value)] = self.goods._jxc_values_at(self.company, moment).values()
        return value, bool(self.followed.times)

    def test_what_moved_since(self):
        """Only that is looked at: the receipts of before are not valued again."""
        second = self._buy("2026-02-03", 10, 20)
        self._move("2026-02-03", second, 4)
        self._move("2026-02-05", self.sale, 2)
        self.assertEqual(self._value("2026-02-02"), (66, True))
        self.assertEqual(self._value("2026-02-04"), (146, True))
        self.assertEqual(self._value("2026-02-06"), (116.8, True))
        valued = []
        moves = type(self.env["stock.move"])
        get_value = moves._get_value

        def note(move, *args, **kwargs):
            valued.append(move)
            return get_value(move, *args, **kwargs)

        with patch.object(moves, "_get_value", note):
            self._value("2026-02-06")
        came = second.move_ids.filtered(lambda move: move.state == "done")
        self.assertEqual(set(valued), set(came))

    def test_a_bill_that_came_later(self):
        """Goods of before cost something else since: from its day on, all is new."""
        late = self._buy("2026-02-02", 10, 20)
        self._move("2026-02-02", late, 1)
        self._take(date(2026, 2, 28), "2026-03-01")
        self._invoice("2026-03-10", late, 1, 30)
        self.assertEqual(self._value("2026-03-09"), (86, True))
        self.assertEqual(self._value("2026-03-11"), (96, False))

    def test_goods_sent_back_later(self):
        self._back("2026-02-10", self.line, 2)
        self.assertEqual(self._value("2026-02-09"), (66, True))
        self.assertEqual(self._value("2026-02-11")[1], False)

    def test_a_value_by_hand_later(self):
        """Of a receipt of before: all is new. Of the goods as they are: it goes on."""
        with self._on("2026-02-10"):
            self.goods.with_company(self.company).standard_price = 12
        self.assertEqual(self._value("2026-02-09"), (66, True))
        self.assertEqual(self._value("2026-02-11"), (72, True))
        with self._on("2026-02-15"):
            self.env["product.value"].create(
                {
                    "move_id": self.line.move_ids.filtered(
                        lambda move: move.state == "done"
                    ).id,
                    "value": 130,
                }
            )
        self.assertEqual(self._value("2026-02-11"), (72, True))
        self.assertEqual(self._value("2026-02-16")[1], False)

    def test_counts_go_on(self):
        self._count("2026-02-10", 8, self.goods)
        value, goes_on = self._value("2026-02-11")
        self.assertTrue(goes_on)
        self.snapshot.line_ids.sudo().has_pool = False
        self.assertEqual(self._value("2026-02-11"), (value, False))

    def test_a_month_end_that_is_taken_again(self):
        """It keeps what is there then, and the next one goes on from it."""
        self.snapshot = self._take(date(2026, 1, 31), "2026-02-02")
        line = self.snapshot.line_ids
        self.assertTrue(line.has_pool)
        self.assertEqual((line.pool_quantity, line.pool_cost), (6, 11))
        self._move("2026-02-05", self.sale, 2)
        line = self._take(date(2026, 2, 28), "2026-03-01").line_ids
        self.assertEqual((line.pool_quantity, line.pool_value), (4, 44))

    def test_contexts_of_clients(self):
        """What a client puts into the context is no month-end."""
        moment = datetime(2026, 2, 6, 12)
        goods = self.goods.with_context(
            **{product_product_pools.POOLS: {"lines": {self.goods.id: 1}}}
        )
        [(_q, value)] = goods._jxc_values_at(self.company, moment).values()
        self.assertEqual(value, 66)
        self.assertEqual(goods._run_avco(at_date=moment)[0], 11)
