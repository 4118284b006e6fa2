# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningDraft(DunningCommon):
    """What is set against a document that was reset to draft is still reminded of."""

    def test_receipt_that_is_no_more_posted_settles_nothing(self):
        """The platform shows the invoice as paid until somebody takes it apart."""
        invoice = self._due(500, 12)
        part, rest = self._pay(invoice, 200), self._pay(invoice, 300)
        self.assertFalse(self._row())
        part.action_draft()
        self.assertEqual(invoice.amount_residual, 0)
        row = self._row().with_user(self.biller)
        self.assertEqual((row.amount, row.is_due), (200, True))
        items = self.env["account.move.line"].search(row.action_view_items()["domain"])
        self.assertEqual((items.move_id, items.jxc_credit_open), (invoice, 200))
        rest.move_id.line_ids.remove_move_reconcile()
        rest.action_draft()
        reminder = self._propose()
        self.assertRecordValues(
            reminder, [{"amount": 500, "item_ids": items.ids, "days_overdue": 12}]
        )
        reminder.with_user(self.biller).action_send()
        self.assertIn("500.00", self._mails(reminder).body_html)
        rest.unlink()
        self.assertEqual(items.jxc_credit_open_currency, 500)
        self._pay(invoice)
        self.assertRecordValues(
            self._row(), [{"amount": 200, "level_id": self.levels[0].id}]
        )
        part.action_post()
        self.assertFalse(self._row())
