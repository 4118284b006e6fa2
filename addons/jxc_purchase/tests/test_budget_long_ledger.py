# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseBudgetCommon

ENTRIES = 100_000
#: So many of the newest are not in the balance yet.
NEW = 1_000


@tagged("post_install", "-at_install")
class TestBudgetLongLedger(PurchaseBudgetCommon):
    """A line with 100,000 entries of which the last 1,000 are not folded.

    Entry n is of stage n modulo 3 and of n modulo 7 cents, every eleventh takes as much
    back. So each sum can be worked out beside the database.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 5000.0}
        ).line_ids
        cls.entries = cls.env["jxc.budget.entry"]
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            INSERT INTO jxc_budget_entry (
                line_id, budget_id, company_id, stage, amount, date,
                res_model, res_id, res_line_id
            )
            SELECT %s, %s, %s,
                   (ARRAY['reserved', 'committed', 'actual'])[number %% 3 + 1],
                   number %% 7 / 100.0 * CASE WHEN number %% 11 = 0 THEN -1 ELSE 1 END,
                   '2026-06-15', 'purchase.order', 0, -number
              FROM generate_series(1, %s) AS number
             ORDER BY number
            """,
            [cls.line.id, cls.line.budget_id.id, cls.company.id, ENTRIES],
        )
        cls.env.invalidate_all()
        cls.last = max(cls.entries.search([], order="id desc", limit=1).ids)

    @staticmethod
    def _by_hand(until=ENTRIES):
        """{stage: sum} of the first entries, in cents."""
        sums = dict.fromkeys(("reserved", "committed", "actual"), 0)
        stages = list(sums)
        for number in range(1, until + 1):
            cents = number % 7 * (-1 if number % 11 == 0 else 1)
            sums[stages[number % 3]] += cents
        return sums

    def _balance(self):
        return self.env["jxc.budget.balance"].search([("line_id", "=", self.line.id)])

    def _assert_sums(self, sums):
        self.line.invalidate_recordset()
        for stage, cents in sums.items():
            self.assertAlmostEqual(self.line[f"amount_{stage}"], cents / 100, 2, stage)
        used = sum(sums.values()) / 100
        self.assertAlmostEqual(self.line.amount_available, 5000 - used, 2)

    def _assert_limit(self, used):
        """The gate lets through exactly what is left."""
        left = round(5000 - used, 2)
        over = self._create_order((self.bread, 1, left + 0.01))
        with self.assertRaises(UserError), self.cr.savepoint():
            over.button_confirm()
        order = self._create_order((self.bread, 1, left))
        with self.cr.savepoint() as savepoint:
            order.button_confirm()
            self.assertEqual(order.state, "purchase")
            savepoint.rollback()
        self.env.invalidate_all()

    def test_sums_with_a_thousand_new_entries(self):
        sums = self._by_hand()
        used = sum(sums.values()) / 100
        self._assert_sums(sums)
        self.env["jxc.budget.balance"]._fold(self.last - NEW)
        old = self._by_hand(ENTRIES - NEW)
        balance = self._balance()
        self.assertEqual(balance.last_entry_id, self.last - NEW)
        for stage, cents in old.items():
            self.assertAlmostEqual(balance[f"amount_{stage}"], cents / 100, 2)
        self.assertNotEqual(old, sums)
        self._assert_sums(sums)
        self._assert_limit(used)
        # The rest follows, and is not counted twice.
        self.env["jxc.budget.balance"]._fold(self.last)
        self.assertEqual(self._balance().last_entry_id, self.last)
        self._assert_sums(sums)
        self._assert_limit(used)

    def test_too_few_new_entries_stay_in_the_ledger(self):
        balances = self.env["jxc.budget.balance"]
        balances._fold(self.last - NEW)
        balances._fold(self.last, at_least=NEW + 1)
        self.assertEqual(self._balance().last_entry_id, self.last - NEW)
        self._assert_sums(self._by_hand())

    def test_only_new_entries_are_read(self):
        """Neither sums nor gate read what the balance has."""
        self.env["jxc.budget.balance"]._fold(self.last - NEW)
        self.env.flush_all()
        self.cr.execute("ANALYZE jxc_budget_entry")
        self.cr.execute(
            "EXPLAIN (ANALYZE, FORMAT JSON) SELECT SUM(amount) FROM jxc_budget_entry"
            " WHERE line_id = %s AND id > %s",
            [self.line.id, self._balance().last_entry_id],
        )
        [(plan,)] = self.cr.fetchall()
        [node] = plan[0]["Plan"]["Plans"]
        self.assertEqual(node["Actual Rows"], NEW)
        self.assertIn("Index", node["Node Type"])
