# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.distribution import COMPLETE_WITHIN, shares_of

#: A machine that is busy with something else is no failure.
CALM = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def plan_of(account):
    """Accounts 11 to 19 are of plan 1, and so on."""
    return account // 10


@st.composite
def distributions(draw):
    """Rows of one or several plans, none of which is given more than 100 %."""
    left = defaultdict(lambda: 100.0)
    rows = {}
    for _row in range(draw(st.integers(0, 8))):
        plans = draw(st.sets(st.integers(1, 3), min_size=1))
        most = min(left[plan] for plan in plans)
        percent = draw(st.integers(0, int(most * 100))) / 100
        accounts = [10 * plan + draw(st.integers(1, 4)) for plan in sorted(plans)]
        key = ",".join(map(str, draw(st.permutations(accounts))))
        if percent and key not in rows:
            rows[key] = percent
            for plan in plans:
                left[plan] -= percent
    return rows


@tagged("post_install", "-at_install")
class TestDistribution(BaseCase):
    def _by_account(self, shares):
        found = defaultdict(float)
        for accounts, percent in shares:
            for account in accounts:
                found[account] += percent
        return found

    @settings(max_examples=200, **CALM)
    @given(distributions())
    def test_every_plan_keeps_what_it_was_given(self, rows):
        shares = shares_of(rows, plan_of)
        self.assertEqual(round(sum(percent for _a, percent in shares), 6), 100.0)
        self.assertTrue(all(percent > 0 for _accounts, percent in shares))
        for accounts, _percent in shares:
            plans = [plan_of(account) for account in accounts]
            self.assertEqual(plans, sorted(set(plans)))
        given_ = self._by_account(
            (tuple(map(int, key.split(","))), percent) for key, percent in rows.items()
        )
        found = self._by_account(shares)
        self.assertLessEqual(set(found), set(given_))
        for account, percent in given_.items():
            # Only what rounding left open is added.
            self.assertGreaterEqual(found[account], percent - 1e-6)
            self.assertLessEqual(found[account], percent + 2 * COMPLETE_WITHIN)

    @settings(max_examples=100, **CALM)
    @given(distributions())
    def test_the_order_of_rows_decides_nothing(self, rows):
        turned = dict(reversed(rows.items()))
        self.assertEqual(shares_of(rows, plan_of), shares_of(turned, plan_of))

    def test_two_plans_in_rows_of_their_own(self):
        """Worked out by hand."""
        for rows, wanted in (
            ({"11": 100.0, "21": 100.0}, [((11, 21), 100.0)]),
            (
                {"21": 70.0, "22": 30.0, "11": 50.0, "12": 50.0},
                [((11, 21), 50.0), ((12, 21), 20.0), ((12, 22), 30.0)],
            ),
            # What fills 100 % only together stays side by side.
            ({"11": 60.0, "21": 40.0}, [((11,), 60.0), ((21,), 40.0)]),
            (
                {"11,21": 50.0, "12": 50.0, "22": 50.0},
                [((11, 21), 50.0), ((12, 22), 50.0)],
            ),
            (
                {"11": 33.33, "12": 33.33, "13": 33.33, "21": 100.0},
                [((11, 21), 33.33), ((12, 21), 33.33), ((13, 21), 33.34)],
            ),
            ({"11": 20.0, "21": 100.0}, [((11, 21), 20.0), ((21,), 80.0)]),
            ({"11": 80.0, "12": 80.0}, [((11,), 80.0), ((12,), 20.0)]),
            (None, [((), 100.0)]),
        ):
            with self.subTest(rows=rows):
                self.assertEqual(shares_of(rows, plan_of), wanted)
