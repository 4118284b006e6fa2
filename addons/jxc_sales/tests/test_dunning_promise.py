# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningPromise(DunningCommon):
    """Money that is promised is not overdue: the list agrees with credit accounts."""

    def test_list_is_without_promised_money(self):
        """What the list calls overdue is what the credit account does."""
        self._due(4520, 50)
        reminder = self._propose()
        promise = self._promise(4520.0)
        self.assertEqual(self._row().amount_overdue, 4520, "not accepted yet")
        promise.action_accept()
        self.assertFalse(self._row())
        self.assertEqual(self.account.amount_overdue, 0)
        self.assertFalse(self._propose())
        self.assertEqual(reminder.state, "cancelled")
        self._due(80, 20)
        row = self._row().with_user(self.biller)
        self.assertRecordValues(
            row,
            [
                {
                    "amount_overdue": 80,
                    "amount_promised": 4520,
                    "amount": 4600,
                    "is_due": True,
                    "days_overdue": 50,
                }
            ],
        )
        self.assertEqual(self.account.amount_overdue, row.amount_overdue)
        row.action_propose()
        self.assertEqual(self._row().reminder_id.amount, 4600, "of every invoice")

    def test_promise_for_a_shared_account_counts_once(self):
        """It is taken off who is late for longest first, never off everybody."""
        sisters = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("One", "Two", "Paid")]
        )
        self.account.member_ids = sisters
        self._due(1000, 50)
        for sister, days in zip(sisters[:2], (40, 30), strict=True):
            self._due(1000, days, partner_id=sister.id)
        self._promise(1100).action_accept()
        self.assertFalse(self._row())
        self.assertEqual(self._row(sisters[0]).amount_overdue, 900)
        self.assertEqual(self._row(sisters[1]).amount_overdue, 1000)
        self.assertEqual(self.account.amount_overdue, 1900)

    def test_promise_is_shared_by_what_is_left_to_pay(self):
        """What was received is taken off first."""
        sister = self.env["res.partner"].create({"name": "One", "is_company": True})
        self.account.member_ids = sister
        self._due(1000, 60)
        self._due(300, 30, partner_id=sister.id)
        self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 800, "tax_ids": False})
                ],
            }
        ).action_post()
        self._promise(500).action_accept()
        self.assertFalse(self._row() | self._row(sister))

    def test_promise_that_is_over_or_of_others_hides_nothing(self):
        self._due(500, 50)
        promise = self._promise(500)
        promise.action_accept()
        self.assertFalse(self._row())
        promise.sudo().date_from = Date.subtract(self.today, days=9)
        promise.sudo().date = Date.subtract(self.today, days=1)
        self.assertEqual(self._row().amount_overdue, 500)
        other = self.env["res.partner"].create({"name": "Else", "is_company": True})
        self._due(70, 20, partner_id=other.id)
        promise.sudo().date = self.today
        self.assertFalse(self._row())
        self.assertEqual(self._row(other).amount_overdue, 70)

    def test_promise_of_many_parts_leaves_no_rest_of_rounding(self):
        self._due(0.3, 50)
        self._due(300, 50)
        for amount in (0.1, 0.2, 300):
            self._promise(amount).action_accept()
        self.assertFalse(self._row())
        self.assertFalse(self._propose())
