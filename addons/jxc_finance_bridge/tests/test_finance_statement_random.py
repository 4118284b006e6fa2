# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Statements of random books: whatever is booked, they tie."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .statement_common import StatementCommon

FIRST = date(2023, 11, 1)
DAYS = 150  # November to March: two fiscal years
ENTRIES = st.lists(
    st.tuples(
        st.integers(0, DAYS),
        st.lists(
            st.tuples(
                st.integers(0, 400),  # an account, by its place in the chart
                st.integers(0, 2),  # a partner or none
                st.integers(-100000, 100000),  # cents
            ),
            min_size=1,
            max_size=4,
        ),
        st.booleans(),  # against cash, so that there is something to classify
    ),
    min_size=1,
    max_size=12,
)


class RandomMixin:
    """Checks for one chart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._prepare_books()
        cls.env["jxc.finance.setup"].sudo().apply_defaults(cls.company)
        accounts = cls.env["account.account"].with_company(cls.company)
        cls.accounts = accounts.search(
            accounts._check_company_domain(cls.company), order="code"
        )
        cls.bank = cls._account("100200", cls.company)
        cls.partners = [cls.env["res.partner"], cls.one, cls.other]
        cls.journal = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "general")], limit=1
        )

    @classmethod
    def _prepare_books(cls):
        """The chart of the first company will do."""

    def _post(self, entries):
        moves = self.env["account.move"].create(
            [
                {
                    "date": FIRST + timedelta(days=day),
                    "journal_id": self.journal.id,
                    "company_id": self.company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": account.id,
                                "partner_id": partner.id,
                                "balance": cents / 100,
                            }
                        )
                        for account, partner, cents in self._balance(lines, to_cash)
                    ],
                }
                for day, lines, to_cash in entries
            ]
        )
        moves.action_post()

    def _balance(self, lines, to_cash):
        lines = [
            (self.accounts[place % len(self.accounts)], self.partners[partner], cents)
            for place, partner, cents in lines
        ]
        last = self.bank if to_cash else self.accounts[len(lines) % len(self.accounts)]
        rest = -sum(cents for _account, _partner, cents in lines)
        return [*lines, (last, self.partners[0], rest)]

    @settings(
        max_examples=5,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(entries=ENTRIES)
    def check_random_books(self, entries):
        with self.env.cr.savepoint() as savepoint:
            self._post(entries)
            for period in (
                ("2023-11-01", "2023-12-31"),
                ("2024-01-01", "2024-02-29"),
            ):
                self._check(*period)
            self.env.flush_all()
            savepoint.rollback()
            self.env.invalidate_all()

    def _check(self, date_from, date_to):
        period = (date_from, date_to)
        sheet = self._lines("balance", *period, company=self.company)
        self.assertEqual(sheet.problems, [])
        assets, claims = self.totals
        for column in ("closing", "opening"):
            self.assertEqual(
                sheet.by_code[assets][column], sheet.by_code[claims][column]
            )
        # The result of the year is what undistributed profit has grown by, but for what
        # is booked on it, or on profit of earlier years, directly.
        profit = self._lines("profit", *period, company=self.company)
        self.assertEqual(profit.problems, [])
        undistributed = sheet.by_code[self.undistributed]
        direct = -self._sum(self.direct, f"{date_to[:4]}-01-01", date_to)
        self.assertAlmostEqual(
            profit.by_code[self.net]["year"],
            undistributed["closing"] - undistributed["opening"] - direct,
            2,
        )
        # Items of the cash flow statement add up to the change in cash.
        cash = self._lines("cash", *period, company=self.company).by_code
        self.assertNotIn("difference", cash)
        change = self._sum(self.money, date_from, date_to)
        self.assertAlmostEqual(cash[self.change]["period"], change, 2)
        self.assertAlmostEqual(
            cash[self.end]["period"], sheet.by_code[self.cash]["closing"], 2
        )

    def _sum(self, heads, date_from, date_to):
        accounts = self.accounts.filtered(
            lambda account: account.code.startswith(heads)
        )
        [(balance,)] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
                ("date", ">=", date_from),
                ("date", "<=", date_to),
            ],
            [],
            ["balance:sum"],
        )
        return round(balance or 0.0, 2)


@tagged("post_install", "-at_install")
class TestSmallRandom(RandomMixin, StatementCommon):
    totals = ("b30", "b53")
    undistributed, net, cash, change, end = "b51", "p32", "b1", "c20", "c22"
    direct = ("3103", "3104")
    money = ("1001", "1002", "1012")

    def test_statements_tie(self):
        self.check_random_books()


@tagged("post_install", "-at_install")
class TestLargeRandom(RandomMixin, StatementCommon):
    totals = ("a34", "a68")
    undistributed, net, cash, change, end = "a66", "q24", "a1", "f36", "f38"
    direct = ("4103", "4104", "6901")
    money = ("1001", "1002", "1003", "1004", "1012")

    @classmethod
    def _prepare_books(cls):
        cls._use_large_chart()

    def test_statements_tie(self):
        self.check_random_books()
