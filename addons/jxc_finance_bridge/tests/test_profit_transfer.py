# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import random

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_period import PeriodCommon


@tagged("post_install", "-at_install")
class TestProfitTransfer(PeriodCommon):
    def _transfer(self, date):
        period = self._period(date)
        period.action_transfer_profit()
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("jxc_pl_closing", "=", True),
                ("date", "=", period.date_to),
            ],
            order="id",
        )

    def _amounts(self, moves):
        return {
            line.account_id.code: (line.debit, line.credit) for line in moves.line_ids
        }

    def test_month(self):
        self._entry(
            "2024-01-05", ("112200", 1130, 0), ("500100", 0, 1000), ("222100", 0, 130)
        )
        self._entry("2024-01-05", ("540100", 600, 0), ("140500", 0, 600))
        self._entry("2024-01-09", ("560200", 150, 0), ("100200", 0, 150))
        move = self._transfer("2024-01-15")
        self.assertEqual(len(move), 1)
        self.assertEqual(
            self._amounts(move),
            {
                "500100": (1000, 0),
                "540100": (0, 600),
                "560200": (0, 150),
                "310300": (0, 250),
            },
        )
        self.assertEqual((str(move.date), move.state), ("2024-01-31", "posted"))
        self.assertEqual(move.jxc_voucher_no, 4)
        self.assertIn("2024-01", move.jxc_summary)

    def test_income_and_expenses_apart(self):
        self.company.jxc_profit_split = True
        self._entry("2024-01-05", ("112200", 1000, 0), ("500100", 0, 1000))
        self._entry("2024-01-05", ("560200", 1200, 0), ("100200", 0, 1200))
        income, expense = self._transfer("2024-01-31")
        self.assertEqual(
            self._amounts(income), {"500100": (1000, 0), "310300": (0, 1000)}
        )
        self.assertEqual(
            self._amounts(expense), {"560200": (0, 1200), "310300": (1200, 0)}
        )

    def test_repeated_after_late_entries(self):
        self._entry("2024-01-05", ("112200", 1000, 0), ("500100", 0, 1000))
        self._transfer("2024-01-31")
        self.assertEqual(len(self._transfer("2024-01-31")), 1)
        self._entry("2024-01-20", ("560200", 10, 0), ("100200", 0, 10))
        moves = self._transfer("2024-01-31")
        self.assertEqual(len(moves), 2)
        self.assertEqual(
            self._amounts(moves[1]), {"560200": (0, 10), "310300": (10, 0)}
        )

    def test_copy_is_refused(self):
        """An unmarked copy would count as income; the month is transferred again."""
        self._entry("2024-01-05", ("112200", 1000, 0), ("500100", 0, 1000))
        move = self._transfer("2024-01-31")
        with self.assertRaisesRegex(UserError, "transfer profit and loss .* again"):
            move.copy()
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": move.ids,
                "journal_id": move.journal_id.id,
                "date": "2024-01-31",
            }
        )
        with self.assertRaises(UserError):
            wizard.modify_moves()
        wizard.refund_moves()
        reverse = move.reversal_move_ids
        self.assertTrue(reverse.jxc_pl_closing)
        if reverse.state == "draft":
            reverse.action_post()
        again = self._transfer("2024-01-31") - move - reverse
        self.assertEqual(self._amounts(again), self._amounts(move))

    def test_production_costs_stay(self):
        """4001 … are typed as expenses, but they are work in progress."""
        self._entry("2024-01-05", ("400100", 500, 0), ("140300", 0, 500))
        self.assertFalse(self._transfer("2024-01-31"))
        period = self._period("2024-01-31")
        self.assertEqual(self._states(period)["profit"], "ok")
        period.action_close()

    def test_year_end(self):
        self._entry("2024-11-05", ("112200", 1000, 0), ("500100", 0, 1000))
        self._close("2024-11-30")
        self._entry("2024-12-05", ("560200", 1300, 0), ("100200", 0, 1300))
        self._close("2024-12-31")
        balances = self._balances("2024-12-31")
        self.assertNotIn("310300", balances)
        self.assertEqual(balances["310400"], 300)
        # The next year starts without any profit of the year before.
        self.assertEqual(self._balances("2025-01-01")["310400"], 300)
        self.assertNotIn("310300", self._balances("2025-01-01"))

    def test_transfer_at_year_end_only(self):
        self.company.jxc_profit_transfer = "year"
        self._entry("2024-11-05", ("112200", 1000, 0), ("500100", 0, 1000))
        self._period("2024-11-30").action_close()
        self.assertEqual(self._balances("2024-11-30")["500100"], -1000)
        period = self._period("2024-12-31")
        self.assertEqual(self._states(period)["profit"], "error")
        self._close("2024-12-31")
        self.assertEqual(
            self._balances("2024-12-31"), {"112200": 1000, "310400": -1000}
        )

    def test_large_enterprises(self):
        company = self.env["res.company"].create(
            {"name": "ASBE", "country_id": self.env.ref("base.cn").id}
        )
        self.env["jxc.finance.setup"].sudo().load_chart(company, "cn_large_bis")
        self.manager.company_ids += company
        self.env.user.company_ids += company
        for lines in (
            (("112200", 1000, 0), ("600100", 0, 1000)),
            (("640100", 700, 0), ("140500", 0, 700)),
            (("500100", 90, 0), ("140300", 0, 90)),
            (("112200", 40, 0), ("690100", 0, 40)),
        ):
            self._entry("2024-12-05", *lines, company=company)
        period = self._period("2024-12-31", company=company)
        period.action_transfer_profit()
        moves = self.env["account.move"].search(
            [("company_id", "=", company.id), ("jxc_pl_closing", "=", True)],
            order="id",
        )
        own = moves.with_company(company)
        amounts = [
            {line.account_id.code: (line.debit, line.credit) for line in move.line_ids}
            for move in own
        ]
        self.assertEqual(
            amounts,
            [
                {
                    "600100": (1000, 0),
                    "640100": (0, 700),
                    "690100": (40, 0),
                    "410300": (0, 300),
                    "410400": (0, 40),
                },
                {"410300": (300, 0), "410400": (0, 300)},
            ],
        )

    def test_random_year(self):
        """However a year went, its profit ends up on 3104 and nothing is left."""
        rng = random.Random(20240105)
        income = ("500100", "505100", "530100")
        expense = ("540100", "560100", "560200", "560300", "571100", "580100")
        profit = 0
        for month in range(1, 13):
            for _entry in range(rng.randrange(4)):
                cents = rng.randrange(1, 10**7)
                if rng.random() < 0.2:
                    cents = -cents
                amount, day = cents / 100, f"2024-{month:02}-{rng.randrange(1, 28):02}"
                if rng.random() < 0.5:
                    self._entry(
                        day, ("112200", amount, 0), (rng.choice(income), 0, amount)
                    )
                    profit += cents
                else:
                    self._entry(
                        day, (rng.choice(expense), amount, 0), ("220200", 0, amount)
                    )
                    profit -= cents
            self._close(f"2024-{month:02}-01")
        balances = self._balances("2024-12-31")
        self.assertEqual(
            {code for code in balances if code.startswith("5") or code == "310300"},
            set(),
        )
        self.assertEqual(round(-balances["310400"] * 100), profit)
        self.assertAlmostEqual(sum(balances.values()), 0, places=2)
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        for period, entries in moves.grouped("jxc_voucher_period").items():
            numbers = sorted(entries.mapped("jxc_voucher_no"))
            self.assertEqual(numbers, list(range(1, len(entries) + 1)), period)
