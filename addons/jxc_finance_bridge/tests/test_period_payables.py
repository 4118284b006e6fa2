# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .booking_common import BookingCommon
from .test_period import PeriodCommon

DAY, END = "2024-01-15", "2024-01-31"
COST, DEBT = ("540100", 100, 0), ("220200", 0, 100)


@tagged("post_install", "-at_install")
class TestPeriodPayables(PeriodCommon):
    """A bill that is entered as a plain entry meets no matching: closing shows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = cls._user(
            "payables_reviewer", "jxc_finance_bridge.group_voucher_reviewer"
        )

    def _check(self):
        checks = self._period(END)._jxc_close_checks()
        [check] = [check for check in checks if check["code"] == "payables"]
        return check

    def _found(self):
        """Entries that the button of the check opens."""
        check = self._check()
        if check["state"] == "ok":
            self.assertFalse(check["action"])
            return self.env["account.move"]
        self.assertEqual(check["action"]["res_model"], "account.move")
        found = self.env["account.move"].search(check["action"]["domain"])
        self.assertEqual(len(found), check["count"])
        return found

    def test_goods_cost_and_accrual(self):
        """What debits goods, 暂估 or cost and owes a vendor is one."""
        goods = self._account("140500")
        self.company.account_stock_valuation_id = goods
        accrual = self._account("220201") or self._account("220200").copy(
            {"code": "220299", "account_type": "liability_current"}
        )
        self.company.jxc_accrual_account_id = accrual
        for code in ("140500", "540100", accrual.code):
            with self.subTest(code=code):
                move = self._entry(DAY, (code, 100, 0), DEBT)
                self.assertIn(move, self._found())

    def test_what_is_none(self):
        """Bills, payments, transfers between accounts and what takes others back."""
        self._entry(DAY, ("100200", 100, 0), DEBT)
        self._entry(DAY, ("220200", 100, 0), ("100200", 0, 100))
        self._entry(DAY, ("540100", 100, 0), ("140500", 0, 100))
        self._entry(DAY, ("112200", 100, 0), ("500100", 0, 100))
        self._entry("2024-02-15", COST, DEBT)
        self._entry(DAY, COST, DEBT, post=False)
        bill = self._create_invoice_one_line(
            100, move_type="in_invoice", date=DAY, invoice_date=DAY, post=True
        )
        self.assertEqual(bill.state, "posted")
        imported = self._entry(DAY, COST, DEBT, post=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET jxc_import_number = 'x' WHERE id = %s",
            [imported.id],
        )
        self.env.invalidate_all()
        imported.action_post()
        self.assertFalse(self._found())
        move = self._entry(DAY, COST, DEBT)
        back = move._reverse_moves([{"date": DAY}])
        back.action_post()
        self.assertEqual(self._found(), move)

    def test_expenses_where_all_lines_need_an_order(self):
        move = self._entry(DAY, ("560200", 100, 0), DEBT)
        self.assertFalse(self._found())
        self.company.jxc_match_unordered = "all"
        self.assertEqual(self._found(), move)

    def test_only_shown_where_bills_are_not_held(self):
        self._entry(DAY, COST, DEBT)
        for action in ("none", "warn"):
            self.company.jxc_match_action = action
            self.assertEqual(self._check()["state"], "warning")

    def test_in_the_way_until_reviewed(self):
        """Where bills are held, nobody brings one past it alone (制单≠审核)."""
        self.company.jxc_match_action = "hold"
        maker = self._user(
            "payables_maker",
            "account.group_account_manager,jxc_finance_bridge.group_voucher_reviewer",
        )
        move = self._entry(DAY, COST, DEBT, post=False)
        move.with_user(maker).write({"ref": "B-7", "partner_id": self.partner_a.id})
        move.with_user(maker).action_post()
        self.assertEqual(self._check()["state"], "error")
        self._period(END).action_transfer_profit()
        with self.assertRaisesRegex(UserError, "Debts to vendors"):
            self._period(END).action_close()
        with self.assertRaises(UserError):
            move.with_user(maker).action_jxc_check()
        move.with_user(self.reviewer).action_jxc_check()
        self.assertEqual(self._check()["state"], "warning")
        self.assertEqual(self._found(), move)
        self._period(END).action_close()

    def test_stored_for_the_screen(self):
        """The check list of the month has the button to the entries."""
        move = self._entry(DAY, COST, DEBT)
        period = self._period(END)
        period.action_check()
        check = period.check_ids.filtered(lambda check: check.code == "payables")
        self.assertEqual((check.state, check.count), ("warning", 1))
        action = check.action_open()
        self.assertEqual(self.env["account.move"].search(action["domain"]), move)


@tagged("post_install", "-at_install")
class TestPeriodPayablesBooking(BookingCommon):
    """What the booking of stock writes itself is no bill."""

    def test_accruals_and_bills(self):
        line = self._buy("2026-01-05", 10, 10)
        self._move("2026-01-05", line, 10)
        self._invoice("2026-01-06", line, 10, 11)
        manager = self._user("booking_manager", "account.group_account_manager")
        periods = self.env["jxc.finance.period"].with_user(manager)
        period = periods._get_or_create(self.company, date(2026, 1, 31))
        self.assertEqual(period._check_payables()["state"], "ok")
