# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .urgent_common import UrgentCommon


@tagged("post_install", "-at_install")
class TestUrgent(UrgentCommon):
    """Confirmed first, approved afterwards, by somebody else and in time."""

    def _bill(self, order):
        line = order.order_line
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": order.partner_id.id,
                "invoice_date": date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "quantity": 10,
                            "price_unit": 5,
                            "purchase_line_id": line.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def _later(self, hours):
        return freeze_time(fields.Datetime.now() + timedelta(hours=hours))

    # -- confirmation -------------------------------------------------------------

    def test_right_and_reason(self):
        mine = self._urgent(confirm=False, user=self.buyer)
        with self.refused("no right to confirm urgent"):
            mine.button_confirm()
        self.company.jxc_urgent_policy = "all"
        mine.jxc_urgent_reason = "  "
        with self.refused("give the reason"):
            mine.button_confirm()
        mine.jxc_urgent_reason = "Fire"
        mine.button_confirm()
        self.assertEqual(mine.jxc_urgent_state, "open")
        with self.refused("stays as it was"):
            mine.jxc_urgent_reason = "Something else"

    def test_record_and_activity(self):
        order = self._urgent()
        urgent = order.jxc_urgent_ids
        self.assertEqual(urgent.amount, 50)
        self.assertEqual(urgent.deadline - urgent.confirmed_at, timedelta(hours=48))
        self.assertEqual(urgent.user_id, self.hasty)
        self.assertEqual(urgent.activity_ids.user_id, self.manager)
        with self.assertRaises(AccessError):
            urgent.with_user(self.hasty).write({"state": "approved"})
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).write({"deadline": "2100-01-01"})
        with self.assertRaises(AccessError):
            urgent.with_user(self.hasty).create({"order_id": order.id})
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).unlink()

    # -- approval -----------------------------------------------------------------

    def test_who_approves(self):
        urgent = self._urgent().jxc_urgent_ids
        for user in (self.hasty, self.buyer):
            with self.refused("by none of those who ordered"):
                urgent.with_user(user).action_approve()
        urgent.with_user(self.manager).action_approve()
        self.assertEqual(urgent.state, "approved")
        self.assertEqual(urgent.decided_by_id, self.manager)
        self.assertFalse(urgent.activity_ids)
        with self.refused("nothing to decide"):
            urgent.with_user(self.manager).action_reject()

    def test_a_manager_does_not_approve_the_own_order(self):
        urgent = self._urgent(user=self.manager).jxc_urgent_ids
        self.assertNotEqual(urgent.approver_id, self.manager)
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).action_approve()

    def test_who_ordered_stays_known(self):
        """An order that goes to a colleague afterwards was still the manager's."""
        order = self._urgent(user=self.hasty, user_id=self.manager.id)
        urgent = order.jxc_urgent_ids
        order.with_user(self.manager).write({"user_id": self.buyer.id})
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).action_approve()
        self.assertNotEqual(urgent.approver_id, self.manager)
        urgent.with_user(self._second()).action_approve()
        self.assertEqual(urgent.state, "approved")

    def test_who_added_lines_or_more_ordered_as_well(self):
        order = self._urgent(user=self.hasty, confirm=False)
        order.with_user(self.manager).write(
            {"order_line": [self._line(self.wine, 1, 5)]}
        )
        order.button_confirm()
        with self.assertRaises(AccessError):
            order.jxc_urgent_ids.with_user(self.manager).action_approve()
        second = self._second()
        order.jxc_urgent_ids.with_user(second).action_approve()
        order.with_user(second).order_line[0].product_qty = 1000
        self.assertEqual(order.jxc_urgent_ids.state, "open")
        with self.assertRaises(AccessError):
            order.jxc_urgent_ids.with_user(second).action_approve()

    def test_hands_are_not_written(self):
        urgent = self._urgent(user=self.hasty, user_id=self.manager.id).jxc_urgent_ids
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).write({"orderer_ids": [Command.clear()]})

    def _second(self):
        return self._user("urgent_second", "purchase.group_purchase_manager")

    def test_tiers_decide(self):
        self.env["tier.definition"].create(
            {
                "model_id": self.env["ir.model"]._get_id("jxc.purchase.urgent"),
                "review_type": "individual",
                "reviewer_id": self.approver.id,
                "definition_domain": "[]",
            }
        )
        self.approver.group_ids += self.env.ref("purchase.group_purchase_user")
        urgent = self._urgent().jxc_urgent_ids
        self.assertTrue(urgent.review_ids)
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).action_approve()
        urgent.with_user(self.approver).action_approve()
        self.assertEqual(urgent.state, "approved")

    def test_widened_orders_are_approved_again(self):
        order = self._urgent()
        urgent = order.jxc_urgent_ids
        urgent.with_user(self.manager).action_approve()
        order.order_line.product_qty = 5
        self.assertEqual(urgent.state, "approved")
        order.order_line.product_qty = 20
        self.assertEqual(urgent.state, "open")
        self.assertEqual(urgent.amount, 100)

    # -- deadline -----------------------------------------------------------------

    def test_escalation(self):
        urgent = self._urgent().jxc_urgent_ids
        late = self.env["jxc.purchase.urgent"]
        self.assertNotIn(urgent, late.search([("is_late", "=", True)]))
        late._cron_escalate()
        self.assertFalse(urgent.escalated_at)
        with self._later(49):
            urgent.invalidate_recordset()
            self.assertTrue(urgent.is_late)
            self.assertEqual(urgent.order_id.jxc_urgent_state, "late")
            late._cron_escalate()
            late._cron_escalate()
            self.assertTrue(urgent.escalated_at)
            self.assertEqual(urgent.activity_ids.user_id, self.manager)
            self.assertEqual(len(urgent.activity_ids), 2)
            urgent.with_user(self.manager).action_approve()
        self.assertNotIn(urgent, late.search([("is_late", "=", True)]))
        self.assertIn(urgent, late.search([("is_late", "=", False)]))

    def test_bills_wait_for_a_late_approval(self):
        order = self._urgent()
        in_time = self._bill(order)
        in_time.action_post()
        late = self._bill(order)
        with self._later(49):
            self.env.invalidate_all()
            for post in (late.action_post, lambda: late._post(soft=False)):
                with self.refused("was to be approved until"):
                    post()
            order.jxc_urgent_ids.with_user(self.manager).action_approve()
            late.action_post()
        self.assertEqual(late.state, "posted")

    def test_bills_of_a_rejected_order(self):
        order = self._urgent()
        order.jxc_urgent_ids.with_user(self.manager).action_reject()
        with self.refused("rejected afterwards"):
            self._bill(order).action_post()
        # Neither by a bill that becomes one of the order only afterwards.
        bill = self._bill(order)
        bill.invoice_line_ids.purchase_line_id = False
        bill.action_post()
        with self.refused("rejected afterwards"):
            bill.invoice_line_ids.purchase_line_id = order.order_line
        # Nor by a line that is added to it, or moved there from a draft.
        draft = self._bill(order)
        added = [
            {
                "move_id": bill.id,
                "product_id": self.wine.id,
                "purchase_line_id": purchase_line.id,
                "quantity": 1,
                "price_unit": price,
                "account_id": bill.invoice_line_ids.account_id.id,
                "tax_ids": [Command.clear()],
            }
            for purchase_line, price in (
                (order.order_line, 5),
                (order.order_line.browse(), -5),
            )
        ]
        with self.refused("rejected afterwards"):
            self.env["account.move.line"].create(added)
        with self.refused("rejected afterwards"):
            draft.line_ids.move_id = bill
        order.jxc_urgent_ids.with_user(self.manager).action_approve()
        self._bill(order).action_post()

    def test_cancelled_and_confirmed_again(self):
        order = self._urgent()
        first = order.jxc_urgent_ids
        order.button_cancel()
        self.assertEqual(first.state, "cancelled")
        self.assertFalse(first.activity_ids)
        order.button_draft()
        order.button_confirm()
        self.assertEqual(len(order.jxc_urgent_ids), 2)
        self.assertEqual(order._jxc_urgent().state, "open")

    def test_companies_are_apart(self):
        urgent = self._urgent().jxc_urgent_ids
        other = self._other_company()
        stranger = self._user(
            "urgent_stranger",
            "purchase.group_purchase_manager",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        self.assertFalse(urgent.with_user(stranger).search([("id", "=", urgent.id)]))
        with self.assertRaises(AccessError):
            urgent.with_user(stranger).action_approve()
        self.assertEqual(urgent.with_user(self.executive).amount, 50)
        with self.assertRaises(AccessError):
            urgent.with_user(self.executive).action_approve()

    # -- tiers of orders ----------------------------------------------------------

    def _order_tier(self, domain="[]"):
        self.approver.group_ids += self.env.ref("purchase.group_purchase_user")
        return self.env["tier.definition"].create(
            {
                "name": "Boss",
                "model_id": self.env["ir.model"]._get_id("purchase.order"),
                "review_type": "individual",
                "reviewer_id": self.approver.id,
                "definition_domain": domain,
            }
        )

    def test_tiers_of_orders_come_afterwards(self):
        tier = self._order_tier()
        order = self._urgent()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.review_ids)
        urgent = order.jxc_urgent_ids
        self.assertEqual(urgent.order_tier_ids, tier)
        self.assertEqual(urgent.review_ids.definition_id, tier)
        with self.assertRaises(AccessError):
            urgent.with_user(self.manager).action_approve()
        urgent.with_user(self.approver).action_approve()
        self.assertEqual(urgent.state, "approved")
        self.assertEqual(urgent.decided_by_id, self.approver)

    def test_both_kinds_of_tiers_decide(self):
        self._order_tier()
        self.env["tier.definition"].create(
            {
                "name": "Afterwards",
                "model_id": self.env["ir.model"]._get_id("jxc.purchase.urgent"),
                "review_type": "individual",
                "reviewer_id": self.manager.id,
                "definition_domain": "[]",
            }
        )
        urgent = self._urgent().jxc_urgent_ids
        self.assertEqual(len(urgent.review_ids), 2)
        for user in (self.manager, self.approver, self.manager):
            if urgent.state == "open" and urgent.with_user(user).can_review:
                urgent.with_user(user).action_approve()
        self.assertEqual(urgent.state, "approved")
        self.assertEqual(urgent.review_ids.done_by, self.manager | self.approver)

    def test_tiers_that_do_not_apply_do_not_follow(self):
        self._order_tier("[('amount_untaxed', '>', 100)]")
        order = self._urgent()
        urgent = order.jxc_urgent_ids
        self.assertFalse(urgent.review_ids)
        urgent.with_user(self.manager).action_approve()
        # Widened past the amount of the tier: now it applies.
        order.order_line.product_qty = 30
        self.assertEqual(urgent.state, "open")
        self.assertEqual(urgent.review_ids.reviewer_ids, self.approver)

    def test_no_way_round_the_tiers(self):
        self._order_tier()
        mine = self._urgent(confirm=False, user=self.buyer)
        for confirm in (mine.button_confirm, mine.button_approve):
            with self.refused("no right to confirm urgent"):
                confirm()
        with self.refused("."):
            mine.write({"state": "purchase"})
        self.company.jxc_direct_policy = "free"
        plain = self._urgent(jxc_procurement_mode="direct", user=self.hasty)
        self.assertEqual(plain.state, "to approve")
        with self.refused("cannot change any more"):
            plain.jxc_procurement_mode = "urgent"

    def test_double_validation_comes_afterwards(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 1}
        )
        order = self._urgent()
        self.assertEqual(order.state, "purchase")
        with self.refused("by none of those who ordered"):
            order.jxc_urgent_ids.with_user(self.hasty).action_approve()

    def test_overdue_approvals_stop_the_next_order(self):
        first = self._urgent()
        second = self._urgent(confirm=False)
        others = self._urgent(confirm=False, user=self.manager)
        with self._later(49):
            self.env.invalidate_all()
            with self.refused(first.name):
                second.button_confirm()
            others.button_confirm()
            self.company.jxc_urgent_stop = False
            second.button_confirm()
            self.company.jxc_urgent_stop = True
        with self._later(49):
            self.env.invalidate_all()
            first.jxc_urgent_ids.with_user(self.manager).action_approve()
            self._urgent()
