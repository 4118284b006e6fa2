# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestPeriodStock(BookingCommon):
    """A month closes after its stock month-end, and with bills decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("stock_closer", "account.group_account_manager")

    def _period(self, day):
        periods = self.env["jxc.finance.period"].with_user(self.manager)
        return periods._get_or_create(self.company, day)

    def _checks(self, period):
        period.action_check()
        return {check.code: check for check in period.check_ids}

    def test_month_end_comes_first(self):
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-05", line, 10)
        with self._on("2026-02-03"):
            period = self._period("2026-01-10")
            check = self._checks(period)["stock_taken"]
            self.assertEqual(check.state, "error")
            self.assertIn(self.company.name, check.message)
            with self.assertRaisesRegex(UserError, "month-end of stock"):
                period.action_close()
            self.snapshots.with_user(self.manager).take("2026-01-31", self.company)
            checks = self._checks(period)
            self.assertEqual(checks["stock_taken"].state, "ok")
            self.assertEqual(checks["stock_tied"].state, "ok")
            period.action_transfer_profit()
            period.action_renumber()
            period.action_close()
        self.assertEqual(period.state, "closed")

    def test_month_that_was_closed_without_stock(self):
        """It is taken later for comparison, unless something were booked in it."""
        self._count_account()
        self.company.jxc_books_stock = False
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-05", line, 10)
        with self._on("2026-02-03"):
            period = self._period("2026-01-10")
            self._close(period)
            self.company.jxc_books_stock = True
            with (
                self.assertRaisesRegex(UserError, "closed until"),
                self.env.cr.savepoint(),
            ):
                self.snapshots.take("2026-01-31", self.company)
            period.sudo().action_reopen("the bill was forgotten")
            self.company.jxc_books_stock = False
            self._invoice("2026-01-20", line, 10, 7)
            self._close(period)
            self.company.jxc_books_stock = True
            self._assert_tied(self.snapshots.take("2026-01-31", self.company))

    def _close(self, period):
        period.action_transfer_profit()
        period.action_renumber()
        period.action_close()
        self.assertEqual(period.state, "closed")

    def test_stock_of_a_closed_month_stays(self):
        """What the books were closed with is neither dropped nor taken again."""
        self._count_account()
        line = self._buy("2026-01-05", 10, 7)
        received = self._move("2026-01-05", line, 10)
        later = self._buy("2026-02-01", 2, 7)
        with self._on("2026-02-03"):
            snapshot = self.snapshots.with_user(self.manager).take(
                "2026-01-31", self.company
            )
            period = self._period("2026-01-10")
            period.action_transfer_profit()
            period.action_renumber()
            period.action_close()
            for change in (
                snapshot.action_reopen,
                snapshot.action_take_again,
                snapshot.unlink,
                snapshot.sudo().unlink,
                lambda: call_kw(snapshot.browse(), "unlink", [snapshot.ids], {}),
                lambda: self.snapshots.take("2026-01-31", self.company),
            ):
                with self.assertRaisesRegex(UserError, "period reopened"):
                    change()
        self.assertTrue(snapshot.exists())
        # Also without a month-end, as for goods without an order.
        snapshot.line_ids.sudo().unlink()
        self.env.cr.execute(
            "DELETE FROM jxc_stock_snapshot WHERE id = %s", [snapshot.id]
        )
        self.env.invalidate_all()
        with (
            self.assertRaisesRegex(UserError, "closed until"),
            self.env.cr.savepoint(),
        ):
            self._count("2026-01-20", 30)
        with self.assertRaisesRegex(UserError, "closed until"):
            received.move_line_ids.quantity += 1
        moved = self._move("2026-02-02", later, 2)
        with self.assertRaisesRegex(UserError, "closed until"):
            moved.date = "2026-01-20 04:00:00"
        reopener = self._user(
            "stock_reopener",
            "account.group_account_manager,jxc_finance_bridge.group_period_reopen",
        )
        period.with_user(reopener).action_reopen("a count was forgotten")
        self._count("2026-01-20", 30)

    def test_companies_that_do_not_book_stock(self):
        """No month-end of stock; what came without a bill is named instead."""
        self.company.jxc_books_stock = False
        with self._on("2026-02-03"):
            checks = self._checks(self._period("2026-01-10"))
        self.assertNotIn("stock_taken", checks)
        self.assertEqual(checks["receipts"].state, "ok", "nothing came")
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-06", line, 10)
        self._invoice("2026-01-20", line, 6, 7)
        self._invoice("2026-02-02", line, 4, 7)
        with self._on("2026-03-03"):
            check = self._checks(self._period("2026-01-10"))["receipts"]
            self.assertEqual((check.state, check.count), ("warning", 1))
            self.assertIn(self.company.name, check.message)
            found = self.env["purchase.order.line"].search(
                check.action_open()["domain"]
            )
            self.assertEqual(found, line)
            check = self._checks(self._period("2026-02-10"))["receipts"]
            self.assertEqual(check.state, "ok", "billed in February")
            period = self._period("2026-01-10")
            period.action_transfer_profit()
            period.action_renumber()
            period.action_close()
            self.assertEqual(period.state, "closed", "a warning is in nobody's way")

    def test_receipts_that_went_back_or_are_accrued(self):
        self.company.jxc_books_stock = False
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-06", line, 10)
        self._back("2026-01-08", line, 10)
        with self._on("2026-03-03"):
            checks = self._checks(self._period("2026-01-10"))
        self.assertEqual(checks["receipts"].state, "ok")
        self.company.jxc_books_stock = True
        with self._on("2026-03-03"):
            self.assertNotIn("receipts", self._checks(self._period("2026-01-10")))

    def test_set_up_asks_for_a_decision(self):
        """Wrong once goods move; fixed on its line, or decided in the settings."""
        checks = self.env["jxc.finance.setup.check"]
        self.company.jxc_books_stock = False
        with self._on("2026-01-01"):
            self.goods.standard_price = 7
        self._count("2026-01-02", 5)
        found = checks._assess("books_stock", self.company)
        self.assertEqual(found.state, "later", "opening stock")
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-06", line, 10)
        self.assertEqual(checks._assess("books_stock", self.company).state, "wrong")
        setup = self.env["jxc.finance.setup"].with_user(self.manager)
        report = {row["code"]: row for row in setup.apply_defaults(self.company)}
        self.assertEqual(report["books_stock"]["state"], "wrong")
        self.assertFalse(self.company.jxc_books_stock, "not along with the rest")
        page = setup.with_company(self.company).create({"company_id": self.company.id})
        row = page.line_ids.filtered(lambda line: line.code == "books_stock")
        self.assertEqual(row.state, "wrong")
        self.company.jxc_stock_at_invoicing = True
        self.assertEqual(checks._assess("books_stock", self.company).state, "ok")
        self.company.jxc_stock_at_invoicing = False
        row.action_fix()
        self.assertTrue(self.company.jxc_books_stock)
        self.assertEqual(checks._assess("books_stock", self.company).state, "ok")
        self._entry("2026-01-01", ("140500", 35, 0), ("300100", 0, 35))
        self._assert_tied(self._take("2026-01-31"))

    def test_set_up_without_accounts(self):
        """The fix chooses the accounts it needs."""
        line = self._buy("2026-01-05", 10, 7)
        self.company.jxc_books_stock = False
        self._move("2026-01-06", line, 10)
        self.company.jxc_transit_account_id = False
        checks = self.env["jxc.finance.setup.check"]
        self.assertEqual(checks._assess("books_stock", self.company).state, "wrong")
        checks._fix("books_stock", self.company)
        self.assertTrue(self.company.jxc_books_stock)
        self.assertTrue(self.company.jxc_transit_account_id)

    def _assert_hand_entry_shows(self, name, code, difference):
        """Five more on one of the four accounts: it alone differs, nothing is closed.

        The others agree with more than zero on them.
        """
        bought = self._buy("2026-01-05", 20, 7)
        self._move("2026-01-05", bought, 12)
        self._invoice("2026-01-06", bought, 4, 7)
        ahead = self._buy("2026-01-05", 3, 7)
        self._invoice("2026-01-06", ahead, 3, 7)
        sold = self._sell("2026-01-08", 2)
        self._move("2026-01-08", sold, 2)
        self._entry("2026-01-20", (code, 5, 0), ("300100", 0, 5))
        with self._on("2026-02-03"):
            snapshot = self.snapshots.take("2026-01-31", self.company)
            period = self._period("2026-01-10")
            check = self._checks(period)["stock_tied"]
            period.action_transfer_profit()
            period.action_renumber()
            names = ("stock", "accrual", "transit", "shipped")
            self.assertEqual(
                {key: snapshot[f"{key}_difference"] for key in names},
                {key: difference * (key == name) for key in names},
            )
            self.assertEqual(
                {key: snapshot[f"{key}_value"] for key in names},
                {"stock": 70, "accrual": 56, "transit": 21, "shipped": 14},
            )
            self.assertFalse(snapshot.is_tied)
            self.assertEqual((check.state, check.count), ("error", 1))
            with self.assertRaisesRegex(UserError, "goods shipped agree"):
                period.action_close()
            self.assertEqual(period.state, "open")

    def test_hand_entry_on_goods(self):
        self._assert_hand_entry_shows("stock", "140500", -5)

    def test_hand_entry_on_accrued_receipts(self):
        """They are owed, so a debit makes the account less than its ledger."""
        self._assert_hand_entry_shows("accrual", "220202", 5)

    def test_hand_entry_on_goods_in_transit(self):
        self._assert_hand_entry_shows("transit", "140200", -5)

    def test_hand_entry_on_goods_shipped(self):
        self._assert_hand_entry_shows("shipped", "140501", -5)

    def test_bills_beyond_tolerance(self):
        self.company.jxc_match_action = "hold"
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-05", line, 10)
        with self._on("2026-02-03"):
            self.assertEqual(
                self._checks(self._period("2026-01-10"))["matches"].state, "ok"
            )
        bill = self._invoice("2026-01-20", line, 10, 70)
        self.assertTrue(
            self.env["jxc.invoice.match"].search([("move_id", "=", bill.id)]).is_open
        )
        with self._on("2026-02-03"):
            check = self._checks(self._period("2026-01-10"))["matches"]
        self.assertEqual(check.state, "warning")
        self.assertEqual(check.count, 1)
