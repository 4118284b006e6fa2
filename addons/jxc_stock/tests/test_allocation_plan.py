# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from collections import Counter
from decimal import Decimal
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.jxc_stock.tools import allocation
from odoo.addons.jxc_stock.tools.allocation import Shortage, Surplus, propose

NUMBER = st.decimals(0, 200, places=2)
PACK = st.sampled_from([Decimal(n) for n in ("0.01", "1", "2.5", "6", "12")])
SHORTAGES = st.lists(st.tuples(NUMBER, PACK), max_size=7)
SURPLUSES = st.lists(NUMBER, max_size=7)


@tagged("post_install", "-at_install")
class TestAllocationPlan(BaseCase):
    def _plan(self, shortages, surpluses, distances=None):
        short = [
            Shortage(f"T{i}", quantity, pack)
            for i, (quantity, pack) in enumerate(shortages)
        ]
        spare = [Surplus(f"S{i}", quantity) for i, quantity in enumerate(surpluses)]
        return short, spare, propose(short, spare, distances)

    def test_examples(self):
        self.assertEqual(doctest.testmod(allocation).failed, 0)

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(SHORTAGES, SURPLUSES)
    def test_limits_hold(self, shortages, surpluses):
        short, spare, plan = self._plan(shortages, surpluses)
        given_away, brought = Counter(), Counter()
        pairs = set()
        for move in plan:
            self.assertGreater(move.quantity, 0)
            given_away[move.source] += move.quantity
            brought[move.target] += move.quantity
            pairs.add((move.source, move.target))
        self.assertEqual(len(pairs), len(plan), "one move a pair")
        for one in spare:
            self.assertLessEqual(given_away[one.place], one.quantity)
        for one in short:
            self.assertLessEqual(brought[one.place], one.wanted)
            self.assertEqual(brought[one.place] % one.pack, 0)
        if {one.pack for one in short} <= {Decimal("0.01")}:
            # Every move solves a shortage or uses a surplus up.
            self.assertLessEqual(len(plan), max(len(short) + len(spare) - 1, 0))

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(SHORTAGES, SURPLUSES)
    def test_nothing_possible_is_left(self, shortages, surpluses):
        short, spare, plan = self._plan(shortages, surpluses)
        left = {one.place: one.quantity for one in spare}
        open_ = {one.place: one.wanted for one in short}
        for move in plan:
            left[move.source] -= move.quantity
            open_[move.target] -= move.quantity
        for one in short:
            if open_[one.place] > 0:
                self.assertTrue(all(rest < one.pack for rest in left.values()))

    @settings(max_examples=100, deadline=None, derandomize=True)
    @given(
        st.lists(st.integers(1, 4), min_size=1, max_size=3),
        st.lists(st.integers(1, 6), min_size=1, max_size=2),
    )
    def test_few_moves(self, shortages, surpluses):
        """With enough for all: at most one move more than the best of all plans."""
        assume(sum(surpluses) >= sum(shortages))
        short, _spare, plan = self._plan(
            [(Decimal(n), Decimal(1)) for n in shortages],
            [Decimal(n) for n in surpluses],
        )
        most = sum(shortages)
        self.assertEqual(sum(move.quantity for move in plan), most)
        cells = [(i, j) for i in range(len(surpluses)) for j in range(len(short))]
        best = min(
            sum(amount > 0 for amount in amounts)
            for amounts in product(range(5), repeat=len(cells))
            if sum(amounts) == most
            and all(
                sum(a for a, cell in zip(amounts, cells, strict=True) if cell[0] == i)
                <= limit
                for i, limit in enumerate(surpluses)
            )
            and all(
                sum(a for a, cell in zip(amounts, cells, strict=True) if cell[1] == j)
                <= limit
                for j, limit in enumerate(shortages)
            )
        )
        self.assertLessEqual(len(plan), best + 1)

    def test_nearer_helps_first(self):
        distances = {("S0", "T0"): 9, ("S1", "T0"): 3}
        for spare in ([50, 50], [50, 10], [10, 50]):
            _short, _spare, plan = self._plan(
                [(Decimal(10), Decimal(1))], [Decimal(n) for n in spare], distances
            )
            self.assertEqual([move.source for move in plan], ["S1"])

    def test_one_move_beats_a_near_one(self):
        distances = {("S0", "T0"): 9, ("S1", "T0"): 3}
        _short, _spare, plan = self._plan(
            [(Decimal(10), Decimal(1))], [Decimal(10), Decimal(9)], distances
        )
        self.assertEqual([move.source for move in plan], ["S0"])
