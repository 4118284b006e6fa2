# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import BookingCommon
from .test_period import CAPITAL, PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodChecks(PeriodCommon):
    """Each check of a month fails for what it looks for, and passes without it."""

    def _state(self, code, date="2024-01-31"):
        return self._states(self._period(date))[code]

    def _bank(self):
        return self.company_data["default_journal_bank"]

    def _picking(self, scheduled):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        goods = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True}
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.in_type_id.id,
                "scheduled_date": scheduled,
                "move_ids": [
                    Command.create({"product_id": goods.id, "product_uom_qty": 1})
                ],
            }
        )
        picking.action_confirm()
        picking.scheduled_date = scheduled
        return picking

    def test_earlier(self):
        self._entry("2024-01-05", *CAPITAL)
        self._entry("2024-02-05", *CAPITAL)
        self.assertEqual(self._state("earlier", "2024-02-29"), "error")
        self._close("2024-01-31")
        self.assertEqual(self._state("earlier", "2024-02-29"), "ok")

    def test_drafts_and_numbers(self):
        first = self._entry("2024-01-05", *CAPITAL)
        self.env.flush_all()
        draft = self._entry("2024-01-06", *CAPITAL, post=False)
        self.assertEqual(self._state("drafts"), "error")
        draft.action_post()
        self.assertEqual(self._state("drafts"), "ok")
        self.assertEqual(self._state("numbers"), "ok")
        first.button_draft()
        first.button_cancel()
        self.assertEqual(self._state("numbers"), "error")
        self._period("2024-01-31").action_renumber()
        self.assertEqual(self._state("numbers"), "ok")

    def test_signatures(self):
        """They are asked for, and in the way where they must be there."""
        move = self._entry("2024-01-05", *CAPITAL)
        self.assertEqual(self._state("review"), "warning")
        self.assertEqual(self._state("cashier"), "warning")
        self.company.jxc_voucher_review = True
        self.assertEqual(self._state("review"), "error")
        self.assertEqual(self._state("cashier"), "error")
        cashier = self._user("c_cash", "jxc_finance_bridge.group_voucher_cashier")
        reviewer = self._user("c_review", "jxc_finance_bridge.group_voucher_reviewer")
        move.with_user(cashier).action_jxc_cashier_sign()
        move.with_user(reviewer).action_jxc_check()
        self.assertEqual(self._state("review"), "ok")
        self.assertEqual(self._state("cashier"), "ok")

    def test_balance(self):
        """Nothing in here unbalances the books; a hand in the database does."""
        move = self._entry("2024-01-05", *CAPITAL)
        self.assertEqual(self._state("balance"), "ok")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = balance + 1 WHERE id = %s",
            [move.line_ids[0].id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._state("balance"), "error")

    def test_statements_and_suspense(self):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self._bank().id,
                "date": "2024-01-10",
                "amount": 50,
                "payment_ref": "Unknown",
            }
        )
        self.assertEqual(self._state("statements"), "error")
        self.assertEqual(self._state("suspense"), "warning")
        line.unlink()
        self.assertEqual(self._state("statements"), "ok")
        self.assertEqual(self._state("suspense"), "ok")

    def test_outstanding(self):
        account = self._account("122100").copy({"code": "122199"})
        methods = self._bank().inbound_payment_method_line_ids
        methods[0].payment_account_id = account
        self._entry("2024-01-10", ("122199", 70, 0), ("500100", 0, 70))
        self.assertEqual(self._state("outstanding"), "warning")
        self._entry("2024-01-20", ("100200", 70, 0), ("122199", 0, 70))
        self.assertEqual(self._state("outstanding"), "ok")

    def test_disposal(self):
        """Differences of counts may wait for the end of the year, not longer."""
        self._entry("2024-01-10", ("190100", 30, 0), ("140500", 0, 30))
        self.assertEqual(self._state("disposal"), "warning")
        self.assertEqual(self._state("disposal", "2024-12-31"), "error")
        self._entry("2024-01-20", ("560200", 30, 0), ("190100", 0, 30))
        self.assertEqual(self._state("disposal"), "ok")

    def test_profit(self):
        self._entry("2024-01-10", ("560200", 30, 0), ("100200", 0, 30))
        self.assertEqual(self._state("profit"), "error")
        self._period("2024-01-31").action_transfer_profit()
        self.assertEqual(self._state("profit"), "ok")

    def test_transfers(self):
        """The month ends when it does where the company is."""
        self.assertEqual(self._state("transfers"), "ok")
        picking = self._picking("2024-01-31 15:30:00")
        self.company.partner_id.tz = "Asia/Shanghai"
        period = self._period("2024-01-31")
        self.assertEqual(self._states(period)["transfers"], "warning")
        check = period.check_ids.filtered(lambda check: check.code == "transfers")
        found = self.env["stock.picking"].search(check.action_open()["domain"])
        self.assertEqual(found, picking)
        picking.scheduled_date = "2024-01-31 16:30:00"
        self.assertEqual(self._state("transfers"), "ok", "February there")
        self.company.partner_id.tz = "UTC"
        self.assertEqual(self._state("transfers"), "warning", "January there")
        picking.action_cancel()
        self.assertEqual(self._state("transfers"), "ok")

    def test_counts(self):
        """There is a check of stock counts where there are such."""
        states = self._states(self._period("2024-01-31"))
        if "jxc.stock.count" not in self.env:
            self.assertNotIn("counts", states)
            return
        self.assertEqual(states["counts"], "ok")
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        goods = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True}
        )
        self.env["stock.quant"]._update_available_quantity(
            goods, warehouse.lot_stock_id, 5
        )
        count = self.env["jxc.stock.count"].create(
            {"company_id": self.company.id, "date": "2024-01-20"}
        )
        count.action_start()
        self.assertEqual(self._state("counts"), "error")
        self.assertEqual(self._state("counts", "2023-12-31"), "ok")
        count.action_cancel()
        self.assertEqual(self._state("counts"), "ok")

    def test_counts_wait_for_approval(self):
        """What was counted is in the way until it is approved and in the stock."""
        if "jxc.stock.count" not in self.env:
            self.assertNotIn("counts", self._states(self._period("2024-01-31")))
            return
        self.env.user.group_ids += self.env.ref("stock.group_stock_manager")
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        goods = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True}
        )
        self.env["stock.quant"]._update_available_quantity(
            goods, warehouse.lot_stock_id, 5
        )
        count = self.env["jxc.stock.count"].create(
            {
                "company_id": self.company.id,
                "date": "2024-01-20",
                "product_ids": [Command.set(goods.ids)],
                "uncounted": "zero",
            }
        )
        count.action_start()
        count.action_submit()
        if count.state == "in_progress":  # beyond the tolerance: counted once more
            count.action_submit()
        self.assertEqual(count.state, "submitted")
        period = self._period("2024-01-31")
        self.assertEqual(self._states(period)["counts"], "error")
        check = period.check_ids.filtered(lambda check: check.code == "counts")
        found = self.env["jxc.stock.count"].search(check.action_open()["domain"])
        self.assertEqual(found, count)
        with self.assertRaisesRegex(UserError, "counts are approved"):
            period.action_close()
        count.line_ids.action_keep()
        self.assertEqual(count.state, "done")
        self.assertEqual(self._state("counts"), "ok")


