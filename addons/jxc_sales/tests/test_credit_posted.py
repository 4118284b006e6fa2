# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a customer owes by posted items stays, whatever a client's context says."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCommon

#: Keys by which the platform's own code goes round its checks.
KEYS = {
    "check_move_validity": False,
    "dynamic_unlink": True,
    "force_delete": True,
    "skip_invoice_sync": True,
    "skip_readonly_check": True,
}


@tagged("post_install", "-at_install")
class TestCreditPosted(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env,
            "jxc_posted_clerk",
            "account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _refused(self, change):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            change()
            self.env.flush_all()

    def _entry(self, amount):
        """A draft of the clerk that has nothing to do with the customer."""
        accounts = self.company_data
        return (
            self.env["account.move"]
            .with_user(self.clerk)
            .create(
                {
                    "move_type": "entry",
                    "line_ids": [
                        Command.create({"account_id": account.id, "balance": balance})
                        for account, balance in (
                            (accounts["default_account_expense"], amount),
                            (accounts["default_account_revenue"], -amount),
                        )
                    ],
                }
            )
        )

    def test_a_debt_does_not_shrink(self):
        invoice = self._due(900, 0)
        self.assertEqual(self._exposure(), 900)
        item = invoice.line_ids.filtered("date_maturity").with_user(self.clerk)
        for values in (
            {"balance": 1, "amount_currency": 1},
            {"debit": 1},
            {"amount_currency": 1},
        ):
            for keys in ({}, KEYS):
                client = item.with_context(**keys)
                with self.subTest(values, keys=keys):
                    self._refused(
                        lambda client=client, values=values: client.write(values)
                    )
        self.assertEqual(self._exposure(), 900)

    def test_a_debt_does_not_move(self):
        invoice = self._due(900, 0).with_user(self.clerk)
        draft = self._entry(1)
        for keys in ({}, KEYS):
            lines = invoice.line_ids.with_context(**keys)
            self._refused(lambda lines=lines: lines.write({"move_id": draft.id}))
            self._refused(lines.unlink)
            self._refused(invoice.with_context(**keys).unlink)
        self.assertEqual(invoice.amount_total, 900)
        self.assertEqual(self._exposure(), 900)

    def test_a_debt_is_paid_and_corrected(self):
        """By what people do all day."""
        invoice = self._due(900, 0).with_user(self.clerk)
        self._pay(invoice, 400)
        self.assertEqual(self._exposure(), 500)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 700
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 700)
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.clerk)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        self.assertTrue(invoice.reversal_move_ids)

    def test_a_debt_stays_one(self):
        """It does not become something that no limit counts."""
        invoice = self._due(900, 0).with_user(self.clerk)
        item = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        elsewhere = self.company_data["default_account_assets"]
        for context in ({}, KEYS):
            line = item.with_context(**context)
            self._refused(lambda line=line: line.write({"account_id": elsewhere.id}))
        self.assertEqual(self._exposure(), 900)
        other = item.sudo().account_id.copy({"code": "112299"})
        item.write({"account_id": other.id})
        self.assertEqual(self._exposure(), 900)
