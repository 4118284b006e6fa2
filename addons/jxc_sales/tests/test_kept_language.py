# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from contextlib import contextmanager

from odoo.fields import Command, Date
from odoo.tests import tagged

from .price_common import PriceCommon
from .return_common import ReturnCommon
from .test_credit_channels import PIXEL


class KeptLanguage:
    """A Chinese company in which English is spoken at the keyboard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.company.partner_id.lang = "zh_CN"

    @contextmanager
    def _assert_kept_in_chinese(self, record, *facts):
        """What is written into the chatter of a record meanwhile, with these facts."""
        before = record.sudo().message_ids
        yield
        record.invalidate_recordset(["message_ids"])
        bodies = [str(one.body) for one in record.sudo().message_ids - before]
        notes = [body for body in bodies if all(fact in body for fact in facts)]
        self.assertTrue(notes, bodies)
        for note in notes:
            self.assertRegex(note, r"[\u4e00-\u9fff]")
            rest = re.sub(r"<[^>]*>|&\w+;|Bright Trading|Lamp|Units|Mr Li", "", note)
            for fact in facts:
                rest = rest.replace(fact, "")
            self.assertNotRegex(rest, r"[a-z]{3} ?[a-z]*", note)


@tagged("post_install", "-at_install")
class TestKeptLanguageOfCredit(KeptLanguage, ReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 1000

    def test_warnings(self):
        self.account.order_action = "warn"
        order = self._create_order(11)
        with self._assert_kept_in_chinese(order, "1,100.00"):
            order.action_confirm()
        self.account.delivery_action = "warn"
        with self._assert_kept_in_chinese(order, "1,100.00"):
            self._deliver(order)

    def test_overdue(self):
        self.account.write(
            {"order_action": "warn", "unlimited": True, "control_overdue": True}
        )
        self._due(500, 40)
        order = self._create_order(1)
        with self._assert_kept_in_chinese(order, "500.00"):
            order.action_confirm()

    def test_one_of_several_orders(self):
        self.account.order_action = "block"
        fits, large = self._create_order(1), self._create_order(11)
        with self._assert_kept_in_chinese(large, "1,000.00"):
            shown = (fits + large).action_confirm()
        self.assertIn("was not confirmed", shown["params"]["message"])

    def test_one_of_several_deliveries(self):
        self.account.write({"order_action": "warn", "delivery_action": "block"})
        fits, large = self._create_order(1), self._create_order(11)
        (fits + large).action_confirm()
        pickings = (fits + large).picking_ids
        pickings.move_ids.picked = True
        delivery = large.picking_ids
        with self._assert_kept_in_chinese(delivery, delivery.name, "1,000.00"):
            pickings._action_done()
        self.assertEqual(fits.picking_ids.state, "done")
        self.assertNotEqual(large.picking_ids.state, "done")

    def test_raise_promise_and_release(self):
        day = Date.add(self.account._jxc_today(), days=5)
        with self._assert_kept_in_chinese(self.account, "500.00", "fair"):
            raised = self.env["jxc.credit.override"].create(
                {
                    "account_id": self.account.id,
                    "amount": 500,
                    "until": day,
                    "reason": "fair",
                }
            )
        with self._assert_kept_in_chinese(self.account, "500.00"):
            raised.action_revoke()
        promise = self.env["jxc.credit.promise"].create(
            {"account_id": self.account.id, "amount": 70, "date": day}
        )
        with self._assert_kept_in_chinese(self.account, "70.00"):
            promise.action_accept()
        self.account.order_action = "hold"
        order = self._create_order(11)
        order.action_confirm()
        with self._assert_kept_in_chinese(order, "100.00", "good"):
            order.action_jxc_credit_release(amount=100, reason="good")
        with self._assert_kept_in_chinese(order):
            order.jxc_credit_release_ids.action_revoke()

    def test_receipt(self):
        order = self._sell(1)
        picking = order.picking_ids
        with self._assert_kept_in_chinese(picking, "Mr Li"):
            picking.action_jxc_sign(receiver="Mr Li", signature=PIXEL)
        with self._assert_kept_in_chinese(picking, "Mr Li", "smudged"):
            picking.jxc_receipt_id.action_void(reason="smudged")

    def test_exchange_that_waits(self):
        self.account.write({"credit_limit": 300, "order_action": "block"})
        self._sell(3)
        other = self._create_lamp(name="Lamp", list_price=5000)
        back = self._exchange(1, 1, product=other)
        back.action_confirm()
        with self._assert_kept_in_chinese(back, "300.00"):
            back.action_accept()

    def test_payment_of_what_is_refused(self):
        self.account.order_action = "block"
        order = self._create_order(11)
        provider = self.env["payment.provider"].create({"name": "Bank of Tests"})
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": self.env.ref(
                        "payment.payment_method_unknown"
                    ).id,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "done",
                }
            )
        )
        with self._assert_kept_in_chinese(order, "1,000.00"):
            transaction._check_amount_and_confirm_order()


@tagged("post_install", "-at_install")
class TestKeptLanguageOfPrices(KeptLanguage, PriceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.product_tmpl_id.jxc_min_price = 90

    def test_sold_below(self):
        self._set_action("warn")
        order = self._order(1, 80)
        with self._assert_kept_in_chinese(order, "80.00", "90.00"):
            order.action_confirm()

    def test_one_of_several_orders(self):
        self._set_action("block")
        low, fine = self._order(1, 80), self._order(1, 100)
        with self._assert_kept_in_chinese(low, "80.00", "90.00"):
            shown = (low + fine).action_confirm()
        self.assertIn("below the lowest price", shown["params"]["message"])
        self.assertEqual((low.state, fine.state), ("draft", "sale"))

    def test_approved(self):
        self._set_action("approval")
        self._activate("sale_price", "sales_team.group_sale_manager")
        order = self._order(1, 80)
        order.action_confirm()
        with self._assert_kept_in_chinese(order.sudo()):
            order.with_user(self.manager).validate_tier()
        self.assertEqual(order.state, "sale")