@tagged("post_install", "-at_install")
class TestPeriodGoodsChecks(BookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("goods_closer", "account.group_account_manager")

    def _check(self, code, day="2026-01-31"):
        with self._on("2026-03-03"):
            periods = self.env["jxc.finance.period"].with_user(self.manager)
            period = periods._get_or_create(self.company, day)
            period.action_check()
        return period.check_ids.filtered(lambda check: check.code == code)

    def test_stock_tied(self):
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-05", line, 10)
        self.assertEqual(self._check("stock_taken").state, "error")
        with self._on("2026-02-03"):
            self.snapshots.take("2026-01-31", self.company)
        self.assertEqual(self._check("stock_taken").state, "ok")
        self.assertEqual(self._check("stock_tied").state, "ok")
        self._entry("2026-02-10", (self.stock.code, 5, 0), ("300100", 0, 5))
        with self._on("2026-03-02"):
            self.snapshots.take("2026-02-28", self.company)
        self.assertEqual(self._check("stock_tied").state, "ok")
        self.assertEqual(self._check("stock_tied", "2026-02-28").state, "error")

    def test_deliveries(self):
        """What left until the last day and was not invoiced on it; no error."""
        bought = self._buy("2026-01-02", 20, 7)
        self._move("2026-01-02", bought, 20)
        line = self._sell("2026-01-05", 10)
        self.assertEqual(self._check("deliveries").state, "ok", "nothing left yet")
        self._move("2026-01-10", line, 6)
        check = self._check("deliveries")
        self.assertEqual((check.state, check.count), ("warning", 1))
        found = self.env["sale.order.line"].search(check.action_open()["domain"])
        self.assertEqual(found, line)
        draft = self._invoice("2026-01-20", line, 6, 100, post=False)
        self.assertEqual(self._check("deliveries").state, "warning", "a draft is none")
        draft.unlink()
        self._invoice("2026-01-20", line, 6, 100)
        self.assertEqual(self._check("deliveries").state, "ok")
        # February is no matter of January, whatever came later.
        self._move("2026-02-10", line, 4)
        self.assertEqual(self._check("deliveries").state, "ok")
        self.assertEqual(self._check("deliveries", "2026-02-28").state, "warning")
        self._invoice("2026-03-01", line, 4, 100)
        self.assertEqual(self._check("deliveries", "2026-02-28").state, "warning")
        self.assertEqual(self._check("deliveries", "2026-03-31").state, "ok")

    def test_deliveries_that_came_back(self):
        bought = self._buy("2026-01-02", 20, 7)
        self._move("2026-01-02", bought, 20)
        line = self._sell("2026-01-05", 3)
        self._move("2026-01-10", line, 3)
        self.assertEqual(self._check("deliveries").state, "warning")
        self._back("2026-01-12", line, 3)
        self.assertEqual(self._check("deliveries").state, "ok")
