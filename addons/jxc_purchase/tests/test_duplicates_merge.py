# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_duplicates import DuplicateCommon


@tagged("post_install", "-at_install")
class TestDuplicatesMerge(DuplicateCommon):
    """The window of collisions, and merging from it."""

    def _window(self, document, user=None):
        document = document.with_user(user or self.buyer)
        action = document.action_jxc_duplicates()
        return (
            self.env[action["res_model"]]
            .with_user(document.env.user)
            .browse(action["res_id"])
        )

    def test_rfqs_are_merged(self):
        older = self._purchase((self.tea, 24, 10), origin="A")
        order = self._purchase((self.tea, 12, 10), origin="B")
        window = self._window(order)
        self.assertEqual(window.line_ids.order_id, older)
        self.assertTrue(window.line_ids.can_merge)
        action = window.line_ids.action_merge()
        self.assertEqual(action["res_id"], older.id)
        self.assertEqual(older.order_line.product_qty, 36)
        self.assertEqual(order.state, "cancel")
        self._assert_free(older)

    def test_other_vendors_rfq_cannot_be_merged(self):
        self._purchase((self.tea, 24, 10), partner_id=self.other_vendor.id)
        window = self._window(self._purchase((self.tea, 12, 10)))
        self.assertFalse(window.line_ids.can_merge)
        with self.assertRaises(UserError):
            window.line_ids.action_merge()

    def test_requests_and_rfqs_stand_in_one_window(self):
        """Whoever sees both may merge each with its own kind only."""
        older = self._request((self.tea, 5), user=self.buyer)
        older.with_user(self.buyer).action_submit()
        rfq = self._purchase((self.tea, 24, 10))
        request = self._request((self.tea, 7), user=self.buyer)
        self.assertEqual(self._can_merge(request), {older.name: True, rfq.name: False})
        order = self._purchase((self.tea, 12, 10))
        can_merge = self._can_merge(order)
        self.assertEqual(can_merge.pop(request.name), False)
        self.assertEqual(can_merge, {older.name: False, rfq.name: True})

    def _can_merge(self, document):
        lines = self._window(document).line_ids
        return {line.document_name: line.can_merge for line in lines}

    def test_drafts_of_both_kinds_are_hinted_at(self):
        """RFQs that do not count stand beside the requests to merge with."""
        self.company.jxc_duplicate_rfq = False
        older = self._request((self.tea, 5), user=self.buyer)
        rfq = self._purchase((self.tea, 24, 10))
        request = self._request((self.tea, 7), user=self.buyer).with_user(self.buyer)
        self.assertEqual(request.jxc_duplicate_state, "merge")
        self.assertIn(older.name, request.jxc_duplicate_hint)
        self.assertNotIn(rfq.name, request.jxc_duplicate_hint)

    def test_requests_are_merged(self):
        older = self._request((self.tea, 5), (self.wine, 1), origin="A", note="Fair")
        attachment = self.env["ir.attachment"].create(
            {"name": "offer.pdf", "raw": b"1"}
        )
        request = self._request((self.tea, 7), origin="B", note="Shop")
        attachment.write({"res_model": request._name, "res_id": request.id})
        window = self._window(request, self.requester)
        line = window.line_ids.filtered("request_id")
        self.assertFalse(line.counts, "a draft blocks nobody")
        line.action_merge()
        self.assertRecordValues(
            older, [{"origin": "A, B", "note": "Fair\nShop", "state": "draft"}]
        )
        self.assertEqual(
            {one.product_id: one.product_qty for one in older.line_ids},
            {self.tea: 12, self.wine: 1},
        )
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(attachment.res_id, older.id)
        self.assertIn(request.name, older.message_ids[0].body)
        self.assertTrue(
            any(older.name in (one.body or "") for one in request.message_ids)
        )

    def test_who_asked_for_a_part_does_not_approve_the_whole(self):
        mine = self._request((self.tea, 5))
        theirs = self._request((self.tea, 7), user=self.approver)
        (mine | theirs).with_user(self.buyer).action_merge()
        self.assertEqual(mine.line_ids.mapped("product_qty"), [5, 7])
        mine.with_user(self.requester).action_submit()
        with self.assertRaises(AccessError):
            mine.with_user(self.approver).action_approve()

    def test_who_a_merged_part_was_entered_for_does_not_approve_the_whole(self):
        mine = self._request((self.tea, 5))
        for_boss = self._request((self.wine, 7), user=self.buyer)
        for_boss.user_id = self.approver
        (mine | for_boss).with_user(self.buyer).action_merge()
        self.assertEqual(mine.line_ids.create_uid, self.requester | self.buyer)
        mine.with_user(self.requester).action_submit()
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            mine.with_user(self.approver).action_approve()
        self.env["tier.definition"].create(
            {
                "name": "Boss",
                "model_id": self.env["ir.model"]._get_id(mine._name),
                "review_type": "individual",
                "reviewer_id": self.approver.id,
                "company_id": False,
            }
        )
        mine.with_user(self.requester).action_draft()
        with self.assertRaisesRegex(UserError, "Nobody may decide"):
            mine.with_user(self.requester).action_submit()

    def test_merge_guards(self):
        mine = self._request((self.tea, 5))
        theirs = self._request((self.tea, 7), user=self.colleague)
        with self.assertRaises(AccessError):
            (mine | theirs).with_user(self.requester).action_merge()
        with self.assertRaises(UserError):
            mine.action_merge()
        self.company.jxc_duplicate_control = "off"
        theirs.action_submit()
        with self.assertRaisesRegex(UserError, "To Approve"):
            (mine | theirs).with_user(self.buyer).action_merge()

    def test_requester_sees_no_orders_he_may_not_open(self):
        order = self._on_its_way()
        window = self._window(self._request((self.tea, 5)), self.requester)
        line = window.line_ids.filtered(lambda one: one.kind == "order")
        self.assertEqual(line.document_name, order.name)
        self.assertFalse(line.order_id)
        self.assertFalse(line.can_open)
        self.assertFalse(window.can_override)
        with self.assertRaises(AccessError):
            window.action_override()

    def test_override_from_the_window(self):
        self._on_its_way()
        order = self._purchase((self.tea, 12, 10))
        window = self._window(order, self.allowed)
        self.assertTrue(window.can_override)
        window.reason = "Trade fair"
        window.action_override()
        self._assert_free(order)

    def test_windows_are_ones_own(self):
        self._purchase((self.tea, 24, 10))
        window = self._window(self._purchase((self.tea, 12, 10)))
        with self.assertRaises(AccessError):
            window.with_user(self.allowed).action_override()
