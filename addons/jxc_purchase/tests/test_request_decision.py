# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestDecision(RequestCommon, HttpCase):
    """The page that the activity of who decides leads to, without any tier."""

    def setUp(self):
        super().setUp()
        self.request = self._request((self.wine, 3))
        self.request.action_submit()

    def _page(self, user, comment=False, document=None, **context):
        """Open the page as the link does."""
        document = document or self.request
        pages = self.env["jxc.approval.decision"].with_user(user)
        page = pages.with_context(
            active_id=document.id, jxc_decide_model=document._name, **context
        ).create({})
        page.comment = comment
        return page

    def test_the_link_opens_the_page(self):
        """By its address, and only for who is logged in."""
        action = self.env.ref("jxc_purchase.jxc_purchase_request_decision_action")
        self.assertEqual(action.path, "decide-purchase-request")
        self.assertIn("jxc_decide_model", action.context)
        url = f"/odoo/{self.request.id}/{action.path}"
        self.assertIn("login", self.url_open(url).url)
        self.authenticate("req_boss", "req_boss")
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.url[-len(url) :]), (200, url))

    def test_approve_with_and_without_comment(self):
        page = self._page(self.approver)
        self.assertTrue(page.is_open)
        self.assertEqual(page.document_name, self.request.display_name)
        self.assertIn("Wine", page.document_summary)
        self.assertEqual(self.request.state, "submitted", "opening changes nothing")
        self.assertEqual(page.action_approve()["res_id"], self.request.id)
        self.assertEqual(self.request.state, "approved")
        other = self._request((self.wine, 1))
        other.action_submit()
        self._page(self.approver, "Before Friday", document=other).action_approve()
        self.assertEqual(other.state, "approved")
        self.assertIn("Before Friday", other.message_ids[0].body)

    def test_reject_says_why(self):
        with self.assertRaisesRegex(UserError, "comment"):
            self._page(self.approver).action_reject()
        self._page(self.approver, "Too dear").action_reject()
        self.assertEqual(self.request.state, "rejected")
        self.assertEqual(self.request.rejection_reason, "Too dear")
        page = self._page(self.approver, "Still")
        self.assertFalse(page.is_open)
        with self.assertRaises(UserError):
            page.action_approve()

    def test_others_decide_nothing(self):
        for user in (self.requester, self.buyer, self.outsider):
            page = self._page(user, "Mine")
            self.assertFalse(page.is_open, user.login)
            for decide in (page.action_approve, page.action_reject):
                with self.assertRaises(AccessError):
                    decide()
        self.assertFalse(self._page(self.outsider).document_name)
        self.assertEqual(self.request.state, "submitted")

    def test_only_documents_that_are_decided_here(self):
        page = self._page(self.approver, "Yes", document=self.env.user)
        self.assertFalse(page.is_open or page.document_name)
        with self.assertRaises(AccessError):
            page.action_approve()
