# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..tools import period, rounding, stock_flow, valuation
from .ledger_common import LedgerCase

# A step takes a while, so the first failure is shown as it is.
SETTINGS = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
FIRST = date(2025, 1, 1)
QUANTITY = st.integers(1, 30)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("receive"), QUANTITY, st.integers(1, 90000)),
        st.tuples(st.just("issue"), QUANTITY, st.booleans()),
        st.tuples(st.just("transfer"), QUANTITY, st.booleans()),
        st.tuples(st.just("return"), QUANTITY, st.booleans()),
        st.tuples(st.just("cost"), st.integers(1, 5000), st.none()),
    ),
    min_size=1,
    max_size=10,
)
DAYS = 6
# (day of work, day it is dated back to, quantity, way)
DATED = st.lists(
    st.tuples(
        st.integers(0, DAYS - 1),
        st.integers(0, DAYS - 1),
        QUANTITY,
        st.sampled_from(["receive", "issue", "transfer", "back", "inside", "lent"]),
    ),
    min_size=1,
    max_size=8,
)


@tagged("post_install", "-at_install")
class TestStockLedgerRandom(LedgerCase):
    """Whatever happens: the sums tie, and every balance is what it was that day."""

    def test_doctests(self):
        for module in (period, rounding, stock_flow, valuation):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 1)
            self.assertEqual(result.failed, 0)

    def _do(self, moment, product, step):
        kind, number, more = step
        here, there = self.shelf, self.far_shelf
        if more is True:
            here, there = there, here
        if kind == "receive":
            self._receive_at(moment, product, number, more / 100)
        elif kind == "issue":
            self._issue_at(moment, product, number, here)
        elif kind == "transfer":
            self._move_at(moment, product, number, here, there)
        elif kind == "return":
            self._receive_at(moment, product, number, number * 3, here)
        elif product.cost_method != "fifo":
            with freeze_time(moment):
                product.standard_price = number / 100

    def _check_random(self, method, steps):
        product = self._create_goods(f"Random {method}", method)
        known = [(0.0, 0.0)]
        with self.env.cr.savepoint():
            for number, step in enumerate(steps):
                day = FIRST + timedelta(days=number)
                self._do(f"{day} 10:00:00", product, step)
                product.invalidate_recordset()
                known.append((product.qty_available, product.total_value))
            after = f"{FIRST + timedelta(days=len(steps) + 3)} 10:00:00"
            with freeze_time(after):
                self._check_days(product, known, len(steps))
                self._check_groups(product, len(steps))

    def _check_days(self, product, known, days):
        for number in range(days):
            day = FIRST + timedelta(days=number)
            rows = self._rows(str(day), str(day), product=product)
            row = (
                rows[0]
                if rows
                else dict.fromkeys(
                    f"{name}_{kind}"
                    for name in ("opening", "in", "out", "closing")
                    for kind in ("qty", "value")
                )
            )
            row = {name: value or 0.0 for name, value in row.items()}
            self.assertTies(row)
            ends = (("opening", known[number]), ("closing", known[number + 1]))
            for name, expected in ends:
                self.assertAlmostEqual(row[f"{name}_qty"], expected[0], 6)
                # stored values of moves are rounded to the cent, one by one
                self.assertAlmostEqual(
                    row[f"{name}_value"], expected[1], delta=0.02 + 0.005 * days
                )

    def _check_groups(self, product, days):
        """Parts add up to the whole; the balance of now is the stock of now."""
        until = str(FIRST + timedelta(days=days + 3))
        wholes = self._rows(str(FIRST), until, product=product)
        for group in ("warehouse", "location", "lot"):
            rows = self._rows(str(FIRST), until, group, product)
            for name in ("closing_qty", "closing_value"):
                self.assertAlmostEqual(
                    sum(row[name] for row in rows),
                    sum(row[name] for row in wholes),
                    delta=0.02,
                )
            for row in rows:
                self.assertTies(row)
        product.invalidate_recordset()
        for row in wholes:
            self.assertEqual(row["closing_qty"], product.qty_available)
            self.assertAlmostEqual(
                row["closing_value"], product.total_value, delta=0.011
            )
        for row in self.ledger.with_user(self.controller).ages(
            until, domain=[("product_id", "=", product.id)]
        ):
            ages = sum(row[f"age_{number}_qty"] for number in range(1, 7))
            self.assertAlmostEqual(ages, row["closing_qty"], 6)

    @settings(max_examples=6, **SETTINGS)
    @given(STEPS)
    def test_average(self, steps):
        self._check_random("average", steps)

    @settings(max_examples=4, **SETTINGS)
    @given(STEPS)
    def test_fifo(self, steps):
        self._check_random("fifo", steps)

    @settings(max_examples=4, **SETTINGS)
    @given(STEPS)
    def test_standard(self, steps):
        self._check_random("standard", steps)

    # Dated back ---------------------------------------------------------------------

    @settings(max_examples=8, **SETTINGS)
    @given(DATED)
    def test_dated_back(self, steps):
        """Whatever is dated to whatever day, by whatever group: a period tells what the
        moves of that day say, and the stock of today is the stock on hand."""
        with self.env.cr.savepoint():
            product = self._create_goods("Dated back")
            # beside the shelf: what is taken from the shelf is not taken from it
            bin_ = self.env["stock.location"].create(
                {"name": "Bin", "location_id": self.warehouse.view_location_id.id}
            )
            lender = self.env["res.partner"].create({"name": "Lender"})
            ways = {
                "receive": (self.supplier, self.shelf),
                "issue": (self.shelf, self.customers),
                "transfer": (self.shelf, self.far_shelf),
                "back": (self.far_shelf, bin_),
                "inside": (self.shelf, bin_),
                "lent": (self.supplier, bin_),
            }
            legs = []
            for worked, dated, quantity, way in sorted(steps):
                source, dest = ways[way]
                owner = lender if way == "lent" else None
                move = self._move_at(
                    f"{FIRST + timedelta(days=worked)} 10:00:00",
                    product,
                    quantity,
                    source,
                    dest,
                    owner=owner,
                )
                move.date = f"{FIRST + timedelta(days=dated)} 09:00:00"
                legs.append((dated, source, dest, quantity))
            with freeze_time(f"{FIRST + timedelta(days=DAYS + 1)} 10:00:00"):
                for start in range(DAYS):
                    for end in (start, DAYS + 1):
                        self._check_period(product, legs, start, end)
                # the sums are the same from whichever end they are read
                for early in (True, False):
                    guess = patch.object(
                        type(self.ledger), "_is_early", return_value=early
                    )
                    with guess:
                        self._check_period(product, legs, 1, DAYS // 2)

    def _check_period(self, product, legs, start, end):
        first, last = (str(FIRST + timedelta(days=day)) for day in (start, end))
        for group, place in (
            ("product", lambda location: location.company_id.id or None),
            ("warehouse", lambda location: location.warehouse_id.id or None),
            ("location", lambda location: location.id),
        ):
            expected = self._expected(legs, place, start, end)
            rows = self._rows(first, last, group, product)
            column = "company_id" if group == "product" else f"{group}_id"
            names = ("opening_qty", "in_qty", "out_qty", "closing_qty")
            found = {row[column]: tuple(row[name] for name in names) for row in rows}
            self.assertEqual(found, expected, (group, first, last, legs))
            for row in rows:
                self.assertTies(row)
        if end > DAYS:
            product.invalidate_recordset()
            total = self._rows(first, last, "product", product)
            closing = sum(row["closing_qty"] for row in total)
            self.assertEqual(closing, product.qty_available)

    def _expected(self, legs, place, start, end):
        """{group: (opening, in, out, closing)} as one would count by hand."""
        sums = {}
        for day, source, dest, quantity in legs:
            if day > end:
                continue
            inside = [one for one in (source, dest) if one.usage == "internal"]
            if len(inside) == 2 and place(source) == place(dest):
                continue  # nothing left the group
            for location in inside:
                signed = quantity if location == dest else -quantity
                row = sums.setdefault(place(location), [0.0, 0.0, 0.0, 0.0])
                if day < start:
                    row[0] += signed
                elif signed > 0:
                    row[1] += signed
                else:
                    row[2] -= signed
                row[3] += signed
        return {key: tuple(row) for key, row in sums.items() if any(row)}
