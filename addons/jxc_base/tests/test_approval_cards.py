# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from .approval_common import ApprovalSetup


@tagged("post_install", "-at_install")
class TestApprovalCards(ApprovalSetup, TransactionCase):
    """My Approvals: cards that can be decided at once."""

    def _mine(self, user):
        reviews = self.env["tier.review"].with_user(user)
        return reviews.search([("jxc_is_mine", "=", True)])

    def test_each_sees_what_he_may_decide(self):
        document = self._create_requested()
        review = document.sudo().review_ids
        self.assertIn(review.id, self._mine(self.bob).ids)
        for user in (self.ann, self.carl, self.dora, self.admin):
            self.assertNotIn(review.id, self._mine(user).ids)
        self.assertTrue(review.with_user(self.bob).jxc_is_mine)
        self.assertFalse(review.with_user(self.dora).jxc_is_mine)

    @freeze_time("2026-03-10")
    def test_delegate_sees_the_cards_too(self):
        self._delegate()
        review = self._create_requested().sudo().review_ids
        self.assertIn(review.id, self._mine(self.carl).ids)
        review.with_user(self.carl).action_jxc_approve()
        self.assertEqual(review.status, "approved")
        self.assertEqual(review.jxc_on_behalf_of_id, self.bob)

    def test_next_tier_is_no_card_yet(self):
        self._create_tier("Carl", self.carl, "[]", sequence=10, approve_sequence=True)
        document = self._create_requested_two()
        second = document.sudo().review_ids.filtered(lambda one: one.name == "Carl")
        self.assertNotIn(second.id, self._mine(self.carl).ids)
        document.with_user(self.bob).validate_tier()
        self.assertIn(second.id, self._mine(self.carl).ids)

    def _create_requested_two(self):
        document = self._create_document()
        document.request_validation()
        self.assertEqual(len(document.review_ids), 2)
        return document

    def test_one_card_a_document(self):
        self._create_tier("Bob again", self.bob, "[]")
        document = self._create_requested_two()
        mine = self._mine(self.bob).filtered(lambda one: one.res_id == document.id)
        self.assertEqual(len(mine), 1)
        mine.action_jxc_approve()
        self.assertEqual(document.validation_status, "validated")

    def test_approve_and_reject_from_the_card(self):
        document = self._create_requested()
        review = document.sudo().review_ids
        for user in (self.ann, self.dora):
            with self.assertRaises(AccessError):
                review.with_user(user).action_jxc_approve()
            with self.assertRaises(AccessError):
                review.with_user(user).action_jxc_reject()
        card = review.with_user(self.bob)
        self.assertEqual(card.action_jxc_open()["res_id"], document.id)
        action = card.action_jxc_reject()
        wizard = self.env["comment.wizard"].with_user(self.bob)
        wizard = wizard.with_context(**action["context"]).create({"comment": "No"})
        wizard.add_comment()
        self.assertEqual((review.status, review.comment), ("rejected", "No"))
        other = self._create_requested()
        other.sudo().review_ids.with_user(self.bob).action_jxc_approve()
        self.assertEqual(other.validation_status, "validated")

    def test_a_card_tells_only_who_may_read_the_document(self):
        document = self._create_requested(name="Secret")
        review = document.sudo().review_ids
        rule = self.env["ir.rule"].create(
            {
                "name": "own",
                "model_id": self.env["ir.model"]._get_id("jxc.approval.tester"),
                "domain_force": f"[('create_uid', '!=', {self.ann.id})]",
            }
        )
        self.assertTrue(rule.active)
        card = review.with_user(self.dora)
        self.assertFalse(card.jxc_document_name)
        self.assertFalse(card.jxc_document_summary)
