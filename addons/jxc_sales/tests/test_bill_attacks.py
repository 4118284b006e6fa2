# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestBillAttacks(CreditCommon):
    """What invoices and receipts say of money, whoever writes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.order_action = "block"
        cls.biller = cls._create_user("jxc_biller", "account.group_account_invoice")

    def _try(self, record, values):
        with suppress(AccessError, UserError):
            record.with_user(self.biller).write(values)
        self.env.invalidate_all()

    def test_totals_of_invoices(self):
        invoice = self._due(900, 0)
        for values in (
            {"amount_total": 2},
            {"amount_residual": 0},
            {"amount_total_signed": 2},
            {"payment_state": "paid"},
            {"payment_state": "invoicing_legacy"},
            {"amount_untaxed_signed": 0},
        ):
            with self.subTest(values):
                self._try(invoice, values)
                for name, value in values.items():
                    self.assertNotEqual(invoice[name], value)
        # Blocking a payment is the platform's.
        own = invoice.with_user(self.biller)
        own.action_toggle_block_payment()
        self.assertEqual(invoice.payment_state, "blocked")
        own.action_toggle_block_payment()
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_widening_what_is_posted(self):
        invoice = self._due(900, 0)
        for values in ({"price_unit": 5000}, {"quantity": 9}):
            with self.subTest(values):
                self._try(invoice.invoice_line_ids, values)
                self._try(
                    invoice,
                    {
                        "invoice_line_ids": [
                            Command.update(invoice.invoice_line_ids.id, values)
                        ]
                    },
                )
                self.assertEqual(self._exposure(), 900)

    def test_rate(self):
        order = self._create_order(1)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.invoice_line_ids = [
            Command.create({"name": "W", "price_unit": 5000, "tax_ids": False})
        ]
        self._try(invoice, {"invoice_currency_rate": 1000})
        with self.assertRaises(UserError):
            invoice.with_user(self.biller).action_post()

    def test_online_payment_that_nobody_made(self):
        """Of the draft that a customer's visit to the portal leaves, one cannot say
        that it was paid, nor by which receipt."""
        self.company.jxc_credit_exempt_prepaid = True
        order, paid = self._create_order(1), self._create_order(1)
        receipt = self._receipt(100, paid)
        provider = self.env["payment.provider"].create({"name": "Online"})
        method = self.env.ref("payment.payment_method_unknown")
        values = {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "amount": 100,
            "currency_id": order.currency_id.id,
            "partner_id": self.customer.id,
            "reference": "visit",
        }
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create({**values, "sale_order_ids": order.ids})
        )
        for attack in ({"state": "done"}, {"payment_id": receipt.id}):
            self._try(transaction, attack)
        own = transaction.with_user(self.biller)
        own.action_post_process()
        with self.assertRaises(AccessError):
            own.create({**values, "reference": "made up", "state": "done"})
        self.env.invalidate_all()
        self.assertEqual(transaction.state, "draft")
        self.assertFalse(transaction.payment_id)
        self.assertEqual((order._jxc_prepaid(), paid._jxc_prepaid()), (0, 100))
        # What the provider says is written with whose rights it may be.
        own._set_done()
        self.assertEqual(transaction.state, "done")
