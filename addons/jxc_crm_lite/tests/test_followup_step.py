# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CustomerClassCommon
from .ticket_common import TicketCommon

SELLER = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestFollowupStep(CustomerClassCommon):
    """A next step and its activity always say the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.seller = cls._user("seller", SELLER)
        cls.colleague = cls._user("colleague", SELLER)
        cls.leader = cls._user("leader", SELLER)
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.team = cls._team("East", cls.seller)
        cls.team.user_id = cls.leader
        cls.shop = cls._customer("Shop", user_id=cls.seller.id)
        cls.today = fields.Date.context_today(cls.env.user.with_user(cls.seller))
        cls.tomorrow = cls.today + timedelta(days=1)

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _enter(self, user=None, **values):
        values = {"partner_id": self.shop.id, "next_date": self.tomorrow, **values}
        return self._as(user or self.seller, self.env["jxc.followup"]).create(values)

    def _late(self, **values):
        return self._enter(
            date=fields.Datetime.now() - timedelta(days=10),
            next_date=self.today - timedelta(days=4),
            **values,
        )

    def _deal(self, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": self.shop.id,
                "user_id": self.seller.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def _activity(self, step):
        return self._as(self.seller, step.sudo().activity_id)

    def _escalated(self, step):
        self.env["jxc.followup"]._escalate(self.company)
        return bool(step.sudo().escalated_on)

    # What becomes of the activity ---------------------------------------------------

    def test_marked_done(self):
        """By each of the platform's buttons."""
        for method in ("action_done", "action_feedback", "action_done_schedule_next"):
            step = self._late()
            getattr(self._activity(step), method)()
            self.assertTrue(step.is_next_done, method)
            self.assertFalse(step.is_overdue)
            self.assertFalse(self._escalated(step))
            self.assertFalse(self._as(self.seller, self.shop).jxc_next_followup)

    def test_many_at_once(self):
        steps = [
            self._enter(partner_id=self._customer(name).id) for name in ("A", "B", "C")
        ]
        activities = self.env["mail.activity"].union(
            *(step.sudo().activity_id for step in steps[:2])
        )
        self._as(self.seller, activities).action_done()
        self.assertEqual([step.is_next_done for step in steps], [True, True, False])

    def test_moved(self):
        step = self._late()
        self.assertTrue(self._escalated(step))
        day = self.today + timedelta(days=5)
        self._activity(step).date_deadline = day
        self.assertEqual(step.next_date, day)
        self.assertFalse(step.sudo().escalated_on, "the new day may be missed as well")
        self.assertEqual(
            self.shop.activity_ids & step.sudo().activity_id, step.sudo().activity_id
        )
        self._activity(step).action_reschedule_tomorrow()
        self.assertEqual(step.next_date, step.sudo().activity_id.date_deadline)

    def test_put_off_is_told(self):
        """Who was told that it is late hears that it is put off."""
        step = self._late()
        self.assertTrue(self._escalated(step))
        before = self.shop.message_ids
        later = self.today + timedelta(days=365)
        self._activity(step).date_deadline = later
        told = self.shop.message_ids - before
        self.assertIn(fields.Date.to_string(later), told.body)
        self.assertEqual(told.notified_partner_ids, self.leader.partner_id)
        before |= told
        self._activity(step).date_deadline = self.today
        self.assertFalse(self.shop.message_ids - before, "it was not overdue")

    def test_not_moved_before_the_contact(self):
        step = self._enter()
        with self.assertRaisesRegex(ValidationError, "must come after the follow-up"):
            self._activity(step).date_deadline = self.today - timedelta(days=3)

    def test_deleted(self):
        for method in ("unlink", "action_cancel"):
            step = self._late()
            getattr(self._activity(step), method)()
            self.assertTrue(step.is_next_done, method)
            self.assertFalse(self._escalated(step))

    def test_other_activities_change_nothing(self):
        step = self._enter()
        other = self.shop.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.seller.id
        )
        other.date_deadline = self.today
        other.action_done()
        self.assertFalse(step.is_next_done)
        self.assertEqual(step.next_date, self.tomorrow)

    def test_given_to_a_colleague(self):
        """Who is to take the step now ends it with his next contact, and is late."""
        step = self._late()
        self._activity(step).user_id = self.colleague
        self.assertEqual(step.next_user_id, self.colleague)
        self.assertEqual(step.user_id, self.seller, "whose report it is stays")
        steps = self._as(self.colleague, step.browse())
        self.assertEqual(steps.search([("next_user_id", "=", self.colleague.id)]), step)
        self._as(self.seller, step).user_id = self.seller
        self.assertEqual(step.next_user_id, self.colleague, "and is not taken back")
        self._enter(next_date=False)
        self.assertFalse(step.is_next_done, "not the seller's any more")
        self._enter(self.colleague, next_date=False)
        self.assertTrue(step.is_next_done)

    def test_of_who_leaves_it_stays_open(self):
        """The platform deletes his activities; the next owner gets the step."""
        step = self._late()
        self.seller.action_archive()
        self.assertFalse(step.sudo().activity_id)
        self.assertFalse(step.is_next_done)
        self.assertTrue(self._escalated(step))
        self._as(self.manager, self.shop).user_id = self.colleague
        self.assertEqual(step.sudo().activity_id.user_id, self.colleague)

    def test_who_gets_the_customer_later_gets_the_step(self):
        step = self._enter()
        shop = self._as(self.manager, self.shop)
        shop.user_id = False
        self.assertEqual(step.next_user_id, self.seller)
        shop.user_id = self.colleague
        self.assertEqual(step.next_user_id, self.colleague)

    def test_whose_step_it_is_follows(self):
        step = self._enter()
        with self.assertRaises(AccessError):
            step.next_user_id = self.colleague
        with self.assertRaises(AccessError):
            self._enter(is_plan=True)

    # What becomes of the follow-up --------------------------------------------------

    def test_a_new_date_opens_it_again(self):
        step = self._enter()
        self._activity(step).action_done()
        step.next_date = self.tomorrow
        self.assertTrue(step.is_next_done, "the same date is no new one")
        step.next_date = self.tomorrow + timedelta(days=1)
        self.assertFalse(step.is_next_done)
        activity = step.sudo().activity_id
        self.assertTrue(activity.active)
        self.assertEqual(activity.date_deadline, step.next_date)
        self.assertEqual(activity, self.shop.activity_ids)

    def test_no_date_is_no_step(self):
        step = self._enter()
        step.next_date = False
        self.assertFalse(self.shop.activity_ids)
        step.next_date = self.tomorrow
        self.assertFalse(step.is_next_done)
        self.assertEqual(step.sudo().activity_id, self.shop.activity_ids)

    def test_nothing_is_left_of_what_is_deleted(self):
        self._as(self.manager, self._enter()).unlink()
        self.assertFalse(self.shop.activity_ids)
        self.shop.phone = "0574-87001122"
        action = self._as(self.seller, self.shop).action_jxc_call()
        draft = self._as(self.seller, self.env["jxc.followup"])
        draft = draft.browse(action["params"]["next"]["res_id"])
        draft.next_date = self.tomorrow
        self.assertTrue(self.shop.activity_ids)
        draft.action_discard_draft()
        self.assertFalse(self.shop.activity_ids)

    def test_lost_and_archived_opportunities(self):
        for method in ("action_set_lost", "action_archive"):
            deal = self._deal()
            step = self._late(lead_id=deal.id)
            other = self._late(user=self.colleague)
            activity = step.sudo().activity_id
            getattr(self._as(self.seller, deal), method)()
            self.assertTrue(step.is_next_done, method)
            self.assertFalse(activity.exists())
            self.assertFalse(self._escalated(step))
            self.assertFalse(other.is_next_done, "the customer's is another one")

    def test_one_customer(self):
        """Of the opportunity, of its contact persons, or of a lead of nobody known."""
        deal = self._deal()
        with self.assertRaisesRegex(ValidationError, "is about Shop, not Else"):
            self._enter(partner_id=self._customer("Else").id, lead_id=deal.id)
        person = self._customer("Person", parent_id=self.shop.id)
        self.assertTrue(self._enter(partner_id=person.id, lead_id=deal.id))
        unknown = self._deal(partner_id=False)
        followup = self._enter(lead_id=unknown.id)
        self.assertEqual(followup.partner_id, self.shop)
        with self.assertRaisesRegex(ValidationError, "is about Shop, not Else"):
            self._as(self.manager, followup).write(
                {"lead_id": deal.id, "partner_id": self._customer("Else").id}
            )

    # Handed over --------------------------------------------------------------------

    def test_the_next_owner_takes_the_step(self):
        """By a manager, with or without the pool; the leads' go with the leads."""
        west = self._team("West", self.colleague)
        west.user_id = self.manager
        for pool in (False, True):
            self.company.jxc_pool_active = pool
            shop = self._customer("Other Shop", user_id=self.seller.id)
            step = self._late(partner_id=shop.id)
            theirs = self._enter(self.colleague, partner_id=shop.id)
            done = self._enter(self.leader, partner_id=shop.id)
            self._activity(done).with_user(self.leader).action_done()
            self._as(self.manager, shop).user_id = self.colleague
            self.assertEqual(step.next_user_id, self.colleague)
            self.assertEqual(step.user_id, self.seller)
            activity = step.sudo().activity_id
            self.assertEqual(activity.user_id, self.colleague)
            self.assertEqual(theirs.next_user_id, self.colleague)
            self.assertEqual(done.next_user_id, self.leader)
            self.assertTrue(self._escalated(step))
            told = shop.activity_ids.filtered(lambda one: one.user_id == self.manager)
            self.assertIn(self.colleague.name, told.summary)
            self.assertNotIn(self.leader, shop.activity_ids.user_id)
            self._enter(self.colleague, partner_id=shop.id, next_date=False)
            self.assertTrue(step.is_next_done)

    def test_steps_about_leads_go_with_the_lead(self):
        deal = self._deal()
        step = self._enter(lead_id=deal.id)
        self._as(self.manager, self.shop).user_id = self.colleague
        self.assertEqual(step.next_user_id, self.seller, "the lead is still his")
        self._as(self.manager, deal).user_id = self.colleague
        self.assertEqual(step.next_user_id, self.colleague)
        self.assertEqual(step.sudo().activity_id.user_id, self.colleague)

    def test_who_gives_it_up_has_no_more_to_do(self):
        self.company.jxc_pool_active = True
        deal = self._deal()
        step, of_deal = self._late(), self._late(lead_id=deal.id)
        theirs = self._enter(self.colleague)
        self._as(self.seller, self.shop).action_jxc_release()
        self.assertEqual(deal.jxc_pool_state, "pool")
        self.assertTrue(step.is_next_done and of_deal.is_next_done)
        self.assertFalse(theirs.is_next_done)
        self.assertEqual(self.shop.activity_ids, theirs.sudo().activity_id)
        self.assertFalse(deal.activity_ids)

    # Who hears of it ----------------------------------------------------------------

    def test_a_sales_manager_hears_when_nobody_else_is_named(self):
        """Of people without a team, and of leaders; the same one every time."""
        other = self._create_class_company("Other Ltd")
        self._user("stranger", "sales_team.group_sale_manager", other)
        late = self._enter(
            self.colleague,
            date=fields.Datetime.now() - timedelta(days=10),
            next_date=self.today - timedelta(days=4),
        )
        self._user("second", "sales_team.group_sale_manager")
        self.assertTrue(self._escalated(late))
        told = self.shop.activity_ids - late.sudo().activity_id
        self.assertEqual(told.user_id, self.manager)

    def test_managers_do_not_hear_of_themselves(self):
        own = self._enter(
            self.manager,
            date=fields.Datetime.now() - timedelta(days=10),
            next_date=self.today - timedelta(days=4),
        )
        self.assertFalse(self._escalated(own))
        second = self._user("second", "sales_team.group_sale_manager")
        self.assertTrue(self._escalated(own))
        self.assertIn(second, self.shop.activity_ids.user_id)


