# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestOrderApproval(OrderApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._tier()

    def test_confirm_asks_and_the_last_review_confirms(self):
        order = self._asked()
        self.assertEqual(order.review_ids.status, "pending")
        self.assertFalse(order.picking_ids)
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "purchase")
        self.assertTrue(order.picking_ids)
        self.assertTrue(order.date_approve)

    def test_below_the_tier_nothing_is_asked(self):
        order = self._purchase((self.tea, 1, 150))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.review_ids)

    def test_batch_confirms_what_it_may(self):
        small = self._purchase((self.tea, 1, 150))
        large = self._purchase((self.tea, 10, 150))
        (small | large).button_confirm()
        self.assertEqual((small | large).mapped("state"), ["purchase", "to approve"])

    def test_every_tier_has_to_approve(self):
        self._tier("Finance", self.finance, sequence=10)
        order = self._asked()
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.finance).validate_tier()
        self.assertEqual(order.state, "purchase")

    def test_reject_tells_the_buyer(self):
        order = self._asked()
        action = order.with_user(self.boss).action_jxc_reject()
        wizard = (
            self.env["comment.wizard"]
            .with_user(self.boss)
            .with_context(**action["context"])
            .create({"comment": "Too dear"})
        )
        wizard.add_comment()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.validation_status, "rejected")
        note = order.message_ids.filtered(lambda one: "Too dear" in (one.body or ""))
        self.assertIn(self.buyer.partner_id, note.notified_partner_ids)
        with self.assertRaisesRegex(ValidationError, "Boss"):
            order.with_user(self.manager).button_approve()

    def test_rejected_order_goes_back_to_be_changed(self):
        order = self._asked()
        order.with_user(self.boss)._rejected_tier()
        order.restart_validation()
        self.assertEqual((order.state, order.validation_status), ("draft", "no"))
        order.order_line.product_qty = 1
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_cancel_and_draft_start_over(self):
        order = self._approved()
        order.button_cancel()
        order.button_draft()
        self.assertFalse(order.review_ids)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_request_validation_waits_like_confirm(self):
        order = self._purchase((self.tea, 10, 150))
        order.request_validation()
        self.assertEqual(order.state, "to approve")
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "purchase")

    # -- with the platform's double validation ---------------------------------------

    def test_double_validation_needs_its_manager_too(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 1200
        order = self._asked()
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.validation_status, "validated")
        order.button_approve()
        self.assertEqual(order.state, "to approve", "a buyer is no manager")
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.state, "purchase")

    def test_manager_who_confirms_counts_as_second_pair_of_eyes(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 1200
        order = self._purchase((self.tea, 10, 150))
        order.with_user(self.manager).button_confirm()
        self.assertEqual(order.state, "to approve", "the boss is still asked")
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "purchase")

    def test_manager_does_not_skip_the_review(self):
        order = self._asked()
        with self.assertRaisesRegex(ValidationError, "Boss"):
            order.with_user(self.manager).button_approve()
        with self.assertRaisesRegex(ValidationError, "Boss"):
            order.with_user(self.manager).button_approve(force=True)

    def test_approve_asks_for_a_tier_that_came_later(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 500
        order = self._purchase((self.tea, 6, 100))
        order.button_confirm()
        self.assertFalse(order.review_ids)
        self._tier("From 500", domain="[('amount_total', '>=', 500)]")
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.review_ids.name, "From 500")

    # -- ways around -----------------------------------------------------------------

    def test_nobody_writes_past_the_review(self):
        order = self._purchase((self.tea, 10, 150))
        for user in (self.buyer, self.manager):
            with self.assertRaises(UserError):
                order.with_user(user).write({"state": "purchase"})
            with self.assertRaises(AccessError):
                order.with_user(user).write({"validation_status": "validated"})
        with self.assertRaises(UserError):
            self._purchase((self.tea, 10, 150), state="purchase")

    def test_context_keys_open_nothing(self):
        keys = {
            "skip_validation_check": True,
            "skip_check_state_condition": True,
            "jxc_purchase_confirmation": {"taken_ids": [1], "is_open": True},
            "default_status": "approved",
        }
        order = self._purchase((self.tea, 10, 150)).with_context(**keys)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        with self.assertRaises(ValidationError):
            order.with_user(self.manager).button_approve()

    def test_reviews_cannot_be_forged(self):
        order = self._asked()
        for user in (self.buyer, self.manager):
            review = order.review_ids.with_user(user)
            with self.assertRaises(AccessError):
                review.write({"status": "approved"})
            with self.assertRaises(AccessError):
                order.with_user(user).validate_tier()

    def test_buyer_never_decides_the_own_order(self):
        tier = self._tier("Buyer", self.buyer, sequence=10)
        order = self._purchase((self.tea, 10, 150))
        with self.assertRaisesRegex(UserError, "Nobody may decide"):
            order.button_confirm()
        order.invalidate_recordset()
        other = self._user("other_buyer", "purchase.group_purchase_user")
        order = self._purchase((self.tea, 10, 150), user=other)
        order.sudo().user_id = self.buyer
        with self.assertRaisesRegex(UserError, "Nobody may decide"):
            order.button_confirm()
        tier.jxc_allow_requester = True
        order.invalidate_recordset()
        order.button_confirm()
        self.assertIn(self.buyer, order.review_ids.reviewer_ids)

    def test_values_cannot_change_while_being_decided(self):
        order = self._asked()
        with self.assertRaises(UserError):
            order.order_line.product_qty = 11
        with self.assertRaises(UserError):
            order.payment_term_id = self.term
        with self.assertRaises(UserError):
            order.write({"order_line": [Command.create({"product_id": self.tea.id})]})

    # -- delegation ------------------------------------------------------------------

    def test_delegate_decides_for_the_boss(self):
        today = fields.Date.today()
        self.env["jxc.approval.delegation"].with_user(self.boss).create(
            {
                "delegate_id": self.stand_in.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        order = self._asked()
        with self.assertRaises(AccessError):
            order.with_user(self.finance).validate_tier()
        order.with_user(self.stand_in).validate_tier()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.review_ids.jxc_on_behalf_of_id, self.boss)
        self.assertEqual(order.review_ids.done_by, self.stand_in)

    # -- what keeps it from being confirmed ------------------------------------------

    def test_budget_that_is_short_does_not_undo_the_decision(self):
        today = fields.Date.today()
        budget = self.env["jxc.purchase.budget"].create(
            {
                "name": "Tea",
                "date_from": today - timedelta(days=30),
                "date_to": today + timedelta(days=30),
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": self.vendor.id,
                            "amount_planned": 1000,
                            "control": "block",
                        }
                    )
                ],
            }
        )
        budget.action_confirm()
        order = self._asked()
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.validation_status, "validated")
        self.assertIn("cannot be confirmed yet", order.message_ids[0].body)
        self.assertEqual(budget.action_recompute_check(), [])
        # Nothing was booked on it yet.
        budget.action_draft()
        budget.line_ids.tolerance_percent = 100
        budget.action_confirm()
        order.button_approve()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(budget.line_ids.amount_committed, 1500)

    def test_two_companies_have_their_own_tiers(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["tier.definition"].search(
            [("model", "=", "purchase.order")]
        ).company_id = other
        order = self._purchase((self.tea, 10, 150))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_queries_do_not_grow_with_lines_and_orders(self):
        def count(lines):
            order = self._purchase(*[(self.tea, 1, 1)] * lines)
            order.env.flush_all()
            order.invalidate_recordset()
            start = self.env.cr.sql_log_count
            order._jxc_unapproved()
            return self.env.cr.sql_log_count - start

        count(1)
        self.assertEqual(count(1), count(30))
