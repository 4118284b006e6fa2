# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon

MADE = ("in_process", "paid")


@tagged("post_install", "-at_install")
class TestPaymentAttacks(CreditCommon):
    """Receipts that were never made, or are over less, pay no order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls._create_user("jxc_biller", "account.group_account_invoice")

    def _retail(self):
        """An order over 300 whose goods leave when it is paid."""
        order = self._create_order(3, jxc_sale_mode="retail")
        order.action_confirm()
        return order

    def _try(self, record, values, **context):
        with suppress(AccessError, UserError), self.env.cr.savepoint():
            record.with_user(self.biller).with_context(**context).write(values)
            self.env.flush_all()
        self.env.invalidate_all()

    def _entry(self, amount):
        """What nobody paid: revenue less, receivable less."""
        entry = self.env["account.move"].with_user(self.biller)
        lines = (
            ("default_account_receivable", -amount),
            ("default_account_revenue", amount),
        )
        entry = entry.create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data[account].id,
                            "partner_id": self.customer.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in lines
                ],
            }
        )
        entry.action_post()
        return entry

    def _assert_unpaid(self, order):
        self.assertLess(order._jxc_prepaid(), 1)
        with self.assertRaises(UserError):
            self._deliver(order)

    def test_one_receipt_for_two_orders(self):
        first, second = self._retail(), self._retail()
        paid = self._receipt(300, first)
        other = self._receipt(300, second, post=False)
        entry = paid.move_id
        for values in (
            {"state": "paid", "move_id": entry.id},
            {"move_id": entry.id},
            {"state": "in_process", "move_id": entry.id},
        ):
            with self.subTest(values):
                self._try(other, values)
                self.assertEqual((other.state, other.move_id), ("draft", entry[:0]))
        self._try(entry, {"payment_ids": [Command.link(other.id)]})
        self.assertFalse(other.move_id)
        self._assert_unpaid(second)
        self._deliver(first)

    def test_entry_of_two_receipts_counts_once(self):
        """Also where it was set before that was refused."""
        first, second = self._retail(), self._retail()
        paid = self._receipt(300, first)
        other = self._receipt(300, second, post=False)
        self.env.cr.execute(
            "UPDATE account_payment SET state = 'paid', move_id = %s WHERE id = %s",
            (paid.move_id.id, other.id),
        )
        self.env.invalidate_all()
        self.assertEqual((first._jxc_prepaid(), second._jxc_prepaid()), (300, 0))

    def test_entry_that_is_no_receipt(self):
        order = self._retail()
        receipt = self._receipt(0.01, order, post=False)
        entry = self._entry(300)
        self._try(receipt, {"state": "paid", "move_id": entry.id})
        self._try(entry, {"origin_payment_id": receipt.id})
        self._assert_unpaid(order)
        posted = self._receipt(0.01, order)
        self._try(posted, {"move_id": entry.id})
        self._assert_unpaid(order)
        with self.assertRaises(AccessError):
            self._receipt(
                300,
                order,
                post=False,
                state="paid",
                move_id=entry.id,
                journal_id=receipt.with_user(self.biller).journal_id.id,
            )

    def test_one_cent_that_is_booked_as_all(self):
        """By amounts of its entry, what is written off with it, or its balance."""
        order = self._retail()
        receipt = self._receipt(0.01, order)
        item = receipt.move_id.line_ids.filtered("balance").filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self._try(
            item,
            {"balance": -300, "amount_currency": -300},
            check_move_validity=False,
            skip_invoice_sync=True,
        )
        self._assert_unpaid(order)
        revenue = self.company_data["default_account_revenue"]
        written_off = {
            "name": "W",
            "account_id": revenue.id,
            "partner_id": self.customer.id,
            "currency_id": order.currency_id.id,
            "amount_currency": 299.99,
            "balance": 299.99,
        }
        for values in (
            {"write_off_line_vals": [written_off]},
            {"force_balance": 300},
        ):
            with self.subTest(values):
                self._receipt(0.01, order, **values)
                self._assert_unpaid(order)

    def test_vendor_payments(self):
        """What was paid to vendors is not said either."""
        entry = self._entry(300)
        payment = self._receipt(
            300,
            self.env["sale.order"],
            post=False,
            payment_type="outbound",
            partner_type="supplier",
        )
        self._try(payment, {"state": "paid"})
        self._try(payment, {"state": "paid", "move_id": entry.id})
        self.assertEqual(payment.state, "draft")
        payment.action_post()
        for state in ("draft", "canceled", "rejected"):
            self._try(payment, {"state": state})
            self.assertIn(payment.state, MADE)
        with self.assertRaises(AccessError):
            payment.with_user(self.biller).create(
                {"amount": 1, "partner_id": self.customer.id, "state": "paid"}
            )
        own = payment.with_user(self.biller).with_context(default_state="paid")
        self.assertEqual(own.create({"amount": 1}).state, "draft")

    def test_what_makes_payments(self):
        """Actions of the platform, with the rights of whoever books."""
        order = self._retail()
        receipt = self._receipt(300, order, post=False).with_user(self.biller)
        receipt.write({"state": "draft", "move_id": False, "memo": "as it was"})
        receipt.action_post()
        self.assertIn(receipt.state, MADE)
        self.assertEqual(order._jxc_prepaid(), 300)
        receipt.action_draft()
        self.assertEqual((receipt.state, order._jxc_prepaid()), ("draft", 0))
        receipt.action_post()
        receipt.action_validate()
        self.assertEqual((receipt.state, order._jxc_prepaid()), ("paid", 300))
        receipt.move_id.button_cancel()
        self.assertEqual((receipt.state, order._jxc_prepaid()), ("canceled", 0))
        invoice = self._due(100, 0)
        payment = self._pay(invoice.with_user(self.biller))
        self.assertIn(payment.state, MADE)
        invoice.with_user(self.biller).line_ids.remove_move_reconcile()
        self.assertEqual(invoice.payment_state, "not_paid")
        payment.with_user(self.biller).action_cancel()
        self.assertEqual(payment.state, "canceled")
