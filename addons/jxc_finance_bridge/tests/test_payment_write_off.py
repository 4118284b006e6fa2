# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import SettlementCommon


@tagged("post_install", "-at_install")
class TestPaymentWriteOff(SettlementCommon):
    """A payment of one cent does not settle a debt with a write-off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("settle_manager", "account.group_account_manager")
        cls.expense = cls._account("560300")
        cls.bank = cls.company_data["default_journal_bank"]

    def _invoice(self, move_type="out_invoice", **values):
        partner = self.customer if "out" in move_type else self.vendor
        invoice = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": "2026-03-01",
                "date": "2026-03-01",
                "invoice_line_ids": [
                    Command.create({"name": "W", "price_unit": 900, "tax_ids": False})
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    def _pay(self, invoice, user, **values):
        wizard = self.env["account.payment.register"].with_user(user)
        wizard = wizard.with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create(
            {"payment_date": "2026-03-05", "journal_id": self.bank.id, **values}
        )._create_payments()

    def _written_off(self, amount):
        return {
            "amount": amount,
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": self.expense.id,
            "writeoff_label": "W",
        }

    def test_registered(self):
        for move_type in ("out_invoice", "in_invoice"):
            with self.subTest(move_type):
                invoice = self._invoice(move_type)
                values = self._written_off(0.01)
                with self.assertRaisesRegex(UserError, r"allows 5 %.*45\.00"):
                    self._pay(invoice, self.clerk, **values)
                self.assertEqual(invoice.amount_residual, 900)
                self._pay(invoice, self.clerk, **self._written_off(860))
                self.assertEqual(invoice.amount_residual, 0)
                invoice = self._invoice(move_type)
                self._pay(invoice, self.manager, **values)
                self.assertEqual(invoice.amount_residual, 0)

    def test_created(self):
        line = {
            "name": "W",
            "account_id": self.expense.id,
            "partner_id": self.customer.id,
            "currency_id": self.company.currency_id.id,
            "amount_currency": 899.99,
            "balance": 899.99,
        }
        payment = self.env["account.payment"].with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "allows 5 %"):
            payment.with_context(jxc_early_discount={"percent": 100}).create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.customer.id,
                    "amount": 0.01,
                    "journal_id": self.bank.id,
                    "write_off_line_vals": [line],
                }
            )

    def test_early_payment(self):
        """What the terms allow is not bounded."""
        term = self.env["account.payment.term"].create(
            {
                "name": "10 % within a week",
                "early_discount": True,
                "discount_percentage": 10,
                "discount_days": 7,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        invoice = self._invoice(invoice_payment_term_id=term.id)
        payment = self._pay(invoice, self.clerk)
        self.assertEqual((payment.amount, invoice.amount_residual), (810, 0))
        late = self._invoice(invoice_payment_term_id=term.id)
        with self.assertRaisesRegex(UserError, "allows 5 %"):
            self._pay(
                late, self.clerk, payment_date="2026-03-20", **self._written_off(810)
            )
