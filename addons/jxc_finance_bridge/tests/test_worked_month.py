# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A month of a small trading company, worked out by hand on paper first."""

from odoo.tests import tagged

from .test_period import PeriodCommon

# (day, ((account, debit, credit), …)): 30 vouchers of January. Input tax 13 % on goods,
# 6 % on services; output tax 13 %. 222102 is input, 222103 output tax.
VOUCHERS = (
    (1, (("100200", 300000, 0), ("300100", 0, 300000))),
    (2, (("100100", 5000, 0), ("100200", 0, 5000))),
    (2, (("140500", 60000, 0), ("222102", 7800, 0), ("220200", 0, 67800))),
    (3, (("140500", 20000, 0), ("222102", 2600, 0), ("220200", 0, 22600))),
    (3, (("560100", 1000, 0), ("222102", 60, 0), ("100200", 0, 1060))),
    (4, (("112200", 33900, 0), ("500100", 0, 30000), ("222103", 0, 3900))),
    (4, (("540100", 18000, 0), ("140500", 0, 18000))),
    (5, (("560200", 480.5, 0), ("100100", 0, 480.5))),
    (6, (("112300", 15000, 0), ("100200", 0, 15000))),
    (8, (("220200", 40000, 0), ("100200", 0, 40000))),
    (8, (("100200", 20000, 0), ("112200", 0, 20000))),
    (9, (("112200", 22600, 0), ("500100", 0, 20000), ("222103", 0, 2600))),
    (9, (("540100", 12500, 0), ("140500", 0, 12500))),
    (10, (("100200", 8000, 0), ("220300", 0, 8000))),
    (11, (("140500", 15000, 0), ("222102", 1950, 0), ("112300", 0, 16950))),
    (12, (("112300", 1950, 0), ("100200", 0, 1950))),
    (13, (("220300", 8000, 0), ("500100", 0, 7079.65), ("222103", 0, 920.35))),
    (13, (("540100", 4200, 0), ("140500", 0, 4200))),
    # A sale comes back: red entries on the same sides.
    (15, (("112200", -2260, 0), ("500100", 0, -2000), ("222103", 0, -260))),
    (15, (("540100", -1250, 0), ("140500", 0, -1250))),
    (16, (("560200", 3000, 0), ("221100", 0, 3000))),
    (16, (("560100", 5000, 0), ("221100", 0, 5000))),
    (18, (("221100", 8000, 0), ("100200", 0, 8000))),
    (20, (("560300", 35, 0), ("100200", 0, 35))),
    (21, (("100200", 12.34, 0), ("560300", -12.34, 0))),
    (22, (("190100", 130, 0), ("140500", 0, 130))),
    (23, (("571100", 130, 0), ("190100", 0, 130))),
    (25, (("540300", 312.5, 0), ("222100", 0, 312.5))),
    (28, (("560200", 1500, 0), ("160200", 0, 1500))),
    (31, (("580100", 500, 0), ("222100", 0, 500))),
)
#: Debit less credit at the end of the month, after the transfer of profit.
EXPECTED = {
    "100100": 4519.50,  # 5,000 – 480.50
    # 300,000 – 5,000 – 1,060 – 15,000 – 40,000 + 20,000 + 8,000 – 1,950 – 8,000
    # – 35 + 12.34
    "100200": 256967.34,
    "112200": 34240.00,  # 33,900 – 20,000 + 22,600 – 2,260
    # 60,000 + 20,000 – 18,000 – 12,500 + 15,000 – 4,200 + 1,250 – 130
    "140500": 61420.00,
    "160200": -1500.00,
    "220200": -50400.00,  # 67,800 + 22,600 – 40,000
    "222100": -812.50,
    "222102": 12410.00,  # 7,800 + 2,600 + 60 + 1,950
    "222103": -7160.35,  # 3,900 + 2,600 + 920.35 – 260
    "300100": -300000.00,
    # Income 30,000 + 20,000 + 7,079.65 – 2,000 = 55,079.65; cost 33,450; selling 6,000;
    # administration 4,980.50; finance 22.66; taxes 312.50; other 130; income tax 500.
    "310300": -9683.99,
}
#: What the transfer takes from the accounts of the result, by debit less credit.
RESULT = {
    "500100": -55079.65,
    "540100": 33450.00,
    "540300": 312.50,
    "560100": 6000.00,
    "560200": 4980.50,
    "560300": 22.66,
    "571100": 130.00,
    "580100": 500.00,
}
#: The balance sheet on 31 January; lines that are not here are zero. There is no year
#: before, so the column of the start of the year is empty.
BALANCE_SHEET = {
    "b1": 261486.84,  # 4,519.50 + 256,967.34
    "b4": 34240.00,
    "b9": 61420.00,
    "b12": 61420.00,
    "b15": 357146.84,
    "b19": 1500.00,
    "b20": -1500.00,
    "b29": -1500.00,
    "b30": 355646.84,
    "b33": 50400.00,
    "b36": -4437.15,  # 812.50 + 7,160.35 – 12,410.00
    "b41": 45962.85,
    "b47": 45962.85,
    "b48": 300000.00,
    "b51": 9683.99,
    "b52": 309683.99,
    "b53": 355646.84,
}
#: The income statement of January.
INCOME_STATEMENT = {
    "p1": 55079.65,
    "p2": 33450.00,  # 18,000 + 12,500 + 4,200 – 1,250
    "p3": 312.50,
    "p11": 6000.00,
    "p14": 4980.50,
    "p18": 22.66,
    # 55,079.65 – 33,450.00 – 312.50 – 6,000.00 – 4,980.50 – 22.66
    "p21": 10313.99,
    "p24": 130.00,
    "p30": 10183.99,
    "p31": 500.00,
    "p32": 9683.99,
}
#: The cash flow statement of January. Cash taken from the bank on the 2nd is no flow.
CASH_FLOWS = {
    "c1": 28000.00,  # 20,000 from customers, 8,000 in advance
    "c2": 12.34,  # interest, booked in red on finance expenses
    "c3": 57010.00,  # 15,000 + 1,950 in advance, 40,000 of debts, input tax of 60
    "c4": 8000.00,
    "c6": 1515.50,  # 1,000 + 480.50 + 35
    "c7": -38513.16,
    "c15": 300000.00,
    "c19": 300000.00,
    "c20": 261486.84,
    "c22": 261486.84,
}


