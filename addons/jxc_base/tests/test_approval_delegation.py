# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalSetup

INSIDE = "2026-03-15 06:00:00"


@tagged("post_install", "-at_install")
class TestApprovalDelegation(ApprovalSetup, TransactionCase):
    """Carl decides for Bob between two dates, and nothing more."""

    def _count(self, user):
        groups = self.env["res.users"].with_user(user).review_user_count()
        return sum(group["pending_count"] for group in groups)

    # ------------------------------------------------------------
    # In effect
    # ------------------------------------------------------------

    @freeze_time(INSIDE)
    def test_delegate_decides_on_behalf(self):
        self._delegate()
        document = self._create_requested()
        document.with_user(self.carl).validate_tier()
        self.assertRecordValues(
            document.review_ids,
            [
                {
                    "status": "approved",
                    "done_by": self.carl.id,
                    "jxc_on_behalf_of_id": self.bob.id,
                    "reviewer_ids": self.bob.ids,
                }
            ],
        )
        notes = "".join(document.message_ids.mapped("body"))
        self.assertIn("carl", notes)
        self.assertIn("on behalf of bob", notes)
        document.action_confirm()
        self.assertEqual(document.state, "confirmed")

    @freeze_time(INSIDE)
    def test_delegate_rejects_on_behalf(self):
        self._delegate()
        document = self._create_requested()
        document.with_user(self.carl).reject_tier()
        self.assertEqual(document.validation_status, "rejected")
        self.assertEqual(document.review_ids.jxc_on_behalf_of_id, self.bob)

    @freeze_time(INSIDE)
    def test_delegate_comments(self):
        self._delegate()
        self.tier.has_comment = True
        document = self._create_requested()
        action = document.with_user(self.carl).validate_tier()
        wizard = (
            self.env["comment.wizard"]
            .with_user(self.carl)
            .with_context(**action["context"])
            .create({"comment": "Instead of Bob"})
        )
        wizard.add_comment()
        self.assertEqual(document.review_ids.comment, "Instead of Bob")
        self.assertEqual(document.review_ids.jxc_on_behalf_of_id, self.bob)

    @freeze_time(INSIDE)
    def test_the_reviewer_himself_stays(self):
        self._delegate()
        document = self._create_requested()
        document.with_user(self.bob).validate_tier()
        self.assertFalse(document.review_ids.jxc_on_behalf_of_id)

    def test_days_are_the_delegators(self):
        """The first and the last day count, in Shanghai, whatever the delegate says."""
        self._delegate()
        document = self._create_requested()
        mine = document.with_user(self.carl).with_context(tz="Pacific/Honolulu")
        for moment, allowed in (
            ("2026-02-28 15:59:00", False),
            ("2026-02-28 16:01:00", True),
            ("2026-03-31 15:59:00", True),
            ("2026-03-31 16:01:00", False),
            ("2027-03-15 12:00:00", False),
        ):
            with freeze_time(moment), self.subTest(moment=moment):
                mine.invalidate_recordset(["can_review"], flush=False)
                self.assertEqual(mine.can_review, allowed)
                self.assertEqual(self._count(self.carl), int(allowed))
                if not allowed:
                    with self.assertRaises(AccessError):
                        mine.validate_tier()

    @freeze_time(INSIDE)
    def test_archived_or_withdrawn(self):
        delegation = self._delegate()
        document = self._create_requested().with_user(self.carl)
        delegation.active = False
        with self.assertRaises(AccessError):
            document.validate_tier()
        delegation.active = True
        self.bob.active = False
        with self.assertRaises(AccessError):
            document.validate_tier()

    @freeze_time(INSIDE)
    def test_one_level_only(self):
        self._delegate()
        self._delegate(self.carl, self.dora)
        document = self._create_requested()
        with self.assertRaises(AccessError):
            document.with_user(self.dora).validate_tier()
        self.assertEqual(self._count(self.dora), 0)
        self.tier.reviewer_id = self.carl
        own = self._create_requested()
        own.with_user(self.dora).validate_tier()
        self.assertEqual(own.review_ids.jxc_on_behalf_of_id, self.carl)

    @freeze_time(INSIDE)
    def test_not_the_requester(self):
        self._delegate()
        document = self._create_requested(user=self.carl)
        with self.assertRaises(AccessError):
            document.validate_tier()
        self.assertFalse(document.can_review)
        self.assertEqual(self._count(self.carl), 0)
        self.assertEqual(document.reviewer_ids, self.bob)
        self.assertFalse(
            self.Tester.with_user(self.carl).search(
                [("reviewer_ids", "in", self.carl.ids)]
            )
        )
        # Nor for a reviewer who is the requester himself.
        group = self.env["res.groups"].create(
            {"name": "Reviewers", "user_ids": [Command.set((self.bob | self.dora).ids)]}
        )
        self.tier.write(
            {
                "review_type": "group",
                "reviewer_id": False,
                "reviewer_group_id": group.id,
            }
        )
        bobs = self._create_requested(user=self.bob)
        with self.assertRaises(AccessError):
            bobs.with_user(self.carl).validate_tier()

    @freeze_time(INSIDE)
    def test_some_kinds_of_documents(self):
        types = self.env["jxc.approval.document.type"].with_user(self.bob)
        other = types.search([("model", "=", "jxc.approval.tester.back")])
        mine = types.search([("model", "=", "jxc.approval.tester")])
        self.assertTrue(other.name)
        delegation = self._delegate(
            scope="types", document_type_ids=[Command.set(other.ids)]
        )
        document = self._create_requested().with_user(self.carl)
        with self.assertRaises(AccessError):
            document.validate_tier()
        delegation.document_type_ids = mine
        document.validate_tier()
        self.assertEqual(document.validation_status, "validated")

    @freeze_time(INSIDE)
    def test_companies(self):
        self._delegate(company_id=self.other_company.id)
        here = self._create_requested(company_id=self.company.id)
        there = self._create_requested(company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            here.with_user(self.carl).validate_tier()
        self.assertEqual(self._count(self.carl), 1)
        there.with_user(self.carl).validate_tier()
        self.assertEqual(there.review_ids.jxc_on_behalf_of_id, self.bob)
        self.assertEqual(here.review_ids.status, "pending")

    # ------------------------------------------------------------
    # Counters and searches
    # ------------------------------------------------------------

    @freeze_time(INSIDE)
    def test_counters_and_searches(self):
        document = self._create_requested()
        Carls = self.Tester.with_user(self.carl)
        to_review = [("can_review", "=", True)]
        by_carl = [("reviewer_ids", "in", self.carl.ids)]
        self.assertEqual(self._count(self.bob), 1)
        self.assertEqual(self._count(self.carl), 0)
        self.assertFalse(Carls.search(to_review))
        self.assertFalse(Carls.search(by_carl))
        self._delegate()
        self.env.invalidate_all()
        self.assertEqual(self._count(self.carl), 1)
        self.assertEqual(self._count(self.bob), 1)
        self.assertEqual(Carls.search(to_review), document)
        self.assertEqual(Carls.search(by_carl), document)
        self.assertNotIn(document, Carls.search([("can_review", "=", False)]))
        mine = document.with_user(self.carl)
        self.assertTrue(mine.can_review)
        self.assertEqual(mine.reviewer_ids, self.bob | self.carl)
        mine.validate_tier()
        self.assertEqual(self._count(self.carl), 0)
        self.assertFalse(Carls.search(to_review))

    @freeze_time(INSIDE)
    def test_own_and_delegated_are_counted_once(self):
        self._delegate()
        self._create_tier("Carl too", self.carl, "[]")
        document = self._create_document()
        document.request_validation()
        self.assertEqual(self._count(self.carl), 1)
        self.tier.copy(
            {"name": "Only Bob", "definition_domain": "[('amount','>',900)]"}
        )
        other = self._create_document(amount=1000)
        other.request_validation()
        self.assertEqual(self._count(self.carl), 2)
        document.with_user(self.carl).validate_tier()
        self.assertEqual(
            document.review_ids.mapped("jxc_on_behalf_of_id"),
            self.bob,
            "Carl decides his own tier in his own name, Bob's in Bob's",
        )
        self.assertEqual(document.validation_status, "validated")

    # ------------------------------------------------------------
    # Who may delegate what
    # ------------------------------------------------------------

    def test_only_for_oneself(self):
        with self.assertRaises(AccessError):
            self._delegate(self.carl, self.dora, delegator_id=self.bob.id)
        delegation = self._delegate(self.carl, self.dora)
        with self.assertRaises(AccessError):
            delegation.delegator_id = self.bob
        by_admin = self._delegate(self.admin, self.carl, delegator_id=self.bob.id)
        self.assertEqual(by_admin.delegator_id, self.bob)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models.unlink")
    def test_who_sees_and_changes(self):
        delegation = self._delegate()
        self.assertTrue(delegation.with_user(self.carl).reason is False)
        for user in (self.carl, self.dora):
            with self.assertRaises(AccessError):
                delegation.with_user(user).write({"date_to": "2030-01-01"})
            with self.assertRaises(AccessError):
                delegation.with_user(user).unlink()
        with self.assertRaises(AccessError):
            delegation.with_user(self.dora).read(["reason"])
        with self.assertRaises(AccessError):
            delegation.with_user(self.portal).read(["reason"])
        executive = self._create_user("executive", "jxc_base.group_executive")
        delegation.with_user(executive).read(["reason"])
        with self.assertRaises(AccessError):
            delegation.with_user(executive).write({"reason": "Mine"})
        delegation.with_user(self.admin).reason = "Leave"

    def test_company_rule(self):
        delegation = self._delegate(company_id=self.other_company.id)
        Delegation = self.env["jxc.approval.delegation"].with_user(self.admin)
        here = Delegation.with_context(allowed_company_ids=self.company.ids)
        there = Delegation.with_context(allowed_company_ids=self.other_company.ids)
        self.assertNotIn(delegation, here.search([]))
        self.assertIn(delegation, there.search([]))

    def test_persons(self):
        foreign = new_test_user(self.env, "foreign", company_id=self.company.id)
        with self.assertRaises(ValidationError):
            self._delegate(delegate=self.portal)
        with self.assertRaises(ValidationError):
            self._delegate(delegate=foreign, company_id=self.other_company.id)
        self.dora.active = False
        with self.assertRaises(ValidationError):
            self._delegate(delegate=self.dora)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._delegate(delegate=self.bob)

    def test_dates_and_scope(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._delegate(date_to="2026-02-01")
        with self.assertRaises(ValidationError):
            self._delegate(scope="types")

    def test_overlap(self):
        types = self.env["jxc.approval.document.type"].search([])
        self._delegate(company_id=self.company.id)
        for values in (
            {},
            {"date_from": "2026-03-31", "date_to": "2026-05-01"},
            {"company_id": self.company.id},
            {"scope": "types", "document_type_ids": [Command.set(types[0].ids)]},
        ):
            with self.assertRaises(ValidationError):
                self._delegate(**values)
        self._delegate(company_id=self.other_company.id)
        self._delegate(delegate=self.dora)
        later = self._delegate(date_from="2026-04-01", date_to="2026-05-01")
        with self.assertRaises(ValidationError):
            later.date_from = date(2026, 3, 31)
        for kind in types[:2]:
            self._delegate(
                date_from="2027-01-01",
                date_to="2027-02-01",
                scope="types",
                document_type_ids=[Command.set(kind.ids)],
            )

    def test_form(self):
        draft = self.env["jxc.approval.delegation"].with_user(self.bob).new()
        self.assertFalse(draft.display_name)  # not " for bob"
        with Form(self.env["jxc.approval.delegation"].with_user(self.bob)) as form:
            self.assertEqual(form.delegator_id, self.bob)
            form.delegate_id = self.carl
            form.date_from = "2026-03-01"
            form.date_to = "2026-03-02"
            form.scope = "types"
            form.document_type_ids.add(
                self.env["jxc.approval.document.type"].search([], limit=1)
            )
        self.assertEqual(
            form.record.display_name, "carl (base.group_user) for bob (base.group_user)"
        )
        self.assertEqual(form.record.company_id, self.company)
