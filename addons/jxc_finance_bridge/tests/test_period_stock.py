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
