# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from ..models.jxc_credit_account_queue import WIDENING_FIELDS
from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditHoldAgain(HoldCommon):
    """Orders on hold are judged again as soon as something may let them go."""

    def test_money_lets_orders_go(self):
        invoice = self._invoice(1000)
        invoice.action_post()
        first, second, third = self._held(7), self._held(5), self._held(3)
        self._triggered()
        self._judge()
        self.assertEqual(first.jxc_credit_state, "hold", "nothing has changed")
        self._pay(invoice)
        self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual(
            (first | second | third).mapped("state"), ["sale", "draft", "sale"]
        )
        self.assertEqual(
            (first | second | third).mapped("jxc_credit_state"),
            ["free", "hold", "free"],
        )
        self.assertEqual(self._exposure(), 1000)
        self.assertIn("no more on hold", "".join(first.message_ids.mapped("body")))

    def test_what_starts_the_judging(self):
        confirmed = self._create_order(9)
        confirmed.action_confirm()
        self._held(5)
        invoice, banked = self._invoice(50), self._invoice(40)
        (invoice | banked).action_post()
        transaction = self._transaction(40)
        events = {
            "limit": lambda: self.account.write({"credit_limit": 1001}),
            "raise": lambda: self.env["jxc.credit.override"].create(
                {
                    "account_id": self.account.id,
                    "amount": 1,
                    "until": "2199-12-31",
                    "reason": "Fair",
                }
            ),
            "smaller": lambda: confirmed.order_line.write({"product_uom_qty": 8}),
            "credit note": lambda: self._invoice(10, "out_refund").action_post(),
            "payment": lambda: self._pay(invoice),
            "bank transaction": lambda: self._book_transaction(transaction),
            "set against an invoice": lambda: self._reconcile(transaction, banked),
            "plain entry": lambda: self._entry(40).action_post(),
            "cancelled": confirmed.action_cancel,
        }
        for name, event in events.items():
            self._triggered()
            event()
            with self.subTest(name):
                self.assertTrue(self._triggered())

    def test_money_by_the_bank_lets_orders_go(self):
        """What a statement brings is a receipt, set against an invoice or not."""
        self._invoice(1000).action_post()
        held = self._held(6)
        transaction = self._transaction(600)
        self._judge()
        self.assertEqual(held.state, "draft", "nobody knows whose money it is")
        self._triggered()
        self._book_transaction(transaction)
        self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual(held.state, "sale")
        self.assertEqual(self._exposure(), 1000)

    def test_every_term_of_the_account_starts_it(self):
        self._held(5 + 9)
        other = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        values = {
            "control_overdue": True,
            "credit_limit": 1001,
            "delivery_action": "block",
            "limit_currency_id": self.env.ref("base.USD").id,
            "member_ids": [Command.link(other.id)],
            "order_action": "hold",
            "overdue_amount": 10,
            "overdue_days": 5,
            "overdue_delivery_action": "warn",
            "overdue_order_action": "warn",
            "partner_id": self.customer.id,
            "unlimited": True,
        }
        self.assertEqual(set(values), WIDENING_FIELDS)
        for name, value in values.items():
            self._triggered()
            self.account.write({name: value})
            with self.subTest(name):
                self.assertTrue(self._triggered())

    def test_accepted_goods_start_it(self):
        """Goods that are promised free nothing; accepted in whatever state, they do."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.location"].create(
            {
                "name": "Defective",
                "location_id": warehouse.view_location_id.id,
                "jxc_stock_status": "defective",
            }
        )
        order = self._create_order(8)
        order.action_confirm()
        self._deliver(order)
        held = self._held(4)
        for outcome in ("qty_restock", "qty_defective", "qty_scrap"):
            back = self.env["jxc.sale.return"].create(
                {
                    "partner_id": self.customer.id,
                    "reason_id": self.env["jxc.sale.return.reason"]
                    .search([], limit=1)
                    .id,
                    "line_ids": [
                        Command.create(
                            {"product_id": self.product.id, "product_uom_qty": 1}
                        )
                    ],
                }
            )
            self._triggered()
            back.action_confirm()
            with self.subTest(outcome):
                self.assertFalse(self._triggered())
                back.line_ids.write({outcome: 1})
                back.action_accept()
                self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual(held.state, "sale")

    def test_nothing_on_hold_starts_nothing(self):
        self.env["sale.order"]._jxc_held_orders().jxc_credit_state = "free"
        self._triggered()
        self.account.credit_limit = 5000
        invoice = self._invoice(50)
        invoice.action_post()
        self._pay(invoice)
        self.assertFalse(self._triggered())

    def test_order_that_cannot_be_confirmed_otherwise(self):
        """One broken order says so and does not keep the others from going."""
        broken, fine = self._held(user_id=self.salesman.id), self._held(12)
        broken.order_line = [Command.create({"name": "What?", "display_type": False})]
        self.account.credit_limit = 5000
        self._judge()
        self.assertEqual((broken.jxc_credit_state, fine.state), ("hold", "sale"))
        # Whatever the language of its salesperson: not the credit any more.
        self.assertTrue(broken.jxc_credit_hold_reason)
        self.assertNotIn("Bright Trading", broken.jxc_credit_hold_reason)

    def _invoice(self, amount, move_type="out_invoice"):
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": "2024-01-01",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )

    def _transaction(self, amount):
        """Money on the bank statement that is in suspense."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "partner_id": self.customer.id,
                "amount": amount,
                "payment_ref": "Money",
            }
        )

    def _receivable(self):
        return self.customer.with_company(self.company).property_account_receivable_id

    def _book_transaction(self, transaction):
        """As bookkeepers do: it is what the customer owes, no more suspense."""
        _bank, suspense, _others = transaction._seek_for_lines()
        suspense.account_id = self._receivable()

    def _reconcile(self, transaction, invoice):
        items = (transaction.move_id | invoice).line_ids
        items.filtered(lambda i: i.account_type == "asset_receivable").reconcile()

    def _entry(self, amount):
        """Money that a bookkeeper writes by hand."""
        account = self.company_data["default_account_revenue"]
        return self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": amount}),
                    Command.create(
                        {
                            "account_id": self._receivable().id,
                            "partner_id": self.customer.id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
