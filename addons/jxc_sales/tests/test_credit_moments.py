# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditMoments(HoldCommon):
    """Less usual ways to owe more, tried by those who may do everything else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.write({"order_action": "block", "delivery_action": "block"})
        cls.tax = cls.env["account.tax"].create(
            {"name": "VAT 50", "amount": 50, "type_tax_use": "sale"}
        )
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 0.25)])
        cls.foreign = cls.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": cls.euro.id}
        )

    def _confirmed(self, quantity, **values):
        order = self._create_order(quantity, **values)
        order.action_confirm()
        return order

    def _item(self, move):
        return move.line_ids.filtered(lambda i: i.account_type == "asset_receivable")

    def test_other_ways_to_widen(self):
        order = self._confirmed(8)
        sister = self._create_order(5)
        line = order.order_line
        wider = {
            "tax": lambda: line.write({"tax_ids": [Command.set(self.tax.ids)]}),
            "unit": lambda: line.write({"product_uom_id": self.dozen.id}),
            "copied": lambda: line.copy({"order_id": order.id}),
            "moved": lambda: sister.order_line.write({"order_id": order.id}),
            "currency": lambda: order.write({"currency_id": self.euro.id}),
            "price list": lambda: order.write({"pricelist_id": self.foreign.id}),
        }
        for name, widen in wider.items():
            with self.subTest(name):
                # The platform refuses some of them itself, or leaves them undone.
                with suppress(UserError), self.cr.savepoint():
                    widen()
                    self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(self._exposure(), 800)
                self.assertEqual(order.order_line, line)

    def test_prices_are_updated(self):
        order = self._confirmed(8)
        self.product.list_price = 200
        with self.assertRaises(UserError), self.cr.savepoint():
            order.action_update_prices()
        self.env.invalidate_all()
        self.assertEqual(self._exposure(), 800)

    def test_credit_note_that_is_taken_back(self):
        order = self._confirmed(9)
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        wizard = self.env["account.move.reversal"].create(
            {
                "journal_id": invoice.journal_id.id,
                "move_ids": [Command.set(invoice.ids)],
            }
        )
        wizard.reverse_moves()
        note = wizard.new_move_ids
        if note.state == "draft":
            note.action_post()
        if self._item(invoice).amount_residual:
            (self._item(invoice) | self._item(note)).reconcile()
        before = self._exposure()
        note.button_draft()
        self.assertEqual(self._parts()["receivable"], 900)
        self.assertGreaterEqual(self._exposure(), before)
        with self.assertRaises(UserError):
            self._confirmed(2)

    def test_entry_on_the_receivable_counts(self):
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (self.company_data["default_account_receivable"], 950),
                        (self.company_data["default_account_revenue"], -950),
                    )
                ],
            }
        )
        entry.action_post()
        self.assertEqual(self._parts(), {"receivable": 950})
        with self.assertRaises(UserError):
            self._confirmed(1)
        entry.button_draft()
        self._confirmed(1)

    def test_payment_that_is_taken_apart(self):
        order = self._confirmed(9)
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        payment = self._pay(invoice)
        self._item(invoice).remove_move_reconcile()
        self.assertEqual(self._parts(), {"receivable": 900, "unapplied": 900})
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._parts(), {"receivable": 900})
        with self.assertRaises(UserError):
            self._confirmed(2)

    def test_account_is_deleted_by_a_manager_only(self):
        self._confirmed(10)
        self.company.jxc_credit_no_account = "block"
        with self.assertRaises(AccessError):
            self.account.with_user(self.salesman).unlink()
        self.account.with_user(self.manager).unlink()
        with self.assertRaisesRegex(UserError, "no credit account"):
            self._confirmed(1)
