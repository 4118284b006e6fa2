# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a payment settles decides on its cash flow item, once it is posted."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import FinanceBridgeCommon

DAYS = "2023-01-01", "2023-01-31"
#: goods bought, and other payments for running the business
GOODS, OTHER = "sme_03", "sme_06"


@tagged("post_install", "-at_install")
class TestCashFlowSettled(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Office Supplies"})

    def _bill(self):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2023-01-10",
                "date": "2023-01-10",
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Paper",
                            "price_unit": 100,
                            "account_id": self._account("560200").id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def _payment(self, post=True):
        move = self._entry(
            "2023-01-20", ("220200", 100, 0), ("100200", 0, 100), post=False
        )
        move.line_ids.partner_id = self.vendor
        if post:
            move.action_post()
        return move

    def _settle(self, bill, payment):
        (bill + payment).line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        ).reconcile()

    def _flows(self):
        """{item: amount} of what is posted in the month."""
        found = self.env["jxc.cash.flow.item"]._get_flows(
            "sme", self.company, *DAYS, [("parent_state", "=", "posted")]
        )
        return {item: amount for _line, item, amount in found}

    def test_posted_bill(self):
        bill, payment = self._bill(), self._payment()
        self.assertEqual(self._flows(), {GOODS: -100}, "not settled yet")
        bill.action_post()
        self._settle(bill, payment)
        self.assertEqual(self._flows(), {OTHER: -100})

    def test_draft_payment(self):
        """No money has gone: the month has no flow, whatever it is to settle."""
        bill, payment = self._bill(), self._payment(post=False)
        bill.action_post()
        self._settle(bill, payment)
        self.assertTrue(bill.line_ids.matched_debit_ids)
        self.assertEqual(self._flows(), {})
        payment.action_post()
        self.assertEqual(self._flows(), {OTHER: -100})

    def test_draft_on_the_other_side(self):
        """What a draft says may still change: the payment counts by its account."""
        bill, payment = self._bill(), self._payment()
        self._settle(bill, payment)
        self.assertTrue(payment.line_ids.matched_credit_ids)
        self.assertEqual(self._flows(), {GOODS: -100})
        bill.action_post()
        self.assertEqual(self._flows(), {OTHER: -100})
