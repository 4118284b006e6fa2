# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalSetup


@tagged("post_install", "-at_install")
class TestApprovalPeople(ApprovalSetup, TransactionCase):
    """Who requests, decides, comments and restarts, and who does not."""

    # ------------------------------------------------------------
    # Who decides
    # ------------------------------------------------------------

    def test_only_the_reviewer_decides(self):
        document = self._create_requested()
        for user in (self.ann, self.carl, self.dora, self.admin):
            with self.assertRaises(AccessError):
                document.with_user(user).validate_tier()
            with self.assertRaises(AccessError):
                document.with_user(user).reject_tier()
        self.assertEqual(document.review_ids.status, "pending")

    def test_the_requester_does_not_decide(self):
        group = self.env["res.groups"].create(
            {"name": "Reviewers", "user_ids": [Command.set((self.ann | self.bob).ids)]}
        )
        self.tier.write(
            {
                "review_type": "group",
                "reviewer_id": False,
                "reviewer_group_id": group.id,
            }
        )
        document = self._create_requested()
        self.assertEqual(document.review_ids.reviewer_ids, self.bob)
        with self.assertRaises(AccessError):
            document.validate_tier()
        # Nor by having somebody else press the button.
        other = self._create_document()
        other.with_user(self.dora).request_validation()
        self.assertNotIn(self.ann, other.review_ids.reviewer_ids)
        with self.assertRaises(AccessError):
            other.validate_tier()
        other.with_user(self.bob).validate_tier()
        self.assertEqual(other.validation_status, "validated")

    def test_the_requester_decides_if_the_tier_says_so(self):
        self.tier.write({"reviewer_id": self.ann.id, "jxc_allow_requester": True})
        document = self._create_requested()
        document.validate_tier()
        self.assertEqual(document.validation_status, "validated")
        self.tier.jxc_allow_requester = False
        with self.assertRaisesRegex(UserError, "Nobody may decide"):
            self._create_document().request_validation()

    def test_confirming_does_not_approve_for_the_requester(self):
        self.tier.reviewer_id = self.ann
        with self.assertRaises(UserError):
            self._create_document().action_confirm()

    def test_request_needs_write_access(self):
        document = self._create_document()
        self.env["ir.model.access"].search([("name", "=like", "test jxc.app%")]).write(
            {"perm_write": False}
        )
        with self.assertRaises(AccessError):
            document.with_user(self.dora).request_validation()

    def test_tiers_in_sequence(self):
        self.tier.write({"approve_sequence": True, "sequence": 20})
        self._create_tier(
            "Second",
            self.dora,
            "[]",
            approve_sequence=True,
            sequence=10,
            has_comment=True,
        )
        document = self._create_document()
        document.request_validation()
        with self.assertRaises(AccessError):
            document.with_user(self.dora).validate_tier()
        with self.assertRaises(AccessError):
            self._wizard(self.dora, document, document.review_ids[1]).add_comment()
        document.with_user(self.bob).validate_tier()
        self.assertEqual(document.review_ids.mapped("status"), ["approved", "pending"])
        self._wizard(self.dora, document, document.review_ids[1]).add_comment()
        self.assertEqual(document.validation_status, "validated")

    # ------------------------------------------------------------
    # Comment wizard
    # ------------------------------------------------------------

    def _wizard(self, user, document, reviews=None, decision="validate"):
        return (
            self.env["comment.wizard"]
            .with_user(user)
            .create(
                {
                    "res_model": document._name,
                    "res_id": document.id,
                    "review_ids": reviews and [Command.set(reviews.ids)],
                    "validate_reject": decision,
                    "comment": "By wizard",
                }
            )
        )

    def test_wizard_is_no_way_around(self):
        document = self._create_requested()
        foreign = self._create_requested()
        review = document.review_ids
        for user in (self.ann, self.dora, self.admin):
            for decision in ("validate", "reject", "comment"):
                for reviews in (review, None):
                    with self.assertRaises(AccessError):
                        self._wizard(user, document, reviews, decision).add_comment()
        # A reviewer of one document has no say on another through it.
        self.tier.reviewer_id = self.dora
        own = self._create_requested()
        for decision in ("validate", "reject"):
            with self.assertRaises(AccessError):
                self._wizard(self.bob, own, foreign.review_ids, decision).add_comment()
            with self.assertRaises(AccessError):
                self._wizard(self.dora, own, own.review_ids | review).add_comment()
        with self.assertRaises(AccessError):
            self._wizard(self.bob, self.env.user, foreign.review_ids).add_comment()
        with self.assertRaises(AccessError):
            self._wizard(self.bob, document, review, "nonsense").add_comment()
        self.assertEqual(
            (review | foreign.review_ids).mapped("status"), ["pending"] * 2
        )
        self.assertFalse(review.comment)

    def test_wizard_decides_with_a_comment(self):
        self.tier.has_comment = True
        document = self._create_requested()
        action = document.with_user(self.bob).validate_tier()
        self.assertEqual(document.review_ids.status, "pending")
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.bob)
            .with_context(**action["context"])
            .create({"comment": "Fine"})
        )
        wizard.add_comment()
        self.assertRecordValues(
            document.review_ids,
            [{"status": "approved", "comment": "Fine", "done_by": self.bob.id}],
        )

    # ------------------------------------------------------------
    # Restart, delete
    # ------------------------------------------------------------

    def test_who_restarts(self):
        document = self._create_requested(user_id=self.carl.id)
        document.with_user(self.bob).reject_tier()
        for user in (self.bob, self.dora):
            with self.assertRaises(AccessError):
                document.with_user(user).restart_validation()
        for user in (self.ann, self.carl, self.admin):
            document.with_user(user).restart_validation()
            self.assertFalse(document.review_ids)
            document.request_validation()

    def test_restart_is_no_way_around_a_rejection(self):
        document = self._create_requested()
        document.with_user(self.bob).reject_tier()
        document.restart_validation()
        with self.assertRaises(ValidationError):
            document.action_confirm()
        notes = "".join(document.message_ids.mapped("body"))
        self.assertIn("Rejected", notes)
        self.assertIn(self.bob.name, notes)

    def test_restart_leaves_a_confirmed_document(self):
        document = self._create_approved()
        document.action_confirm()
        document.restart_validation()
        self.assertEqual(document.validation_status, "validated")

    @mute_logger("odoo.models.unlink")
    def test_delete_takes_the_reviews_along(self):
        document = self._create_requested()
        review = document.review_ids.sudo()
        document.unlink()
        self.assertFalse(review.exists())
