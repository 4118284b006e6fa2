# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from .approval_common import ApprovalSetup


@tagged("post_install", "-at_install")
class TestApprovalDecision(ApprovalSetup, TransactionCase):
    """The page that a notification leads to."""

    def _page(self, document, user, comment=False, **context):
        """Open the page as the link does."""
        review = document.sudo().review_ids[:1]
        pages = self.env["jxc.approval.decision"].with_user(user)
        page = pages.with_context(active_id=review.id, **context).create({})
        page.comment = comment
        return page

    def test_the_message_leads_to_the_page(self):
        document = self._create_requested()
        review = document.sudo().review_ids
        body = document.sudo()._notify_requested_review_body(review)
        self.assertIn(f'href="/odoo/{review.id}/decide-approval"', body)
        self.assertIn("/decide-approval", review._notify_review_reminder_body())

    def test_approve_with_and_without_comment(self):
        silent, spoken = self._create_requested(), self._create_requested()
        page = self._page(silent, self.bob)
        self.assertTrue(page.is_open)
        self.assertEqual(page.document_name, silent.display_name)
        self.assertEqual(page.display_name, silent.display_name)
        self.assertEqual(silent.validation_status, "pending", "opening changes nothing")
        self.assertEqual(page.action_approve()["res_id"], silent.id)
        self._page(spoken, self.bob, "Fine").action_approve()
        for document in (silent, spoken):
            self.assertEqual(document.validation_status, "validated")
        self.assertEqual(spoken.sudo().review_ids.comment, "Fine")

    def test_reject_says_why(self):
        document = self._create_requested()
        for comment in (False, "  "):
            with self.assertRaisesRegex(UserError, "comment"):
                self._page(document, self.bob, comment).action_reject()
        self._page(document, self.bob, "Too dear").action_reject()
        review = document.sudo().review_ids
        self.assertEqual((review.status, review.comment), ("rejected", "Too dear"))
        page = self._page(document, self.bob, "Still")
        self.assertFalse(page.is_open)
        with self.assertRaises(AccessError):
            page.action_approve()

    def test_tier_that_wants_a_comment(self):
        self.tier.has_comment = True
        document = self._create_requested()
        with self.assertRaisesRegex(UserError, "comment"):
            self._page(document, self.bob).action_approve()
        self._page(document, self.bob, "Fine").action_approve()
        self.assertEqual(document.validation_status, "validated")

    def test_others_decide_nothing(self):
        document = self._create_requested()
        for user in (self.ann, self.dora, self.admin):
            page = self._page(document, user, "Mine")
            self.assertFalse(page.is_open)
            for decide in (page.action_approve, page.action_reject):
                with self.assertRaises(AccessError):
                    decide()
        page = self._page(document, self.bob, "Yes")
        with self.assertRaises(AccessError):
            page.with_user(self.dora).action_approve()
        with self.assertRaises(AccessError):
            self._page(document, self.portal)
        self.assertEqual(document.validation_status, "pending")

    @freeze_time("2026-03-10")
    def test_delegate_decides_here_too(self):
        self._delegate()
        document = self._create_requested()
        self._page(document, self.carl, "For Bob").action_reject()
        review = document.sudo().review_ids
        self.assertEqual(review.status, "rejected")
        self.assertEqual(review.jxc_on_behalf_of_id, self.bob)

    def test_document_of_a_company_not_chosen(self):
        self.bob.company_ids += self.other_company
        self.tier.company_id = False
        document = self._create_requested(company_id=self.other_company.id)
        self.assertEqual(document.sudo().review_ids.jxc_company_id, self.other_company)
        chosen = {"allowed_company_ids": self.company.ids}
        page = self._page(document, self.bob, "No", **chosen)
        self.assertTrue(page.is_open)
        page.action_reject()
        self.assertEqual(document.sudo().review_ids.status, "rejected")
