# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The same month by the standards for enterprises, worked out by hand again."""

from odoo.tests import tagged

from .statement_common import StatementCommon
from .test_worked_month import EXPECTED, RESULT, VOUCHERS

#: Accounts of 企业会计准则 for those of 小企业会计准则; the others are the same.
ACCOUNTS = {
    "300100": "400100",
    "310300": "410300",
    "500100": "600100",
    "540100": "640100",
    "540300": "640300",
    "560100": "660100",
    "560200": "660200",
    "560300": "660300",
    "571100": "671100",
    "580100": "680100",
}
#: 资产负债表 on 31 January.
BALANCE_SHEET = {
    "a1": 261486.84,  # 4,519.50 + 256,967.34
    "a5": 34240.00,
    "a9": 61420.00,
    "a14": 357146.84,
    "a22": -1500.00,  # nothing but a month's depreciation
    "a33": -1500.00,
    "a34": 355646.84,
    "a39": 50400.00,
    "a43": -4437.15,  # 812.50 + 7,160.35 – 12,410.00
    "a48": 45962.85,
    "a58": 45962.85,
    "a59": 300000.00,
    "a66": 9683.99,
    "a67": 309683.99,
    "a68": 355646.84,
}
#: 利润表 of January.
INCOME_STATEMENT = {
    "q1": 55079.65,
    "q2": 33450.00,  # 18,000 + 12,500 + 4,200 – 1,250
    "q3": 312.50,
    "q4": 6000.00,
    "q5": 4980.50,
    "q7": 22.66,
    # 55,079.65 – 33,450.00 – 312.50 – 6,000.00 – 4,980.50 – 22.66
    "q19": 10313.99,
    "q21": 130.00,
    "q22": 10183.99,
    "q23": 500.00,
    "q24": 9683.99,
    "q25": 9683.99,
    "q28": 9683.99,
}
#: 现金流量表 of January.
CASH_FLOWS = {
    "f2": 28000.00,  # 20,000 from customers, 8,000 in advance
    "f4": 12.34,  # interest, booked in red on finance expenses
    "f5": 28012.34,
    "f6": 57010.00,  # 15,000 + 1,950 in advance, 40,000 of debts, input tax of 60
    "f7": 8000.00,
    "f9": 1515.50,  # 1,000 + 480.50 + 35
    "f10": 66525.50,
    "f11": -38513.16,
    "f26": 300000.00,
    "f29": 300000.00,
    "f34": 300000.00,
    "f36": 261486.84,
    "f38": 261486.84,
}


@tagged("post_install", "-at_install")
class TestWorkedMonthAsbe(StatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_large_chart()
        cls.manager.company_ids += cls.company
        cls.env["jxc.finance.setup"].sudo().apply_defaults(cls.company)
        for day, lines in VOUCHERS:
            own = ((ACCOUNTS.get(code, code), *sides) for code, *sides in lines)
            cls._entry(f"2024-01-{day:02}", *own, company=cls.company)

    def _balances(self):
        result = self.env["jxc.trial.balance"].get_balances(
            "2024-01-31", "2024-01-31", self.company.id
        )
        balances = {
            row["code"]: row["closing_debit"] - row["closing_credit"]
            for row in result["rows"]
        }
        return {code: balance for code, balance in balances.items() if balance}

    def _assert_statements(self):
        self.assertEqual(self._amounts("balance", "closing"), BALANCE_SHEET)
        self.assertEqual(self._amounts("balance", "opening"), {})
        for column in ("period", "year"):
            self.assertEqual(self._amounts("profit", column), INCOME_STATEMENT)
            self.assertEqual(self._amounts("cash", column), CASH_FLOWS)

    def test_month(self):
        """Trial balance and statements are those on paper, before and after closing."""
        result = {ACCOUNTS[code]: amount for code, amount in RESULT.items()}
        open_month = self._balances()
        self.assertEqual({code: open_month.get(code) for code in result}, result)
        self._assert_statements()
        period = self._get_period("2024-01-31")
        period.action_transfer_profit()
        period.action_renumber()
        period.action_close()
        self.assertEqual(period.move_count, 31)
        self.assertEqual(
            self._balances(),
            {ACCOUNTS.get(code, code): amount for code, amount in EXPECTED.items()},
        )
        self._assert_statements()
