# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .ledger_common import LedgerCase

SETTINGS = {
    "deadline": None,
    "derandomize": True,
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": list(HealthCheck),
}
FIRST = date(2025, 1, 1)
LOT = st.integers(0, 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), LOT, st.integers(1, 30), st.integers(1, 90000)),
        st.tuples(st.just("issue"), LOT, st.integers(1, 30), st.none()),
        st.tuples(st.just("transfer"), LOT, st.integers(1, 30), st.none()),
        st.tuples(st.just("cost"), LOT, st.none(), st.integers(1, 5000)),
        st.tuples(st.just("whole cost"), LOT, st.none(), st.integers(1, 5000)),
    ),
    min_size=3,
    max_size=9,
)


@tagged("post_install", "-at_install")
class TestStockLedgerLots(LedgerCase):
    """Goods valued by lot: the sum of what each lot was worth, at any day."""

    def _lots_of(self, method):
        product = self._create_goods(
            f"Wine {method}", method, tracking="lot", lot_valuated=True
        )
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in ("A", "B")]
        )
        return product, lots

    def _value(self, product, day):
        rows = self._rows(day, day, product=product)
        for row in rows:
            self.assertTies(row)
        return rows[0]["closing_value"] if rows else 0.0

    # By hand ------------------------------------------------------------------------

    def test_dearer_lot_issued(self):
        """The lot that leaves takes what it cost, not the average of both."""
        for method in ("average", "fifo"):
            with self.subTest(method):
                product, (old, new) = self._lots_of(method)
                self._receive_at("2025-01-02 08:00:00", product, 10, 80, lot=old)
                self._receive_at("2025-01-03 08:00:00", product, 10, 120, lot=new)
                self._issue_at("2025-01-10 08:00:00", product, 4, lot=new)
                for day, value in (("02", 80), ("03", 200), ("09", 200), ("10", 152)):
                    self.assertEqual(self._value(product, f"2025-01-{day}"), value)

    def test_lot_priced_by_hand(self):
        """A new cost of a lot counts from its day on, and only for this lot."""
        product, (old, new) = self._lots_of("average")
        self._receive_at("2025-01-02 08:00:00", product, 10, 80, lot=old)
        self._receive_at("2025-01-03 08:00:00", product, 10, 120, lot=new)
        with freeze_time("2025-01-05 08:00:00"):
            new.standard_price = 15
        self._issue_at("2025-01-10 08:00:00", product, 4, lot=new)
        for day, value in (("04", 200), ("05", 230), ("09", 230), ("10", 170)):
            self.assertEqual(self._value(product, f"2025-01-{day}"), value)

    def test_fifo_within_a_lot(self):
        """Of a lot that came at two prices, the older goods go first."""
        product, (lot, _other) = self._lots_of("fifo")
        self._receive_at("2025-01-02 08:00:00", product, 10, 80, lot=lot)
        self._receive_at("2025-01-03 08:00:00", product, 10, 120, lot=lot)
        self._issue_at("2025-01-10 08:00:00", product, 15, lot=lot)
        for day, value in (("02", 80), ("09", 200), ("10", 60)):
            self.assertEqual(self._value(product, f"2025-01-{day}"), value)

    def test_receipt_of_two_lots(self):
        product, lots = self._lots_of("average")
        move = self._receive_at("2025-01-02 08:00:00", product, 10, 100, lot=lots[0])
        line = move.move_line_ids
        line.quantity = 6
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "lot_id": lots[1].id,
                    "quantity": 4,
                    "location_id": line.location_id.id,
                    "location_dest_id": line.location_dest_id.id,
                }
            )
        ]
        self._issue_at("2025-01-10 08:00:00", product, 4, lot=lots[1])
        self.assertEqual(self._value(product, "2025-01-09"), 100)
        self.assertEqual(self._value(product, "2025-01-10"), 60)

    def test_standard_cost_of_lots(self):
        """Lots at the product's cost follow its history, others count at their own."""
        product, (one, other) = self._lots_of("standard")
        with freeze_time("2025-01-01 08:00:00"):
            product.standard_price = one.standard_price = 10
            other.standard_price = 7
        self._receive_at("2025-01-02 08:00:00", product, 10, lot=one)
        self._receive_at("2025-01-03 08:00:00", product, 10, lot=other)
        self.assertEqual(self._value(product, "2025-01-02"), 100)
        self.assertEqual(self._value(product, "2025-01-03"), 170)

    def test_more_moved_than_there_is(self):
        """The platform makes a quant without lot and without quantity for it."""
        product, (lot, _other) = self._lots_of("fifo")
        self._receive_at("2025-01-02 08:00:00", product, 10, 80, lot=lot)
        self._move_at(
            "2025-01-03 08:00:00", product, 15, self.shelf, self.far_shelf, lot=lot
        )
        for group in ("product", "warehouse", "location", "lot"):
            rows = self._rows("2025-01-01", "2025-01-31", group, product)
            self.assertEqual(sum(row["closing_qty"] for row in rows), 10)

    # At random ----------------------------------------------------------------------

    def _do(self, moment, product, lots, step):
        kind, number, quantity, money = step
        lot = lots[number]
        if kind == "receive":
            self._receive_at(moment, product, quantity, money / 100, lot=lot)
        elif kind == "issue":
            quantity = min(quantity, lot.product_qty)
            if quantity > 0:
                self._issue_at(moment, product, quantity, lot=lot)
        elif kind == "transfer":
            quantity = min(quantity, lot.product_qty)
            if quantity > 0:
                self._move_at(
                    moment, product, quantity, self.shelf, self.far_shelf, lot=lot
                )
        elif product.cost_method == "average":
            with freeze_time(moment):
                priced = lot if kind == "cost" else product
                priced.standard_price = money / 100

    def _check_random(self, method, steps):
        """The value of every day is the platform's of the moment it was over."""
        with self.env.cr.savepoint() as savepoint:
            product, lots = self._lots_of(method)
            known = []
            for number, step in enumerate(steps):
                day = FIRST + timedelta(days=number)
                self._do(f"{day} 10:00:00", product, lots, step)
                self.env.invalidate_all()
                known.append(product.total_value)
            with freeze_time(f"{FIRST + timedelta(days=len(steps) + 3)} 10:00:00"):
                for number, expected in enumerate(known):
                    day = str(FIRST + timedelta(days=number))
                    self.assertAlmostEqual(
                        self._value(product, day), expected, delta=0.02, msg=steps
                    )
                self._check_lots(product, len(steps))
            savepoint.rollback()
        self.env.invalidate_all()

    def _check_lots(self, product, days):
        until = str(FIRST + timedelta(days=days + 3))
        whole = sum(
            row["closing_value"]
            for row in self._rows(str(FIRST), until, product=product)
        )
        rows = self._rows(str(FIRST), until, "lot", product)
        for row in rows:
            self.assertTies(row)
        self.assertAlmostEqual(
            sum(row["closing_value"] for row in rows), whole, delta=0.02
        )

    @settings(max_examples=12, **SETTINGS)
    @given(STEPS)
    def test_average(self, steps):
        self._check_random("average", steps)

    @settings(max_examples=12, **SETTINGS)
    @given(STEPS)
    def test_fifo(self, steps):
        self._check_random("fifo", steps)
