# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The company's terms of pre-sales, and cash for services, hold whoever sells."""

import json

from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import HttpCase, tagged

from .common import CreditCommon
from .test_credit_channels import CONTEXT_KEYS, PIXEL


class TermsCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 50000
        cls.boss = cls._create_user("jxc_terms_boss", "sales_team.group_sale_manager")
        cls.company.write(
            {"jxc_presale_deposit_percent": 30, "jxc_presale_balance_before": False}
        )

    def _presale(self, **values):
        values = {"jxc_sale_mode": "presale", "user_id": self.salesman.id, **values}
        return self._create_order(3, **values)

    def _assert_refused(self, order, user=None):
        for context in ({}, CONTEXT_KEYS):
            with self.assertRaisesRegex(UserError, "sales manager"):
                order.with_user(user or self.salesman).with_context(
                    **context
                ).action_confirm()
            self.env.invalidate_all()
            self.assertEqual(order.state, "draft")

    def _sign(self, order):
        """Let the customer sign the order in the portal; takes an HttpCase."""
        order.write({"require_signature": True, "require_payment": False})
        order._portal_ensure_token()
        params = {
            "access_token": order.access_token,
            "name": "Buyer",
            "signature": PIXEL,
        }
        self.url_open(
            f"/my/orders/{order.id}/accept",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPresaleTerms(TermsCommon):
    def test_company_terms_hold(self):
        for values in (
            {"jxc_deposit_percent": 29},
            {"jxc_deposit_amount": 1},
            # All is paid before goods leave, but stock is reserved for nothing.
            {"jxc_balance_before": True, "jxc_deposit_percent": 0},
        ):
            with self.subTest(values=values):
                order = self._presale()
                order.with_user(self.salesman).write(values)
                self._assert_refused(order)
                order.with_user(self.boss).action_confirm()
                self.assertEqual(order.state, "sale")
        self.company.jxc_presale_balance_before = True
        order = self._presale(jxc_balance_before=False, jxc_deposit_percent=90)
        self._assert_refused(order)

    def test_better_terms_are_no_exception(self):
        for values in (
            {},
            {"jxc_deposit_percent": 31},
            {"jxc_deposit_percent": 0, "jxc_deposit_amount": 90},
            {"jxc_balance_before": True},
        ):
            with self.subTest(values=values):
                order = self._presale(**values)
                order.with_user(self.salesman).action_confirm()
                self.assertEqual(order.state, "sale")

    def test_presale_customer_buys_no_other_way(self):
        self.customer.jxc_sale_mode = "presale"
        for mode in ("simple", "wholesale"):
            order = self._create_order(3, jxc_sale_mode=mode)
            self._assert_refused(order)
        order.with_user(self.boss).action_confirm()
        self.assertEqual(order.state, "sale")
        order = self._create_order(3, jxc_sale_mode="retail")
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale", "all is paid first")

    def test_approval(self):
        """With the preset in force, an exception goes to a person."""
        self.env.ref("jxc_sales.tier_preset_sale_terms").action_jxc_activate()
        good, low = self._presale(), self._presale(jxc_deposit_percent=5)
        orders = (good | low).with_user(self.salesman)
        orders.action_confirm()
        self.assertEqual((good.state, low.state), ("sale", "draft"))
        self.assertTrue(low.sudo().review_ids)
        self.assertIn("30", low.with_user(self.boss)._jxc_approval_summary())
        low.with_user(self.boss).validate_tier()
        self.assertEqual(low.state, "sale")

    def test_less_than_approved_is_approved_again(self):
        self.env.ref("jxc_sales.tier_preset_sale_terms").action_jxc_activate()
        percent = self._presale(jxc_deposit_percent=20)
        amount = self._presale(jxc_deposit_percent=0, jxc_deposit_amount=60)
        orders = percent | amount
        orders.with_user(self.salesman).action_confirm()
        for order in orders:
            order.with_user(self.boss).validate_tier()
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        # Dearer is no reason by itself; a deposit that stays is less of the total.
        for order in orders:
            order.with_user(self.salesman).order_line.price_unit *= 2
        orders.invalidate_recordset()
        for order in orders:
            self.assertEqual(
                (order.state, order.validation_status), ("draft", "pending")
            )

    def test_held_order_keeps_its_terms(self):
        self.account.write({"credit_limit": 0, "order_action": "hold"})
        order = self._presale().with_user(self.salesman)
        order.action_confirm()
        self.assertEqual(order.jxc_credit_state, "hold")
        for values in ({"jxc_deposit_percent": 5}, {"jxc_deposit_amount": 1}):
            with self.assertRaisesRegex(UserError, "sales manager"):
                order.write(values)
            self.env.invalidate_all()
        order.with_user(self.boss).write({"jxc_deposit_percent": 5})

    def test_window_of_a_confirmed_order(self):
        today = self.account._jxc_today()
        order = self._presale(jxc_window_from=Date.add(today, days=9))
        order.with_user(self.salesman).action_confirm()
        own = order.with_user(self.salesman)
        own.write({"jxc_window_from": Date.add(today, days=10)})
        for day in (today, False):
            with self.assertRaisesRegex(UserError, "sales manager"):
                own.write({"jxc_window_from": day})
            self.env.invalidate_all()
        self.assertEqual(order.jxc_window_from, Date.add(today, days=10))
        order.with_user(self.boss).write({"jxc_window_from": today})
        self.assertEqual(order.jxc_window_from, today)


@tagged("post_install", "-at_install")
class TestPresaleTermsPortal(TermsCommon, HttpCase):
    def test_customer_signs_what_the_seller_may_not_sell(self):
        order = self._presale(jxc_deposit_percent=1)
        self._sign(order)
        self.assertNotEqual(order.state, "sale")


@tagged("post_install", "-at_install")
class TestRetailServices(TermsCommon):
    """No goods wait at the door: a service is paid when it is ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.env["product.product"].create(
            {
                "name": "Work",
                "type": "service",
                "list_price": 100,
                "taxes_id": [Command.clear()],
            }
        )

    def _cash(self, **values):
        return self._create_order(
            2, product=self.service, jxc_sale_mode="retail", **values
        )

    def test_unpaid_is_refused(self):
        """Whatever credit the customer has, and whoever confirms."""
        order = self._cash()
        for user in (self.salesman, self.boss, self.env.ref("base.user_root")):
            with self.assertRaisesRegex(UserError, r"200\.00"):
                order.with_user(user).action_confirm()
            self.env.invalidate_all()
            self.assertEqual(order.state, "draft")
        self._receipt(199, order)
        with self.assertRaisesRegex(UserError, r"199\.00"):
            order.with_user(self.salesman).action_confirm()
        self.env.invalidate_all()
        self._receipt(1, order)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_customer_without_account(self):
        stranger = self.env["res.partner"].create({"name": "Passer-by"})
        order = self._cash(partner_id=stranger.id)
        with self.assertRaises(UserError):
            order.with_user(self.salesman).action_confirm()

    def test_paid_order_does_not_widen_unpaid(self):
        order = self._cash()
        self._receipt(200, order)
        order.with_user(self.salesman).action_confirm()
        with self.assertRaisesRegex(UserError, r"300\.00"):
            order.order_line.with_user(self.salesman).product_uom_qty = 3
        self.env.invalidate_all()
        self._receipt(100, order)
        order.order_line.with_user(self.salesman).product_uom_qty = 3
        self.assertEqual(order.amount_total, 300)

    def test_money_with_the_order(self):
        """A payment that came is money, also before it is booked."""
        order = self._cash()
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": self.env["payment.provider"]
                .create({"name": "Bank of Tests"})
                .id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": order.name,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )._check_amount_and_confirm_order()
        self.assertEqual(order.state, "sale")

    def test_goods_wait_at_the_door_as_before(self):
        order = self._create_order(2, jxc_sale_mode="retail")
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