@tagged("post_install", "-at_install")
class TestWorkedMonth(PeriodCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["jxc.finance.setup"].sudo().apply_defaults(cls.company)
        for day, lines in VOUCHERS:
            cls._entry(f"2024-01-{day:02}", *lines)

    def test_the_month_on_paper_balances(self):
        self.assertEqual(len(VOUCHERS), 30)
        self.assertEqual(round(sum(EXPECTED.values()), 2), 0)
        self.assertEqual(round(sum(RESULT.values()), 2), EXPECTED["310300"])

    def test_before_the_transfer(self):
        balances = self._balances("2024-01-31")
        self.assertEqual({code: balances.get(code) for code in RESULT}, RESULT)

    def test_closed_month(self):
        period = self._period("2024-01-31")
        self.assertEqual(self._states(period)["profit"], "error")
        self._close("2024-01-31")
        self.assertEqual(period.move_count, 31)
        self.assertEqual(self._balances("2024-01-31"), EXPECTED)
        self.assertEqual(
            {check.state for check in period.check_ids} - {"ok", "warning"}, set()
        )
        moves = self.env["account.move"].search(period._get_moves_domain())
        self.assertEqual(
            moves.sorted("jxc_voucher_no").mapped("date"),
            sorted(moves.mapped("date")),
        )
        closing = moves.filtered("jxc_pl_closing")
        self.assertEqual(closing.jxc_voucher_no, 31)
        # Without the transfer, as statements read it, the result is all there.
        found = dict.fromkeys(RESULT, 0.0)
        for line in (moves - closing).line_ids:
            if line.account_id.code in found:
                found[line.account_id.code] += line.balance
        found = {code: round(balance, 2) for code, balance in found.items()}
        self.assertEqual(found, RESULT)

    def _statement(self, kind, column):
        result = self.env["jxc.finance.statement"].get_lines(
            kind, "2024-01-01", "2024-01-31", self.company.id
        )
        self.assertEqual(result["problems"], [])
        return {line["code"]: line[column] for line in result["lines"] if line[column]}

    def test_statements(self):
        """The three statements are those on paper, before and after the close."""
        for closed in (False, True):
            if closed:
                self._close("2024-01-31")
            self.assertEqual(self._statement("balance", "closing"), BALANCE_SHEET)
            self.assertEqual(self._statement("balance", "opening"), {})
            for column in ("period", "year"):
                self.assertEqual(self._statement("profit", column), INCOME_STATEMENT)
                self.assertEqual(self._statement("cash", column), CASH_FLOWS)

    def test_trial_balance_is_the_statements(self):
        """科目余额 = statements: line by line from the accounts of the other."""
        balances = self._balances("2024-01-31")

        def total(*heads):
            return round(sum(v for k, v in balances.items() if k.startswith(heads)), 2)

        sheet = self._statement("balance", "closing")
        self.assertEqual(sheet["b1"], total("1001", "1002", "1012"))
        self.assertEqual(sheet["b9"], total("14"))
        self.assertEqual(sheet["b36"], -total("2221"))
        self.assertEqual(sheet["b30"], total("1"))
        self.assertEqual(sheet["b47"], -total("2"))
        self.assertEqual(sheet["b52"], -total("3", "5"))
        self.assertEqual(sheet["b51"], self._statement("profit", "year")["p32"])
        self.assertEqual(sheet["b1"], self._statement("cash", "year")["c22"])

    def test_printed_month(self):
        """Every voucher is printed, and the totals of the print are those of the
        books."""
        moves = self.env["account.move"].search(
            self._period("2024-01-31")._get_moves_domain()
        )
        sheets = moves._jxc_get_voucher_sheets()
        self.assertEqual(
            sorted({sheet["number"] for sheet in sheets}),
            sorted(f"记-{number}" for number in range(1, 31)),
        )
        self.assertTrue(
            all(sheet["foot"]["debit"] == sheet["foot"]["credit"] for sheet in sheets)
        )