@tagged("post_install", "-at_install")
class TestPlannedVisit(TicketCommon):
    """To agree on a visit for a ticket is not to speak to the customer."""

    def test_a_plan_is_no_contact(self):
        self.company.jxc_pool_active = True
        self.env["jxc.pool.rule"].create(
            {"name": "All", "company_id": self.company.id, "days": 30, "warn_days": 0}
        )
        seller = self._user("ticket_seller", SELLER)
        self.customer.write({"user_id": seller.id, "customer_rank": 1})
        self.customer.flush_recordset()
        self.customer.jxc_owner_since = fields.Datetime.now() - timedelta(days=40)
        day = fields.Date.today() + timedelta(days=3)
        step = self.env["jxc.followup"].with_user(seller)
        step = step.create(
            {
                "partner_id": self.customer.id,
                "date": fields.Datetime.now() - timedelta(days=39),
                "next_date": day,
            }
        )
        ticket = self._ticket()
        wizard = self.env["jxc.ticket.visit"].with_user(self.agent)
        wizard = wizard.with_context(active_id=ticket.id)
        wizard.create({"user_id": seller.id, "date": day}).action_plan()
        plan = ticket.jxc_followup_ids
        self.assertFalse(step.is_next_done, "nobody has spoken to anybody")
        self.assertTrue(step.sudo().activity_id.active)
        self.assertTrue(plan.activity_id)
        self.assertFalse(plan.outcome)
        self.assertTrue(plan.keeps_nobody)
        self.assertEqual(self.customer.with_user(seller).jxc_followup_count, 1)
        self.env.flush_all()
        self.env["jxc.pool.run"]._run(self.company)
        self.assertEqual(self.customer.jxc_pool_state, "pool")

    def test_the_visit_ends_both(self):
        seller = self._user("ticket_seller", SELLER)
        day = fields.Date.today() + timedelta(days=3)
        followups = self.env["jxc.followup"].with_user(seller)
        step = followups.create({"partner_id": self.customer.id, "next_date": day})
        ticket = self._ticket()
        wizard = self.env["jxc.ticket.visit"].with_context(active_id=ticket.id)
        wizard.create({"user_id": seller.id, "date": day}).action_plan()
        followups.create({"partner_id": self.contact.id, "kind": "visit"})
        self.assertTrue(step.is_next_done and ticket.jxc_followup_ids.is_next_done)
