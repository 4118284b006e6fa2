# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What buyers paid is booked for who may book it, and never more than is owed."""

import json

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .channel_common import ChannelCommon

SELLER = "sales_team.group_sale_salesman_all_leads"


class MoneyCommon(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop_user = cls._create_user(
            "jxc_shop", f"{SELLER},jxc_sales.group_channel_payments"
        )
        cls.cashier = cls._create_user(
            "jxc_cashier", f"{SELLER},account.group_account_invoice"
        )

    def _booked(self, order=None):
        domain = [("partner_id", "=", self.customer.id)]
        if order:
            domain = [("jxc_sale_order_id", "=", order.id)]
        return sum(self.env["account.payment"].search(domain).mapped("amount"))


@tagged("post_install", "-at_install")
class TestChannelMoney(MoneyCommon):
    def test_who_may_book(self):
        boss = self._create_user("jxc_shop_boss", "sales_team.group_sale_manager")
        for number, user in enumerate((self.shop_user, self.cashier, boss)):
            [result] = self._import(self._order(f"B{number}", paid=150), user=user)
            self.assertEqual((result["status"], result["problems"]), ("created", []))
            order = self._found(result)
            self.assertEqual(self._booked(order), 150)
            self.assertEqual(
                (order.jxc_channel_paid, order.jxc_channel_unbooked), (150, 0)
            )

    def test_fees_are_shown(self):
        """Of all orders that are not cancelled, in the company's currency."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 0.125,
            }
        )
        other = self.channel.copy({"code": "OT", "name": "Other Shop"})
        results = self._import(
            self._order("T1", fee=3.2), self._order("T2", fee=50), self._order("T3")
        )
        self._found(results[1]).action_cancel()
        dollars = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": dollar.id}
        )
        order = self._create_order(pricelist_id=dollars.id)
        order.sudo().write(
            {
                "jxc_channel_id": self.channel.id,
                "jxc_channel_number": "T4",
                "jxc_channel_fee": 1.3,
            }
        )
        channels = self.channel | other
        channels.invalidate_recordset()
        self.assertEqual(channels.mapped("fee_total"), [13.6, 0], "3.2 and $1.3")
        boss = self._create_user("jxc_fee_boss", "sales_team.group_sale_manager")
        action = self.channel.with_user(boss).action_open_orders()
        orders = self.env["sale.order"].with_user(boss)
        [listed] = [view_id for view_id, kind in action["views"] if kind == "list"]
        arch = etree.fromstring(orders.get_view(listed, "list")["arch"])
        [fee] = arch.xpath("//field[@name='jxc_channel_fee']")
        self.assertEqual(
            (fee.get("optional"), fee.get("sum")), ("show", "Platform Fees")
        )
        self.assertEqual(
            sum(orders.search(action["domain"]).mapped("jxc_channel_fee")), 54.5
        )

    def test_fee_above_the_order(self):
        """Refused: a fee in cents would stand in the order for good."""
        results = self._import(
            self._order("F1", fee=5000, paid=150),
            self._order("F2", fee=20),
            self._order("F3", fee=200),
            user=self.shop_user,
        )
        self.assertEqual(
            [one["status"] for one in results], ["refused", "created", "created"]
        )
        self.assertIn("fee: the platform keeps 5000.00", results[0]["problems"][0])
        self.assertFalse(self._booked())
        self.assertFalse(
            self.env["sale.order"].search([("jxc_channel_number", "=", "F1")])
        )
        [again] = self._import(self._order("F1", fee=50, paid=150), user=self.shop_user)
        self.assertEqual(again["status"], "created")
        self.assertEqual(self._found(again).jxc_channel_fee, 50)
        gift = {"lines": [{"sku": "LAMP", "quantity": 1, "price": 0}], "fee": 2}
        [gift] = self._import(self._order("F4") | gift, user=self.shop_user)
        self.assertEqual(gift["status"], "created")

    def test_sent_again_after_it_was_cancelled(self):
        """It stays cancelled, and what is paid since is told and not lost."""
        [first] = self._import(self._order("X1", paid=50), user=self.shop_user)
        order = self._found(first)
        order._action_cancel()
        [again] = self._import(self._order("X1", paid=50), user=self.shop_user)
        self.assertEqual((again["status"], again["order_id"]), ("exists", order.id))
        self.assertIn("was cancelled", again["problems"][0])
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._booked(order), 50)

    def test_seller_books_nothing(self):
        """The order comes in; what is paid is noted, and that it is not booked."""
        results = self._import(
            self._order("S1", paid=150), self._order("S2"), user=self.salesman
        )
        self.assertEqual([one["status"] for one in results], ["created", "created"])
        self.assertIn("150.00", results[0]["problems"][0])
        self.assertFalse(results[1]["problems"])
        order = self._found(results[0])
        self.assertFalse(self._booked())
        self.assertEqual(self._exposure(), 400)
        self.assertEqual(
            (order.jxc_channel_paid, order.jxc_channel_unbooked), (150, 150)
        )
        # Sent again by who may, it is booked; and once.
        for _time in range(2):
            [again] = self._import(self._order("S1", paid=150), user=self.shop_user)
            self.assertEqual((again["status"], again["problems"]), ("exists", []))
        self.assertEqual(self._booked(order), 150)
        self.assertFalse(order.jxc_channel_unbooked)

    def test_what_a_seller_invented_is_not_booked_by_the_shop(self):
        """The shop's own system is believed, not what was noted before."""
        [result] = self._import(self._order("I1", paid=200), user=self.salesman)
        order = self._found(result)
        for told in (0, 120):
            self._import(self._order("I1", paid=told), user=self.shop_user)
            self.assertEqual(self._booked(order), told)
            self.assertEqual(
                (order.jxc_channel_paid, order.jxc_channel_unbooked), (told, 0)
            )

    def test_noted_money_is_booked_on_the_order(self):
        [result] = self._import(self._order("N1", paid=150), user=self.salesman)
        order = self._found(result)
        with self.assertRaises(AccessError):
            order.with_user(self.salesman).action_jxc_book_channel_paid()
        for _time in range(2):
            order.with_user(self.cashier).action_jxc_book_channel_paid()
        self.assertEqual(self._booked(order), 150)
        self.assertFalse(order.jxc_channel_unbooked)

    def test_more_than_the_order(self):
        """Nobody pays more than his order; the others are booked."""
        results = self._import(
            self._order("M1", paid=5000),
            self._order("M2", paid=200),
            user=self.shop_user,
        )
        self.assertEqual([one["status"] for one in results], ["quotation", "created"])
        self.assertIn("5000.00", results[0]["problems"][0])
        self.assertFalse(self._booked(self._found(results[0])))
        self.assertEqual(self._booked(self._found(results[1])), 200)
        [again] = self._import(self._order("M2", paid=200.5), user=self.shop_user)
        self.assertIn("200.50", again["problems"][0])
        self.assertEqual(self._booked(self._found(results[1])), 200)

    def test_at_most_the_rest(self):
        """What accounting has booked by hand is not booked once more."""
        [result] = self._import(self._order("R1", paid=50), user=self.shop_user)
        order = self._found(result)
        self._receipt(100, order)
        self._import(self._order("R1", paid=200), user=self.shop_user)
        self.assertEqual(self._booked(order), 200)
        self.assertFalse(order.jxc_channel_unbooked)

    def test_nobody_takes_back_what_the_shop_said(self):
        """Else the same money would be booked again."""
        [result] = self._import(self._order("T1", paid=200), user=self.shop_user)
        order = self._found(result).with_user(self.shop_user)
        for name in ("jxc_channel_paid", "jxc_channel_unbooked", "jxc_channel_number"):
            with self.assertRaises(AccessError):
                order.write({name: False})


@tagged("post_install", "-at_install")
class TestChannelMoneyRpc(MoneyCommon, HttpCase):
    def _send(self, user, method="import_orders", **keywords):
        self.authenticate(user.login, user.login)
        model = "jxc.sale.channel"
        params = {
            "model": model,
            "method": method,
            "args": [self.channel.ids],
            "kwargs": keywords,
        }
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_seller_invents_receipts(self):
        """No way for a seller to free credit with money that nobody has seen."""
        self.account.credit_limit = 450
        orders = [self._order("A1", paid=200), self._order("A2", paid=200)]
        for context in ({}, {"jxc_may_book": True, "default_journal_id": self.bank.id}):
            answer = self._send(self.salesman, orders=orders, context=context)
            self.assertEqual(len(answer["result"]), 2, answer)
            self.env.invalidate_all()
            self.assertFalse(self._booked())
            self.assertEqual(self._exposure(), 400)
        answer = self._send(self.salesman, orders=[self._order("A3", paid=200)])
        self.assertEqual(answer["result"][0]["status"], "quotation")
        answer = self._send(self.salesman, "_book_paid", pairs=[], context={"su": True})
        self.assertIn("error", answer)
        self.env.invalidate_all()
        self.assertFalse(self._booked())
        answer = self._send(self.shop_user, orders=orders)
        self.env.invalidate_all()
        self.assertEqual(self._booked(), 400, answer)
