# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Defaults of clients, in the context or kept for themselves, decide nothing."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import BookingCommon
from .outbox_common import OutboxCommon
from .settlement_common import SettlementCommon


@tagged("post_install", "-at_install")
class TestClientDefaultsGoods(BookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_match_action = "hold"
        cls.line = cls._buy("2026-01-05", 10, 10)
        cls.clerk = cls._user("defaults_clerk", "account.group_account_invoice")
        cls.keeper = cls._user("defaults_keeper", "stock.group_stock_user")

    def test_matches_are_not_born_released(self):
        self._move("2026-01-05", self.line, 10)
        for keep in (False, True):
            with self.subTest(keep=keep):
                bill = self._invoice("2026-01-06", self.line, 10, 12, post=False)
                bill = bill.with_user(self.clerk)
                if keep:
                    self.env["ir.default"].with_user(self.clerk).set(
                        "jxc.invoice.match",
                        "released_by_id",
                        self.clerk.id,
                        user_id=self.clerk.id,
                    )
                else:
                    bill = bill.with_context(
                        default_released_by_id=self.clerk.id,
                        default_release_reason="mine",
                    )
                bill.action_post()
                self.assertFalse(bill.jxc_match_ids.released_by_id)
                self.assertTrue(bill.jxc_match_open)
                bill.button_draft()

    def _receive(self, **context):
        """The storekeeper receives all; return the rows and entries that makes."""
        picking = self.line.move_ids.picking_id.with_user(self.keeper)
        picking.move_ids.write({"quantity": 10, "picked": True})
        picking.with_context(**context).button_validate()
        return self.env["jxc.stock.accrual"].search(
            [("purchase_line_id", "=", self.line.id)]
        )

    def test_accruals_are_not_taken_for_bills(self):
        self.env["ir.default"].with_user(self.keeper).set(
            "jxc.stock.accrual", "is_bill", True, user_id=self.keeper.id
        )
        row = self._receive(default_is_bill=True)
        self.assertRecordValues(row, [{"is_bill": False, "amount": 100}])

    def test_entries_of_goods_are_the_servers(self):
        """Neither the context nor what the user keeps for himself gets into them."""
        for name, value in (("auto_post", "monthly"), ("ref", "kept")):
            self.env["ir.default"].with_user(self.keeper).set(
                "account.move", name, value, user_id=self.keeper.id
            )
        entry = self._receive(
            default_auto_post="yearly",
            default_narration="of the client",
            default_partner_id=self.customer.id,
            default_analytic_distribution={"1": 100},
        ).move_id
        self.assertEqual(entry.state, "posted")
        self.assertRecordValues(
            entry, [{"auto_post": "no", "narration": False, "partner_id": False}]
        )
        self.assertFalse(any(entry.line_ids.mapped("analytic_distribution")))


@tagged("post_install", "-at_install")
class TestClientDefaultsOutbox(OutboxCommon):
    def test_vouchers_are_not_born_arrived(self):
        accountant = self._user("defaults_accountant", "account.group_account_user")
        target = self._target().with_user(accountant)
        keys = {"default_state": "done", "default_tries": 1, "default_number": "1"}
        for name, value in (("state", "done"), ("tries", 1), ("number", "1")):
            self.env["ir.default"].with_user(accountant).set(
                "jxc.finance.outbox", name, value, user_id=accountant.id
            )
        ids = target.with_context(**keys).enqueue_moves(self._moves().ids)
        row = self.env["jxc.finance.outbox"].browse(ids)
        self.assertRecordValues(row, [{"state": "ready", "tries": 0, "number": False}])


@tagged("post_install", "-at_install")
class TestClientDefaultsSettlement(SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.env.ref("base.USD")
        cls.usd.active = True
        cls.usd.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.usd.id,
                "company_id": cls.company.id,
                "name": "2026-03-01",
                "rate": 1 / 7,
            }
        )
        cls.invoice = cls._item("112200", 1000, currency=cls.usd, balance=7000)

    def _crossed(self, **context):
        settlement = self._settlement(
            currency_id=self.usd.id,
            offset_currency_id=self.company.currency_id.id,
            propose=False,
        )
        return settlement.with_context(**context)

    def test_the_rate_of_a_proposal(self):
        self._item("112200", -7000)
        settlement = self._crossed(default_amount_company=1)
        settlement.action_propose()
        self.assertEqual(settlement.line_ids.mapped("amount_company"), [7000, 7000])

    def test_the_rate_of_own_lines(self):
        vals = {"side": "claim", "move_line_id": self.invoice.id, "amount": 1000}
        settlement = self._crossed()
        with self.assertRaises(AccessError):
            settlement.line_ids = [Command.create({**vals, "amount_company": 1})]
        client = settlement.with_context(default_amount_company=1)
        client.line_ids = [Command.create(vals)]
        lines = client.env["jxc.settlement.line"]
        line = lines.create({**vals, "settlement_id": settlement.id})
        self.assertEqual(
            (settlement.line_ids | line).mapped("amount_company"), [7000, 7000]
        )
