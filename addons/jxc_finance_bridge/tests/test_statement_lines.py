# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Every line of every statement, with an amount of its own on every account."""

import re

from odoo.tests import tagged

from .statement_common import StatementCommon
from .statement_tables import BALANCE, CASH, CREDIT, DEBIT, PARTNERS, PROFIT

#: Accounts that take what is left, so that the entry balances.
CAPITAL = {"cn": "300100", "cn_large_bis": "400100"}
LETTERS = {
    "cn": {"balance": "b", "profit": "p", "cash": "c"},
    "cn_large_bis": {"balance": "a", "profit": "q", "cash": "f"},
}


def read_table(text):
    """{line number: its parts}; parts of a line made of others begin with =."""
    lines = {}
    for row in re.sub(r"\n +", " ", text).strip().splitlines():
        number, _name, *parts = row.split()
        assert number not in lines
        lines[number] = parts
    return lines


def sum_lines(table, amount_of):
    """{line number: amount}, in cents.

    :param amount_of: function that says what a part of a line is
    """
    amounts = {}
    for number, parts in table.items():
        if parts[:1] == ["="]:
            amounts[number] = sum(
                -amounts[part[1:]] if part[0] == "-" else amounts[part]
                for part in parts[1:]
            )
        else:
            amounts[number] = sum(amount_of(part) for part in parts)
    return amounts


class StatementLines(StatementCommon):
    """Books each account with the digits of its code: 1405.01 on 140501.

    So an amount on a wrong line says where it came from.
    """

    chart = "cn"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.chart == "cn_large_bis":
            cls._use_large_chart()
        cls.env["jxc.finance.setup"].sudo().apply_defaults(cls.company)
        accounts = cls.env["account.account"].with_company(cls.company)
        found = accounts.search(
            [
                *accounts._check_company_domain(cls.company),
            ]
        )
        # Not those that the platform's tests add, nor its own for years not closed.
        cls.accounts = {
            account.code: account
            for account in found
            if re.fullmatch(r"[1-6]\d{5}", account.code)
        }

    def _starts(self, code, heads):
        return any(code.startswith(head) for head in heads.split())

    def _plan(self):
        """{(code, partner): cents} of all accounts, without what balances them."""
        plan = {}
        for code in sorted(self.accounts):
            cents = int(code)
            if self._starts(code, PARTNERS):
                plan[code, self.one] = cents
                plan[code, self.other] = -3 * cents
                continue
            credit = self._starts(code, CREDIT[self.chart])
            credit = credit and not self._starts(code, DEBIT[self.chart] or "-")
            plan[code, None] = -cents if credit else cents
        capital = CAPITAL[self.chart], None
        plan[capital] -= sum(plan.values())
        return plan

    def _book(self, plan):
        self._partner_entry(
            "2024-01-15",
            *((code, partner, cents / 100) for (code, partner), cents in plan.items()),
        )

    def _amount_of(self, plan):
        def amount_of(part):
            kind, head = re.fullmatch(r"([DC-]?)(\d+)", part).groups()
            found = [
                cents for (code, _who), cents in plan.items() if code.startswith(head)
            ]
            self.assertTrue(found, f"no account {head} in the chart")
            if kind == "D":
                return sum(cents for cents in found if cents > 0)
            if kind == "C":
                return -sum(cents for cents in found if cents < 0)
            return -sum(found) if kind == "-" else sum(found)

        return amount_of

    def _assert_lines(self, kind, column, expected):
        """All lines with a number are those of the table, and say what it says."""
        letter = LETTERS[self.chart][kind]
        lines = self._lines(kind).by_code
        numbered = {
            code: round(100 * (line[column] or 0.0))
            for code, line in lines.items()
            if re.fullmatch(rf"{letter}\d+", code)
            and not (self.chart == "cn_large_bis" and code in {"f1", "f12", "f25"})
        }
        self.assertEqual(
            numbered, {f"{letter}{number}": cents for number, cents in expected.items()}
        )
        self.assertFalse(lines.get("difference", {}).get(column))

    def _check_balance_and_profit(self):
        plan = self._plan()
        self._book(plan)
        amount_of = self._amount_of(plan)
        balance = sum_lines(read_table(BALANCE[self.chart]), amount_of)
        total = list(balance)[-1]
        assets = {"cn": "30", "cn_large_bis": "34"}[self.chart]
        self.assertEqual(balance[assets], balance[total], "the table itself balances")
        self._assert_lines("balance", "closing", balance)
        self._assert_lines("balance", "opening", dict.fromkeys(balance, 0))
        profit = sum_lines(read_table(PROFIT[self.chart]), amount_of)
        for column in ("period", "year"):
            self._assert_lines("profit", column, profit)

    def _check_tables_name_all(self):
        """No account of the chart is forgotten, none counts twice."""
        for tables, heads in ((BALANCE, "1 2 3 4 5 6"), (PROFIT, "5 6")):
            parts = [
                part.lstrip("-")
                for row in read_table(tables[self.chart]).values()
                if row[:1] != ["="]
                for part in row
            ]
            for code in self.accounts:
                if not self._starts(code, heads):
                    continue
                named = [p for p in parts if code.startswith(p.lstrip("DC"))]
                with self.subTest(code=code):
                    if tables is BALANCE:
                        self.assertTrue(named)
                    elif not self._is_no_result(code):
                        self.assertTrue(named)

    def _is_no_result(self, code):
        """Costs of making, and corrections of years before."""
        return self.chart == "cn_large_bis" and self._starts(code, "5 6901")

    def _check_cash(self):
        """Each item with its own amount, in the direction it is named for."""
        table = read_table(CASH[self.chart])
        chart = {"cn": "sme", "cn_large_bis": "asbe"}[self.chart]
        capital = CAPITAL[self.chart]
        self._entry("2023-12-20", ("100200", 77.77, 0), (capital, 0, 77.77))
        named = set()
        for parts in table.values():
            if not parts or parts[0] in ("=", "opening"):
                continue
            [part] = parts
            code = f"{chart}_{int(part[1:]):02}"
            named.add(code)
            amount = (1 if part[0] == "+" else -1) * int(part[1:]) * 1.01
            move = self._entry(
                "2024-01-15", ("100200", amount, 0), (capital, -amount, 0), post=False
            )
            other = move.line_ids.filtered(lambda line: line.account_id.code == capital)
            other.jxc_cash_flow_item_id = self.env.ref(
                f"jxc_finance_bridge.jxc_cash_flow_item_{code}"
            )
            move.action_post()
        items = self.env["jxc.cash.flow.item"].search([("chart", "=", self.chart)])
        self.assertEqual(named, set(items.mapped("code")))

        def amount_of(part):
            return 7777 if part == "opening" else 101 * int(part[1:])

        self._assert_lines("cash", "period", sum_lines(table, amount_of))
        self._assert_lines("cash", "year", sum_lines(table, amount_of))


@tagged("post_install", "-at_install")
class TestStatementLinesSme(StatementLines):
    def test_tables_name_all_accounts(self):
        self._check_tables_name_all()

    def test_balance_sheet_and_income_statement(self):
        self._check_balance_and_profit()

    def test_cash_flow_statement(self):
        self._check_cash()


@tagged("post_install", "-at_install")
class TestStatementLinesAsbe(StatementLines):
    chart = "cn_large_bis"

    def test_tables_name_all_accounts(self):
        self._check_tables_name_all()

    def test_balance_sheet_and_income_statement(self):
        self._check_balance_and_profit()

    def test_cash_flow_statement(self):
        self._check_cash()
