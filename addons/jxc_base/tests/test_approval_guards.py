# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import copy
import pickle

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools.approval import SKIP, trusted_context
from ..tools.importing.history import HISTORY, HISTORY_KEY
from .approval_common import ApprovalSetup


@tagged("post_install", "-at_install")
class TestApprovalGuards(ApprovalSetup, TransactionCase):
    """Every way around an approval that we know of, tried by ordinary users."""

    # ------------------------------------------------------------
    # The right way
    # ------------------------------------------------------------

    def test_request_approve_confirm(self):
        document = self._create_approved()
        review = document.review_ids
        self.assertEqual(review.done_by, self.bob)
        self.assertEqual(review.requested_by, self.ann)
        self.assertFalse(review.jxc_on_behalf_of_id)
        document.action_confirm()
        self.assertEqual(document.state, "confirmed")
        document.state = "done"

    def test_no_tier_no_approval(self):
        document = self._create_document(amount=50)
        document.action_confirm()
        self.assertEqual(document.state, "confirmed")

    def test_rejected_document_needs_a_new_request(self):
        document = self._create_requested()
        document.with_user(self.bob).reject_tier()
        self.assertEqual(document.validation_status, "rejected")
        with self.assertRaises(ValidationError):
            document.action_confirm()

    # ------------------------------------------------------------
    # Reviews
    # ------------------------------------------------------------

    @mute_logger("odoo.models.unlink")
    def test_nobody_writes_reviews(self):
        review = self._create_requested().review_ids
        for user in (self.ann, self.bob, self.dora, self.admin):
            mine = review.with_user(user)
            with self.assertRaises(AccessError):
                mine.write({"status": "approved"})
            with self.assertRaises(AccessError):
                mine.status = "approved"
            with self.assertRaises(AccessError):
                mine.write({"reviewer_ids": [Command.link(user.id)]})
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.copy()
            with self.assertRaises(AccessError):
                mine.create(
                    {
                        "model": "jxc.approval.tester",
                        "res_id": review.res_id,
                        "status": "approved",
                        "definition_id": self.tier.id,
                    }
                )
        self.assertEqual(review.status, "pending")

    def test_reviews_through_the_document(self):
        document = self._create_requested()
        review = document.review_ids
        for command in (
            Command.update(review.id, {"status": "approved"}),
            Command.delete(review.id),
            Command.unlink(review.id),
            Command.clear(),
            Command.create({"status": "approved", "definition_id": self.tier.id}),
        ):
            with self.assertRaises(AccessError):
                document.write({"review_ids": [command]})
        with self.assertRaises(AccessError):
            self._create_document(review_ids=[Command.link(review.id)])
        self.assertEqual(document.review_ids.mapped("status"), ["pending"])

    def test_status_of_the_document_cannot_be_written(self):
        document = self._create_requested()
        with self.assertRaises(AccessError):
            document.write({"validation_status": "validated"})
        with self.assertRaises(AccessError):
            document.sudo().write({"validation_status": "validated"})
        with self.assertRaises(AccessError):
            self._create_document(validation_status="validated")
        # A default from the client's context gets past create, and is worth nothing.
        default = self.Tester.with_context(default_validation_status="validated")
        with self.assertRaises(ValidationError):
            default.create({"amount": 500}).action_confirm()

    def test_reviews_through_the_user(self):
        review = self._create_requested().review_ids
        manager = self._create_user("access_manager", "base.group_erp_manager")
        with self.assertRaises(AccessError):
            self.dora.with_user(manager).write(
                {"review_ids": [Command.link(review.id)]}
            )
        self.assertNotIn(self.dora, review.reviewer_ids)

    def test_default_status_of_a_new_review(self):
        document = self._create_document().with_context(
            default_status="approved", default_done_by=self.bob.id
        )
        review = document.request_validation()
        self.assertEqual(review.status, "pending")
        self.assertFalse(review.done_by)
        with self.assertRaises(ValidationError):
            document.action_confirm()

    def test_users_own_defaults_do_not_reach_reviews(self):
        Default = self.env["ir.default"].with_user(self.ann)
        for field, value in (
            ("status", "approved"),
            ("reviewer_ids", self.dora.ids),
            ("done_by", self.bob.id),
        ):
            Default.set("tier.review", field, value, user_id=True)
        review = self._create_requested().review_ids
        self.assertEqual(review.reviewer_ids, self.bob)
        self.assertFalse(review.done_by)
        Default.set("jxc.approval.tester", "state", "confirmed", user_id=True)
        with self.assertRaises(ValidationError):
            self._create_document()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_outsiders_read_nothing(self):
        self._create_requested()
        public = self.env.ref("base.public_user")
        for user in (self.portal, public):
            for model in (
                "tier.review",
                "tier.definition",
                "tier.validation.exception",
            ):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search_count([])
        self.assertTrue(self.env["tier.review"].with_user(self.dora).search([]))

    # ------------------------------------------------------------
    # Set-up
    # ------------------------------------------------------------

    def test_only_administrators_change_tiers(self):
        manager = self._create_user("access_manager", "base.group_erp_manager")
        exception = {
            "name": "Open amount",
            "model_id": self.tier.model_id.id,
            "field_ids": [
                Command.link(
                    self.env["ir.model.fields"]._get("jxc.approval.tester", "amount").id
                )
            ],
        }
        # Whatever access rights a database has.
        for model in ("tier.definition", "tier.validation.exception"):
            self.env["ir.model.access"].create(
                {
                    "name": f"wide {model}",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": self.env.ref("base.group_user").id,
                    "perm_write": True,
                    "perm_create": True,
                    "perm_unlink": True,
                }
            )
        for user in (self.ann, self.bob, manager):
            with self.assertRaises(AccessError):
                self.tier.with_user(user).active = False
            with self.assertRaises(AccessError):
                self.tier.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.tier.with_user(user).copy()
            with self.assertRaises(AccessError):
                self.env["tier.validation.exception"].with_user(user).create(exception)
        self.tier.with_user(self.admin).name = "Renamed"
        self.env["tier.validation.exception"].with_user(self.admin).create(exception)

    def test_every_model_with_tiers_is_offered(self):
        names = self.env["tier.definition"]._get_tier_validation_model_names()
        self.assertIn("jxc.approval.tester", names)
        self.assertNotIn("tier.validation", names)
        self.assertEqual(len(names), len(set(names)))

    # ------------------------------------------------------------
    # Context
    # ------------------------------------------------------------

    def test_context_keys_of_a_client_have_no_effect(self):
        document = self._create_requested()
        for value in (True, 1, "1", "approval.SKIP", {"SKIP": True}):
            keyed = document.with_context(
                skip_validation_check=value,
                skip_check_state_condition=value,
                tier_validation_defer_compute_can_review=value,
            )
            with self.assertRaises(ValidationError):
                keyed.write({"amount": 10})
            with self.assertRaises(ValidationError):
                keyed.action_confirm()
            with self.assertRaises(ValidationError):
                keyed.write({"state": "done"})
        self.assertEqual(document.amount, 500)

    def test_skip_in_context_does_not_reopen_a_request(self):
        document = self._create_approved()
        document.action_confirm()
        keyed = document.with_context(skip_check_state_condition=True)
        self.assertFalse(keyed.need_validation)
        self.assertFalse(keyed.request_validation())

    def test_server_code_may_write_under_review_but_not_confirm(self):
        document = self._create_requested()
        trusted = document.with_context(skip_validation_check=SKIP)
        trusted.write({"name": "Technical"})
        self.assertEqual(document.name, "Technical")
        with self.assertRaises(ValidationError):
            trusted.action_confirm()

    def test_the_token_cannot_be_made_outside(self):
        self.assertEqual(trusted_context({"skip_validation_check": type(SKIP)()}), {})
        self.assertEqual(
            trusted_context(
                {"skip_validation_check": SKIP, "default_x": 1, "lang": "zh"}
            ),
            {"skip_validation_check": SKIP, "lang": "zh"},
        )
        self.assertIs(copy.deepcopy(SKIP), SKIP)
        with self.assertRaises(TypeError):
            pickle.dumps(SKIP)

    def test_deferred_status_is_not_left_to_the_client(self):
        document = self._create_document().with_context(
            tier_validation_defer_compute_can_review=True
        )
        self.assertEqual(document.request_validation().status, "pending")

    # ------------------------------------------------------------
    # State
    # ------------------------------------------------------------

    def test_state_cannot_pass_its_review(self):
        for document in (self._create_document(), self._create_requested()):
            for state in ("confirmed", "done"):
                with self.assertRaises(ValidationError):
                    document.write({"state": state})
                with self.assertRaises(ValidationError):
                    document.sudo().write({"state": state})
                with self.assertRaises(ValidationError):
                    document.with_user(self.admin).state = state
            self.assertEqual(document.state, "draft")

    def test_create_past_the_review(self):
        for state in ("confirmed", "done"):
            with self.assertRaises(ValidationError):
                self._create_document(state=state)
            with self.assertRaises(ValidationError):
                self.Tester.with_context(default_state=state).create({"amount": 500})
            with self.assertRaises(ValidationError):
                self._create_document().copy({"state": state})
        self.assertEqual(self._create_document(amount=5, state="done").state, "done")

    def test_not_by_way_of_cancel(self):
        document = self._create_requested()
        document.state = "cancel"
        self.assertFalse(document.review_ids)
        for state in ("confirmed", "done"):
            with self.assertRaises(ValidationError):
                document.state = state

    def test_amount_and_state_in_one_write(self):
        """The tier is judged on the values after the write."""
        document = self._create_document(amount=50)
        with self.assertRaises(ValidationError):
            document.write({"amount": 500, "state": "confirmed"})
        approved = self._create_approved()
        with self.assertRaises(ValidationError):
            approved.write({"amount": 10**6, "state": "confirmed"})
        with self.assertRaises(ValidationError):
            approved.write({"name": "Something else", "state": "confirmed"})
        approved.write({"confirmed_on": "2026-01-01 00:00:00", "state": "confirmed"})

    def test_a_new_tier_must_be_covered(self):
        document = self._create_approved()
        self._create_tier("Second look", self.dora, "[('amount', '>', 200)]")
        with self.assertRaisesRegex(ValidationError, "Second look"):
            document.action_confirm()

    def test_import_past_the_review(self):
        result = self.Tester.load(
            ["name", "amount", "state"], [["Imported", "500", "Confirmed"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("needs approval", result["messages"][0]["message"])
        document = self._create_requested()
        self.env["ir.model.data"].create(
            {
                "module": "__test__",
                "name": "approval_document",
                "model": document._name,
                "res_id": document.id,
            }
        )
        for field, value in (
            ("state", "Confirmed"),
            ("validation_status", "Validated"),
            ("review_ids/status", "Approved"),
        ):
            result = self.Tester.load(
                ["id", field], [["__test__.approval_document", value]]
            )
            self.assertFalse(result["ids"], field)
        self.assertEqual(document.state, "draft")
        self.assertEqual(document.review_ids.mapped("status"), ["pending"])

    def test_through_another_document(self):
        Folder = self.env["jxc.approval.tester.folder"].with_user(self.ann)
        with self.assertRaises(ValidationError):
            Folder.create(
                {"tester_ids": [Command.create({"amount": 500, "state": "confirmed"})]}
            )
        folder = Folder.create({"tester_ids": [Command.create({"amount": 500})]})
        document = folder.tester_ids
        with self.assertRaises(ValidationError):
            folder.write(
                {"tester_ids": [Command.update(document.id, {"state": "done"})]}
            )
        document.request_validation()
        with self.assertRaises(AccessError):
            folder.write(
                {
                    "tester_ids": [
                        Command.update(
                            document.id,
                            {
                                "review_ids": [
                                    Command.update(
                                        document.review_ids.id, {"status": "approved"}
                                    )
                                ]
                            },
                        )
                    ]
                }
            )

    def test_computed_state(self):
        model = "jxc.approval.tester.computed"
        self._create_tier("Computed", self.bob, "[]", model=model)
        Computed = self.env[model].with_user(self.ann)
        for name in ("is_confirmed", "is_done"):
            document = Computed.create({})
            with self.assertRaises(ValidationError):
                document[name] = True
                document.flush_recordset()
            document.invalidate_recordset(flush=False)
            with self.assertRaises(ValidationError):
                Computed.create({name: True})
        document = Computed.create({})
        document.request_validation()
        document.with_user(self.bob).validate_tier()
        exceptions = self.env["tier.validation.exception"].create(
            {
                "name": "Facts",
                "model_id": self.env["ir.model"]._get_id(model),
                "field_ids": [
                    Command.link(self.env["ir.model.fields"]._get(model, name).id)
                    for name in ("is_confirmed", "is_done")
                ],
            }
        )
        self.assertTrue(exceptions)
        document.is_confirmed = True
        document.flush_recordset()
        self.assertEqual(document.state, "confirmed")

    def test_a_tier_of_a_hidden_company_still_counts(self):
        self.tier.company_id = self.other_company
        document = self._create_document(company_id=self.other_company.id)
        narrow = document.with_context(allowed_company_ids=self.company.ids)
        with self.assertRaises(ValidationError):
            narrow.action_confirm()
        mine = self._create_document(company_id=self.company.id)
        mine.action_confirm()
        self.assertEqual(mine.state, "confirmed")

    def test_history_import_is_not_reviewed(self):
        old = self.Tester.with_context(**{HISTORY_KEY: HISTORY}).create(
            {"amount": 500, "state": "done"}
        )
        self.assertEqual(old.state, "done")
        with self.assertRaises(ValidationError):
            self.Tester.with_context(**{HISTORY_KEY: True}).create(
                {"amount": 500, "state": "done"}
            )

    # ------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------

    def test_queries_do_not_grow_with_the_documents(self):
        def count(size):
            self.env.flush_all()
            documents = self.Tester.create([{"amount": 500}] * size)
            self.env.flush_all()
            self.env.invalidate_all()
            documents.mapped("state")
            start = self.cr.sql_log_count
            self.assertTrue(all(documents.mapped("need_validation")))
            documents.mapped("can_review")
            return self.cr.sql_log_count - start

        count(2)
        self.assertEqual(count(2), count(20))
