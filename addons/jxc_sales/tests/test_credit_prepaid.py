# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from itertools import product

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditPrepaid(HoldCommon):
    """Customers who owe too much already and pay first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.order_action = "block"
        cls._create_order(10).action_confirm()
        cls.account.credit_limit = 0

    def _assert_refused(self, order):
        with self.assertRaises(UserError):
            order.with_user(self.salesman).action_confirm()
        order.invalidate_recordset()

    def test_paid_in_full(self):
        order = self._create_order(3)
        self._receipt(299.99, order)
        self._assert_refused(order)
        self._receipt(0.01, order)
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(UserError):
            order.order_line.product_uom_qty = 4

    def test_unposted_receipt_pays_nothing(self):
        order = self._create_order(3)
        receipt = self._receipt(300, order, post=False)
        self._assert_refused(order)
        receipt.action_post()
        receipt.action_draft()
        self._assert_refused(order)
        receipt.action_post()
        order.with_user(self.salesman).action_confirm()

    def test_receipt_used_elsewhere_pays_nothing(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2024-01-01",
                "invoice_line_ids": [
                    Command.create({"name": "W", "price_unit": 300, "tax_ids": False})
                ],
            }
        )
        self.account.credit_limit = 5000
        invoice.action_post()
        self.account.credit_limit = 0
        order = self._create_order(3)
        receipt = self._receipt(300, order)
        items = (receipt.move_id | invoice).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        items.reconcile()
        self._assert_refused(order)

    def test_one_receipt_for_one_order(self):
        first, second = self._create_order(3), self._create_order(3)
        receipt = self._receipt(300, first)
        first.action_confirm()
        with self.assertRaises(UserError):
            receipt.jxc_sale_order_id = second
        self._assert_refused(second)

    def _paid_online(self, order):
        """The booked payment of a transaction over one order."""
        method = self.env.ref("payment.payment_method_unknown")
        provider = self.env["payment.provider"].create({"name": "Online"})
        # sudo: as the payment page makes it
        transaction = self.env["payment.transaction"].sudo()
        transaction = transaction.create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"{order.name}-online",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )
        payment = self._receipt(
            order.amount_total,
            order.browse(),
            post=False,
            payment_transaction_id=transaction.id,
        )
        transaction.payment_id = payment
        payment.action_post()
        return payment

    def test_one_online_payment_for_one_order(self):
        first, second = self._create_order(3), self._create_order(3)
        payment = self._paid_online(first)
        self.assertEqual((first._jxc_prepaid(), second._jxc_prepaid()), (300, 0))
        biller = self._create_user("jxc_biller", "account.group_account_invoice")
        own = payment.with_user(biller)
        with self.assertRaises(UserError):
            own.jxc_sale_order_id = second
        own.jxc_sale_order_id = first
        self.assertEqual((first._jxc_prepaid(), second._jxc_prepaid()), (300, 0))
        first.with_user(self.salesman).action_confirm()
        self._assert_refused(second)

    def test_online_payment_does_not_move_to_another_order(self):
        first, second = self._create_order(3), self._create_order(3)
        payment = self._paid_online(first)
        first.with_user(self.salesman).action_confirm()
        seller = self._create_user(
            "jxc_selling_biller",
            "account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
        )
        transaction = payment.payment_transaction_id
        for order, command in (
            (first, Command.unlink(transaction.id)),
            (second, Command.link(transaction.id)),
        ):
            with self.assertRaises(AccessError):
                order.with_user(seller).write({"transaction_ids": [command]})
        with self.assertRaises(AccessError):
            transaction.with_user(seller).sale_order_ids = second

    def test_receipt_of_a_transaction_counts_once(self):
        """Also where it was set for another order before that was refused."""
        first, second = self._create_order(3), self._create_order(3)
        payment = self._paid_online(first)
        self.env.cr.execute(
            "UPDATE account_payment SET jxc_sale_order_id = %s WHERE id = %s",
            (second.id, payment.id),
        )
        self.env.invalidate_all()
        self.assertEqual((first._jxc_prepaid(), second._jxc_prepaid()), (300, 0))

    def test_receipt_of_another_customer(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        with self.assertRaises(ValidationError):
            self._receipt(300, self._create_order(3), partner_id=other.id)

    def test_policy(self):
        self.company.jxc_credit_exempt_prepaid = False
        order = self._create_order(3)
        self._receipt(300, order)
        self._assert_refused(order)

    def test_policy_over_cash_and_paid_orders(self):
        """Exempt or not: both kinds, at order and at delivery, by limit and overdue."""
        for kind, exempt in product(("cash", "paid", "unpaid"), (True, False)):
            self.account.credit_limit = 0
            self.company.jxc_credit_exempt_prepaid = exempt
            mode = "retail" if kind == "cash" else "simple"
            order = self._create_order(3, jxc_sale_mode=mode)
            if kind == "paid":
                self._receipt(300, order)
            with self.subTest(kind=kind, exempt=exempt):
                if not exempt or kind == "unpaid":
                    self._assert_refused(order)
                    continue
                order.with_user(self.salesman).action_confirm()
                self.assertEqual(order.state, "sale")
                self.account.delivery_action = "block"
                if kind == "cash":
                    self._receipt(300, order)
                self._deliver(order)
                self.assertEqual(order.order_line.qty_delivered, 3)
                self.account.delivery_action = "none"

    def test_policy_at_delivery(self):
        """An order confirmed within the limit is held to it when it leaves, too."""
        for kind, exempt in product(("cash", "paid"), (True, False)):
            self.account.write({"credit_limit": 9000, "delivery_action": "none"})
            self.company.jxc_credit_exempt_prepaid = exempt
            mode = "retail" if kind == "cash" else "simple"
            order = self._create_order(3, jxc_sale_mode=mode)
            order.action_confirm()
            self._receipt(300, order)
            owed = self._create_order(2)
            owed.action_confirm()
            self._deliver(owed)
            self.account.write({"credit_limit": 0, "delivery_action": "block"})
            with self.subTest(kind=kind, exempt=exempt):
                if exempt:
                    self._deliver(order)
                    self.assertEqual(order.order_line.qty_delivered, 3)
                else:
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        self._deliver(order)

    def test_overdue_does_not_stop_paid_orders(self):
        self.account.write({"control_overdue": True, "unlimited": True})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2024-01-01",
                "invoice_payment_term_id": False,
                "invoice_date_due": "2024-01-01",
                "invoice_line_ids": [
                    Command.create({"name": "W", "price_unit": 300, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        order = self._create_order(3)
        self._assert_refused(order)
        self._receipt(300, order)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_paid_order_on_hold_goes_on(self):
        self.account.order_action = "hold"
        order = self._held(3)
        self._triggered()
        self._receipt(300, order)
        self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual((order.state, order.jxc_credit_state), ("sale", "free"))
