# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_duplicates import DuplicateCommon


@tagged("post_install", "-at_install")
class TestDuplicatesReopened(DuplicateCommon):
    """A draft joins the request that stands against it, which is approved again."""

    def _window_line(self, request, other, user=None):
        action = request.with_user(user or self.requester).action_jxc_duplicates()
        window = self.env[action["res_model"]].with_user(user or self.requester)
        lines = window.browse(action["res_id"]).line_ids
        return lines.filtered(lambda one: one.document_name == other.name)

    def _submitted(self, quantity=5, user=None):
        request = self._request((self.tea, quantity), user=user)
        request.action_submit()
        return request

    def test_one_s_own_submitted_request(self):
        first = self._submitted()
        mine = self._request((self.tea, 7))
        message = self._refused(mine)
        self.assertIn(f"merge it with {first.name} under", message)
        line = self._window_line(mine, first)
        self.assertTrue(line.counts)
        self.assertTrue(line.can_merge)
        action = line.action_merge()
        self.assertEqual(action["res_id"], first.id)
        self.assertEqual(first.state, "draft")
        self.assertEqual(first.line_ids.product_qty, 12)
        self.assertEqual(mine.state, "cancelled")
        self.assertTrue(
            first.message_ids.filtered(lambda one: "approved again" in (one.body or ""))
        )
        first.action_submit()
        first.with_user(self.approver).action_approve()
        self.assertEqual(first.state, "approved")

    def test_the_older_draft_remains(self):
        mine = self._request((self.tea, 7))
        second = self._submitted()
        self._window_line(mine, second).action_merge()
        self.assertEqual((mine.state, second.state), ("draft", "cancelled"))
        self.assertEqual(mine.line_ids.product_qty, 12)

    def test_reviews_of_the_submitted_one_are_void(self):
        self.env["tier.definition"].create(
            {
                "name": "Boss",
                "model_id": self.env["ir.model"]._get_id("jxc.purchase.request"),
                "review_type": "individual",
                "reviewer_id": self.boss.id,
                "company_id": False,
            }
        )
        first = self._submitted()
        self.assertTrue(first.review_ids)
        first.with_user(self.requester).action_draft()
        self.assertFalse(first.review_ids)
        self.assertEqual(first.state, "draft")
        first.action_submit()
        mine = self._request((self.tea, 7))
        self._window_line(mine, first).action_merge()
        self.assertFalse(first.review_ids)
        first.action_submit()
        self.assertEqual(first.review_ids.status, "pending")

    def test_others_are_for_buyers(self):
        """A requester cannot take back what a colleague asked for."""
        first = self._submitted(user=self.colleague)
        mine = self._request((self.tea, 7))
        message = self._refused(mine)
        self.assertIn(first.name, message)
        self.assertNotIn("merge", message)
        line = self._window_line(mine, first)
        self.assertFalse(line.can_merge)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine._jxc_merge_with(first.with_user(self.requester))
        self.assertEqual(first.state, "submitted")
        line = self._window_line(mine, first, self.buyer)
        self.assertTrue(line.can_merge)
        line.action_merge()
        self.assertEqual(first.state, "draft")
        told = first.message_ids.filtered(lambda one: "approved again" in one.body)
        self.assertEqual(told.partner_ids, self.colleague.partner_id)
        # Neither of those who asked decides on the whole.
        self.assertIn(self.requester, first.sudo()._jxc_requesters_known())

    def test_approved_ones_are_for_buyers(self):
        first = self._request((self.tea, 5), approve=True)
        mine = self._request((self.tea, 7))
        self.assertNotIn("merge", self._refused(mine))
        self.assertFalse(self._window_line(mine, first).can_merge)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine._jxc_merge_with(first)
        self.env.invalidate_all()
        self.assertEqual(first.state, "approved")
        self._window_line(mine, first, self.buyer).action_merge()
        self.assertEqual(first.state, "draft")
        self.assertEqual(first.line_ids.mapped("product_qty"), [12])
        with self.assertRaisesRegex(UserError, "Draft"):
            first.with_user(self.approver).action_approve()

    def test_what_is_ordered_stays(self):
        first = self._request((self.tea, 5), (self.wine, 1), approve=True)
        wine = first.line_ids.filtered(lambda one: one.product_id == self.wine)
        orders = self._order(wine)
        mine = self._request((self.tea, 7)).with_user(self.buyer)
        self.assertNotIn("merge", self._refused(mine))
        self.assertFalse(self._window_line(mine, first, self.buyer).can_merge)
        with self.assertRaisesRegex(UserError, orders.name), self.cr.savepoint():
            mine._jxc_merge_with(first.with_user(self.buyer))
        self.env.invalidate_all()
        self.assertEqual(first.decision, "approved")
        orders.button_cancel()
        self.assertTrue(self._window_line(mine, first, self.buyer).can_merge)

    def test_the_list_merges_drafts_only(self):
        """From the list nothing is taken back unseen."""
        first = self._submitted()
        mine = self._request((self.tea, 7))
        with self.assertRaisesRegex(UserError, "To Approve"), self.cr.savepoint():
            (first | mine).action_merge()

    def test_hint_of_drafts_that_meet(self):
        first = self._request((self.tea, 5))
        theirs = self._request((self.tea, 6), user=self.colleague)
        mine = self._request((self.tea, 7))
        self.assertEqual(mine.jxc_duplicate_state, "merge")
        self.assertIn(first.name, mine.jxc_duplicate_hint)
        self.assertNotIn(theirs.name, mine.jxc_duplicate_hint)
        self.assertEqual(theirs.jxc_duplicate_state, "none")
        mine.line_ids = [Command.update(mine.line_ids.id, {"product_id": self.wine.id})]
        self.assertEqual(mine.jxc_duplicate_state, "none")
        self._submitted(user=self.colleague)
        first.invalidate_recordset()
        self.assertEqual(first.jxc_duplicate_state, "block")

    def test_hint_asks_as_much_for_many(self):
        self.company.jxc_duplicate_days = 3

        def count(number):
            requests = self.env["jxc.purchase.request"].union(
                *(self._request((self.wine, 2)) for _request in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.user.partner_id.mapped("tz")
            start = self.cr.sql_log_count
            self.assertEqual(
                set(requests.mapped("jxc_duplicate_state")), {"merge"}, number
            )
            return self.cr.sql_log_count - start

        count(4)
        self.assertLessEqual(count(12), count(4) + 3)
