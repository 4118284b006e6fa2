# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
class TestFollowupPlan(TicketCommon):
    """A visit is reported in its plan: by whom, what that ends, what stays open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        seller = "sales_team.group_sale_salesman"
        cls.seller = cls._user("seller", seller)
        cls.colleague = cls._user("colleague", seller)
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.contact.phone = "0574-8700 1122"
        cls.today = fields.Date.today()

    def _plan(self, days=3, ticket=None):
        ticket = ticket or self._ticket()
        wizard = self.env["jxc.ticket.visit"].with_context(active_id=ticket.id)
        day = self.today + timedelta(days=days)
        wizard.create(
            {"user_id": self.seller.id, "date": day, "note": "Bring a heater"}
        ).action_plan()
        return ticket.jxc_followup_ids.sorted("id")[-1:].with_user(self.seller)

    def _age(self, followups, days=9):
        """Made days ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE jxc_followup SET create_date = create_date - %s * interval '1 day',"
            " date = date - %s * interval '1 day' WHERE id = ANY(%s)",
            [days, days, followups.ids],
        )
        self.env.invalidate_all()

    def _draft(self):
        contact = self.contact.with_user(self.seller)
        action = contact.with_company(self.company).action_jxc_call()
        draft = self.env["jxc.followup"].with_user(self.seller)
        return draft.browse(action["params"]["next"]["res_id"])

    def _photo(self, user=None):
        files = self.env["ir.attachment"].with_user(user or self.seller)
        return files.create({"name": "p.png", "raw": b"p"})

    # How long it may be corrected ---------------------------------------------------

    def test_a_plan_made_long_ago_is_open_from_its_report_on(self):
        plan = self._plan()
        self._age(plan)
        plan.outcome = "interested"
        plan.note = "The pump is broken"
        plan.photo_ids = [Command.link(self._photo().id)]
        plan.photo_ids.with_user(self.seller).unlink()
        self.assertFalse(plan.photo_ids)
        with self.assertRaisesRegex(UserError, "not whom and when"):
            plan.date = fields.Datetime.now()
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            with self.assertRaisesRegex(UserError, "for 24 hours"):
                plan.note = "Rewritten"
            self.assertFalse(plan.has_access("write"), "nor are its photos")

    def test_outcomes_come_after_the_place_and_photos(self):
        for values in (
            {"is_located": True, "latitude": 30, "longitude": 120},
            {"photo_ids": [Command.link(self._photo().id)]},
        ):
            plan = self._plan()
            self._age(plan)
            plan.write(values)
            self.assertFalse(plan.is_plan)
            plan.outcome = "interested"
            self.assertEqual(plan.outcome, "interested")

    def test_a_call_reported_late_is_open_from_its_report_on(self):
        draft = self._draft()
        self._age(draft)
        called = draft.date
        draft.outcome = "interested"
        self.assertEqual(draft.date, called, "when it took place")
        draft.note = "Wants two heaters"
        draft.outcome = "quote"
        with freeze_time(fields.Datetime.now() + timedelta(hours=25)):
            with self.assertRaisesRegex(UserError, "for 24 hours"):
                draft.note = "Rewritten"

    def test_authors_do_not_open_reports_again(self):
        """Neither by when it was reported nor by when it took place."""
        now = fields.Datetime.now()
        followups = self.env["jxc.followup"].with_user(self.seller)
        values = {"partner_id": self.contact.id}
        report = followups.create({**values, "date": now + timedelta(minutes=4)})
        with self.assertRaisesRegex(AccessError, "when its outcome is entered"):
            report.reported_at = now + timedelta(days=9)
        with self.assertRaisesRegex(AccessError, "when its outcome is entered"):
            followups.create({**values, "reported_at": now + timedelta(days=9)})
        sneaky = followups.with_context(default_reported_at=now + timedelta(days=9))
        self.assertFalse(sneaky.create(values).reported_at)
        self._age(report, days=2)
        report.with_user(self.manager).date = now
        with self.assertRaisesRegex(UserError, "for 24 hours"):
            report.note = "Rewritten"

    # What ends it -------------------------------------------------------------------

    def test_plans_of_other_tickets_stay(self):
        plan, later = self._plan(), self._plan(days=40)
        plan.outcome = "interested"
        self.assertFalse(later.is_next_done)
        self.assertTrue(later.sudo().activity_id.active)
        values = {"partner_id": self.contact.id, "kind": "visit"}
        plan.create({**values, "ticket_id": plan.ticket_id.id})
        self.assertFalse(later.is_next_done)
        plan.create({**values, "kind": "phone", "ticket_id": later.ticket_id.id})
        self.assertTrue(later.is_next_done, "what answers its own ticket")

    def test_visits_without_a_ticket_end_plans(self):
        plan = self._plan()
        plan.create({"partner_id": self.contact.id, "kind": "visit"})
        self.assertTrue(plan.is_next_done)

    # Who tells of it ----------------------------------------------------------------

    def test_managers_say_what_a_plan_is_for(self):
        """Text, photos and the place tell of the visit only from who goes."""
        plan = self._plan()
        by_manager = plan.with_user(self.manager)
        by_manager.note = "Bring the new key as well"
        by_manager.photo_ids = [Command.link(self._photo(self.manager).id)]
        by_manager.write({"is_located": True, "latitude": 30, "longitude": 120})
        self.assertRecordValues(
            plan,
            [
                {
                    "is_plan": True,
                    "is_next_done": False,
                    "kind": "other",
                    "note": "Bring the new key as well",
                }
            ],
        )
        self.assertTrue(plan.sudo().activity_id.active)
        by_manager.outcome = "interested"
        self.assertFalse(plan.is_plan, "told by the seller on the phone")

    def test_who_took_it_over_tells(self):
        plan = self._plan()
        plan.sudo().activity_id.user_id = self.manager
        plan.with_user(self.manager).note = "Heater is in"
        self.assertFalse(plan.is_plan)
        self.assertEqual(plan.note, "Heater is in")

    def test_no_photo_tells_nothing(self):
        plan = self._plan()
        for command in (Command.set([]), Command.clear()):
            plan.photo_ids = [command]
            self.assertTrue(plan.is_plan)
        sketch = self._photo(self.manager)
        plan.with_user(self.manager).photo_ids = [Command.link(sketch.id)]
        plan.photo_ids = [Command.set(sketch.ids)]
        plan.photo_ids = [Command.unlink(sketch.id)]
        self.assertTrue(plan.is_plan, "none that was not there")
        plan.photo_ids = [Command.create({"name": "p.png", "raw": b"p"})]
        self.assertFalse(plan.is_plan)

    # The to-do ----------------------------------------------------------------------

    def test_the_to_do_ends_as_it_was(self):
        plan = self._plan()
        planned = plan.sudo().activity_id
        day, before = planned.date_deadline, self.contact.message_ids
        again = day + timedelta(days=9)
        plan.write(
            {"outcome": "interested", "next_date": again, "next_note": "Fit the pump"}
        )
        self.assertFalse(planned.active)
        self.assertEqual(
            (planned.date_deadline, planned.summary), (day, "Bring a heater")
        )
        new = plan.sudo().activity_id
        self.assertEqual((new.date_deadline, new.summary), (again, "Fit the pump"))
        self.assertEqual(
            new.activity_type_id, self.env.ref("mail.mail_activity_data_meeting")
        )
        self.assertEqual(new, self.contact.activity_ids)
        told = "".join((self.contact.message_ids - before).mapped("body"))
        self.assertIn("Bring a heater", told)
        self.assertNotIn("Fit the pump", told)

    def test_an_overdue_plan_that_was_made_is_not_put_off(self):
        plan = self._plan(days=0)
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self.assertTrue(plan.is_overdue)
            plan.sudo().escalated_on = fields.Date.today()
            before = self.contact.message_ids
            again = fields.Date.today() + timedelta(days=9)
            plan.write({"outcome": "interested", "next_date": again})
            told = "".join((self.contact.message_ids - before).mapped("body"))
            self.assertNotIn(fields.Date.to_string(again), told)
            self.assertFalse(plan.sudo().escalated_on, "of the visit before")
            self.assertFalse(plan.is_next_done)

    def test_nothing_is_finished_for_who_may_not_write(self):
        plan = self._plan()
        self.customer.user_id = self.colleague
        feedback = patch.object(self.registry["mail.activity"], "action_feedback")
        for user in (self.colleague, self.agent):
            theirs = plan.with_user(user)
            self.assertTrue(theirs.has_access("read"))
            with feedback as finished, self.assertRaises(AccessError):
                theirs.outcome = "interested"
            finished.assert_not_called()
        self.assertTrue(plan.is_plan)
