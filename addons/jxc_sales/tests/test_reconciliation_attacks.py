# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestReconciliationAttacks(CreditCommon):
    """Debts are settled by what reconciles with them, not by who says they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls._create_user("jxc_biller", "account.group_account_invoice")
        cls.accountant = cls._create_user(
            "jxc_accountant", "account.group_account_user"
        )
        cls.stock_manager = cls._create_user(
            "jxc_stock_manager", "stock.group_stock_manager"
        )

    def _receivable(self, move):
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _entry_lines(self):
        """Posted items that have nothing to do with any customer."""
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.company_data[account].id,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        ("default_account_expense", 900),
                        ("default_account_revenue", -900),
                    )
                ],
            }
        )
        entry.action_post()
        return entry.line_ids

    def _refund(self, amount):
        refund = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Less", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        refund.action_post()
        return refund

    def _try_to_match(self, user, debit, credit, amount, **context):
        reconciliations = self.env["account.partial.reconcile"].with_user(user)
        with self.assertRaises(AccessError):
            reconciliations.with_context(**context).create(
                {
                    "debit_move_id": debit.id,
                    "credit_move_id": credit.id,
                    "amount": amount,
                    "debit_amount_currency": amount,
                    "credit_amount_currency": amount,
                }
            )

    def test_debt_is_settled_by_nothing_else(self):
        invoice = self._due(900, 0)
        debt = self._receivable(invoice)
        revenue = self._entry_lines().filtered(lambda line: line.balance < 0)
        small = self._receivable(self._refund(1))
        for user in (self.stock_manager, self.biller, self.accountant):
            for credit in (revenue, small):
                with self.subTest(user=user.login, credit=credit.account_id.code):
                    self._try_to_match(user, debt, credit, 900)
                    self._try_to_match(
                        user, debt, credit, 900, jxc_reconciling={"is_open": True}
                    )
        self.assertEqual(self._exposure(), 899)
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_reconciling_goes_on(self):
        invoice, refund = self._due(900, 0), self._refund(1)
        items = self._receivable(invoice) | self._receivable(refund)
        items.with_user(self.biller).reconcile()
        self.assertEqual(self._receivable(invoice).amount_residual, 899)
        self._pay(invoice.with_user(self.biller))
        self.assertEqual(self._receivable(invoice).amount_residual, 0)
        self.assertEqual(self._exposure(), 0)
