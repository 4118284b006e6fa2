# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
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

    def test_companies_that_do_not_book_stock(self):
        self.company.jxc_books_stock = False
        with self._on("2026-02-03"):
            self.assertNotIn("stock_taken", self._checks(self._period("2026-01-10")))

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
