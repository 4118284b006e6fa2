# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_bills_common import InspectionBillsCommon


@tagged("post_install", "-at_install")
class TestInspectionBills(InspectionBillsCommon):
    """Bills above what was accepted are refused or held."""

    def test_quantity_to_bill(self):
        order = self._receive()
        line = order.order_line
        self.assertEqual((line.jxc_qty_arrived, line.qty_received), (10, 0))
        self.assertEqual((line.qty_to_invoice, order.invoice_status), (0, "no"))
        self._decide(order, 7, 3)
        self.assertEqual((line.qty_to_invoice, order.invoice_status), (7, "to invoice"))
        order.action_create_invoice()
        self.assertEqual(order.invoice_ids.invoice_line_ids.quantity, 7)
        self.assertEqual(line.qty_to_invoice, 0)

    def test_refuse(self):
        self.company.jxc_bill_control = "refuse"
        order = self._receive()
        bill = self._bill(order, 10)
        with self.assertRaises(UserError) as caught:
            bill.action_post()
        text = str(caught.exception)
        self.assertRegex(text, r"billed 10 .+accepted 0, to inspect 10, rejected 0")
        self._decide(order, 7, 3)
        with self.assertRaises(UserError):
            bill.action_post()
        with self.assertRaises(UserError):
            bill.write({"state": "posted"})
        bill.invoice_line_ids.quantity = 7
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        with self.assertRaises(UserError):
            self._bill(order, 1).action_post()

    def test_changed_after_posting(self):
        """A posted bill does not grow past what was accepted either."""
        self.company.jxc_bill_control = "refuse"
        order = self._receive()
        self._decide(order, 7, 3)
        bill = self._bill(order, 7)
        bill.action_post()
        with self.assertRaises(UserError):
            bill.invoice_line_ids.write({"quantity": 9})
        self.assertEqual(order.order_line.jxc_qty_billed, 7)

    def test_bill_stays_with_its_order(self):
        """A posted bill that lets go of its order would let it be billed twice."""
        order, other = self._receive(), self._receive()
        for one in (order, other):
            self._decide(one, 10, 0)
        bill = self._bill(order, 10)
        bill.action_post()
        line = bill.invoice_line_ids
        for policy in ("refuse", "hold"):
            self.company.jxc_bill_control = policy
            for target in (False, other.order_line.id):
                with self.assertRaisesRegex(UserError, order.name):
                    line.write({"purchase_line_id": target})
                with self.assertRaises(UserError):
                    bill.write(
                        {
                            "invoice_line_ids": [
                                Command.update(line.id, {"purchase_line_id": target})
                            ]
                        }
                    )
            self.assertEqual(order.order_line.jxc_qty_billed, 10)
        # Without control this addon lets it; what was on hold is looked at again.
        self.company.jxc_bill_control = "none"
        line.sudo().purchase_line_id = other.order_line
        self.assertEqual(order.order_line.jxc_qty_billed, 0)
        self.assertEqual(other.order_line.jxc_qty_billed, 10)

    def test_bill_changed_in_draft(self):
        """What is taken out of a draft, or moved there, counts when it is posted."""
        self.company.jxc_bill_control = "refuse"
        order, other = self._receive(), self._receive()
        self._decide(order, 10, 0)
        self._decide(other, 4, 6)
        bill = self._bill(order, 10)
        bill.action_post()
        bill.button_draft()
        with self.assertRaisesRegex(UserError, order.name):
            bill.invoice_line_ids.purchase_line_id = False
        bill.invoice_line_ids.purchase_line_id = other.order_line
        with self.assertRaises(UserError) as caught:
            bill.action_post()
        self.assertIn(other.name, str(caught.exception))
        bill.invoice_line_ids.purchase_line_id = order.order_line
        bill.action_post()
        self.assertEqual(order.order_line.jxc_qty_billed, 10)
        with self.assertRaises(UserError):
            bill.invoice_line_ids.unlink()
        bill.button_draft()
        bill.invoice_line_ids.unlink()
        self.assertEqual(order.order_line.jxc_qty_billed, 0)
        again = self._bill(order, 10)
        again.action_post()
        self.assertEqual(order.order_line.jxc_qty_billed, 10)
        with self.assertRaises(UserError):
            self._bill(order, 1).action_post()

    def test_unlinked_by_force(self):
        """No context key of a client takes lines out of a posted bill."""
        self.company.jxc_bill_control = "hold"
        order = self._receive()
        self._decide(order, 6, 4)
        bill = self._bill(order, 10)
        bill.action_post()
        self.assertTrue(bill.jxc_payment_hold)
        with self.assertRaises(UserError):
            bill.invoice_line_ids.with_context(force_delete=True).unlink()
        self.assertEqual(order.order_line.jxc_qty_billed, 10)

    def test_refunds_give_room(self):
        self.company.jxc_bill_control = "refuse"
        order = self._receive()
        self._decide(order, 7, 3)
        self._bill(order, 7).action_post()
        self._bill(order, 2, refund=True).action_post()
        self._bill(order, 2).action_post()
        self.assertEqual(order.order_line.jxc_qty_billed, 7)
        with self.assertRaises(UserError):
            self._bill(order, 1).action_post()

    def _pay(self, bill, user=None):
        wizard = self.env["account.payment.register"].with_user(user or self.accountant)
        return wizard.with_context(
            active_model="account.move", active_ids=bill.ids
        ).create({})

    def test_hold(self):
        """A bill on hold is posted, but nothing pays it."""
        self.company.jxc_bill_control = "hold"
        order = self._receive()
        bill = self._bill(order, 10)
        bill.action_post()
        self.assertTrue(bill.jxc_payment_hold)
        self.assertIn("accepted 0", bill.jxc_hold_reason)
        with self.assertRaises(UserError):
            bill.action_register_payment()
        with self.assertRaises(UserError):
            self._pay(bill).action_create_payments()
        payments = self.env["account.payment"].with_user(self.accountant)
        values = {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": self.vendor.id,
            "amount": 100,
        }
        with self.assertRaises(UserError):
            payments.create({**values, "invoice_ids": [Command.set(bill.ids)]})
        journal = self.company_data["default_journal_misc"]
        payable = bill.line_ids.filtered(
            lambda line: line.account_type == "liability_payable"
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": payable.account_id.id,
                            "partner_id": self.vendor.id,
                            "debit": 100,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "credit": 100,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        both = payable | entry.line_ids.filtered("debit")
        with self.assertRaises(UserError):
            both.with_user(self.accountant).reconcile()
        for values in ({"jxc_payment_hold": False}, {"jxc_hold_reason": "x"}):
            with self.assertRaises(AccessError):
                bill.write(values)
        self._decide(order, 10, 0)
        self.assertFalse(bill.jxc_payment_hold, "free as soon as all is accepted")
        self._pay(bill).action_create_payments()
        self.assertIn(bill.payment_state, ("paid", "in_payment"))

    def test_hold_ends_by_refund(self):
        self.company.jxc_bill_control = "hold"
        order = self._receive()
        bill = self._bill(order, 10)
        bill.action_post()
        self._decide(order, 7, 3)
        self.assertTrue(bill.jxc_payment_hold)
        self.assertIn("rejected 3", bill.jxc_hold_reason)
        refund = self._bill(order, 3, refund=True)
        refund.action_post()
        self.assertFalse(bill.jxc_payment_hold)
        refund.button_draft()
        self.assertTrue(bill.jxc_payment_hold, "the refund counts no more")

    def test_hold_after_posting(self):
        """Bills that were right go on hold when goods are rejected or go back."""
        self.company.jxc_bill_control = "none"
        order = self._receive()
        first = self._bill(order, 7)
        second = self._bill(order, 3)
        (first | second).action_post()
        self.company.jxc_bill_control = "refuse"
        self.assertFalse(first.jxc_payment_hold or second.jxc_payment_hold)
        self._decide(order, 8, 2)
        self.assertTrue(second.jxc_payment_hold, "the newest asks for too much")
        self.assertFalse(first.jxc_payment_hold)
        with self.assertRaises(UserError):
            self._pay(second).action_create_payments()
        self._pay(first).action_create_payments()
        second.with_user(self.chief).action_jxc_release_hold("Agreed by phone")
        order.order_line._jxc_recheck_holds()
        self.assertFalse(second.jxc_payment_hold, "released bills stay free")

    def test_hold_after_return(self):
        self.company.jxc_bill_control = "hold"
        order = self._receive()
        self._decide(order, 10, 0)
        bill = self._bill(order, 10)
        bill.action_post()
        self.assertFalse(bill.jxc_payment_hold)
        receipt = order.picking_ids.filtered(lambda one: one.state == "done")[:1]
        wizard = self.env["stock.return.picking"].with_context(
            active_id=receipt.id, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.write({"quantity": 4, "to_refund": True})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.with_context(skip_backorder=True).button_validate()
        self.assertEqual(order.order_line.qty_received, 6)
        self.assertTrue(bill.jxc_payment_hold)
        self._bill(order, 4, refund=True).action_post()
        self.assertFalse(bill.jxc_payment_hold)

    def test_receipt_of_purchases(self):
        """A purchase receipt is a bill by another name."""
        self.company.jxc_bill_control = "refuse"
        order = self._receive()
        self._decide(order, 7, 3)
        bill = self._bill(order, 10, move_type="in_receipt")
        with self.assertRaises(UserError):
            bill.action_post()
        bill.invoice_line_ids.quantity = 7
        bill.action_post()

    def test_release(self):
        self.company.jxc_bill_control = "hold"
        order = self._receive()
        bill = self._bill(order, 10)
        bill.action_post()
        with self.assertRaises(AccessError):
            bill.action_jxc_release_hold("Because")
        bill = bill.with_user(self.chief)
        with self.assertRaises(UserError):
            bill.action_jxc_release_hold(" ")
        wizard = self.env["jxc.bill.release"].with_user(self.chief)
        wizard = wizard.with_context(active_model="account.move", active_ids=bill.ids)
        wizard.create({"reason": "Agreed by phone"}).action_release()
        self.assertRecordValues(
            bill,
            [
                {
                    "jxc_payment_hold": False,
                    "jxc_hold_released_by_id": self.chief.id,
                    "jxc_hold_release_reason": "Agreed by phone",
                }
            ],
        )
        self._pay(bill, self.chief).action_create_payments()

    def test_no_control(self):
        order = self._receive()
        bill = self._bill(order, 10)
        bill.action_post()
        self.assertEqual((bill.state, bill.jxc_payment_hold), ("posted", False))
