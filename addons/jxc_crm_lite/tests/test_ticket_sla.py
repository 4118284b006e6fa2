# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .ticket_common import TicketCommon

# Monday, 10:00 in Shanghai
MONDAY = "2024-06-03 02:00:00"


@tagged("post_install", "-at_install")
class TestTicketSla(TicketCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["jxc.ticket.sla"].create(
            [
                cls._rule("A customers", 1, 4, abc="a"),
                cls._rule("Serious", 2, 8, severity="2"),
                cls._rule("Complaints", 4, 16, kind="complaint"),
            ]
        )

    @classmethod
    def _rule(cls, name, response, solve, **values):
        return {
            "name": name,
            "company_id": cls.company.id,
            "response_hours": response,
            "solve_hours": solve,
            **values,
        }

    def _at(self, moment):
        frozen = freeze_time(moment)
        frozen.start()
        self.addCleanup(frozen.stop)

    def test_first_rule_that_fits_counts(self):
        customers, serious, complaints = self.rules
        self.assertEqual(self._ticket().jxc_sla_id, complaints)
        self.assertFalse(self._ticket(jxc_kind="question").jxc_sla_id)
        ticket = self._ticket(jxc_severity="3")
        self.assertEqual(ticket.jxc_sla_id, serious)
        self.env["jxc.customer.class"].sudo().create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "abc": "a",
                "life_cycle": "active",
            }
        )
        self.assertEqual(self._ticket(jxc_severity="3").jxc_sla_id, customers)
        ticket.jxc_severity = "0"
        self.assertNotEqual(ticket.jxc_sla_id, serious)
        workshop = self.team.copy({"name": "Workshop", "alias_name": False})
        first = self.rules.create(
            self._rule("Workshop", 1, 2, team_id=workshop.id, sequence=1)
        )
        self.assertEqual(self._ticket().jxc_sla_id, customers)
        ticket = self._ticket(team_id=workshop.id)
        self.assertEqual(ticket.jxc_sla_id, first)
        ticket.team_id = self.team
        self.assertEqual(ticket.jxc_sla_id, customers)

    def test_deadlines_are_in_working_hours(self):
        self._at(MONDAY)
        ticket = self._ticket()
        # 10-12 and 13-15; Monday has 6 hours left, Tuesday 8, Wednesday 2.
        self.assertEqual(ticket.jxc_response_deadline, datetime(2024, 6, 3, 7))
        self.assertEqual(ticket.jxc_solve_deadline, datetime(2024, 6, 5, 2))
        self.assertEqual(ticket.jxc_sla_state, "running")

    def test_hours_are_those_of_the_clock_on_the_wall(self):
        """UTC is what a calendar has that nobody gave a zone; others were chosen."""
        calendar = self.company.resource_calendar_id
        self._at(MONDAY)
        for zone, of_company, deadline in (
            ("UTC", "Asia/Shanghai", datetime(2024, 6, 3, 7)),
            ("UTC", False, datetime(2024, 6, 3, 7)),
            # four in the morning in Berlin: from 8 to 12
            ("UTC", "Europe/Berlin", datetime(2024, 6, 3, 10)),
            ("Europe/Berlin", "Asia/Shanghai", datetime(2024, 6, 3, 10)),
        ):
            with self.subTest(zone=zone, of_company=of_company):
                calendar.tz, self.company.partner_id.tz = zone, of_company
                self.assertEqual(self._ticket().jxc_response_deadline, deadline)
        calendar.tz, self.company.partner_id.tz = "UTC", False
        ticket = self._ticket(stage_id=self.waiting.id)
        # Tuesday, 9:00: the rest of Monday and one hour
        self._at("2024-06-04 01:00:00")
        ticket.stage_id = self.new
        self.assertEqual(ticket.jxc_stopped_hours, 7)

    def test_holidays_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Dragon Boat Festival",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2024-06-03 16:00:00",
                "date_to": "2024-06-04 15:59:59",
            }
        )
        self._at(MONDAY)
        self.assertEqual(self._ticket().jxc_solve_deadline, datetime(2024, 6, 6, 2))

    def test_the_clock_stands_still_while_waiting(self):
        self._at(MONDAY)
        ticket = self._ticket()
        self._at("2024-06-03 03:00:00")
        ticket.stage_id = self.waiting
        self.assertEqual(ticket.jxc_sla_state, "paused")
        # a day later at the same hour: 8 working hours
        self._at("2024-06-04 03:00:00")
        ticket.stage_id = self.new
        self.assertEqual(ticket.jxc_stopped_hours, 8)
        self.assertEqual(ticket.jxc_solve_deadline, datetime(2024, 6, 6, 2))
        self._at("2024-06-04 05:00:00")
        ticket.stage_id = self.done
        self.assertEqual(ticket.jxc_sla_state, "kept")
        self.assertEqual(ticket.jxc_solve_taken, 2, "10-11, then 11-12.")

    def test_people_of_the_helpdesk_close_and_open_again(self):
        """The clock is the server's, whoever moves the ticket."""
        self._at(MONDAY)
        ticket = self._ticket(user=self.agent, user_id=self.agent.id)
        self._at("2024-06-03 03:00:00")
        for stage in (self.waiting, self.new, self.done):
            ticket.stage_id = stage
        self.assertEqual(ticket.jxc_sla_state, "kept")
        self.assertFalse(ticket.jxc_solve_late)
        ticket.stage_id = self.new
        self.assertFalse(ticket.jxc_solved_at)
        # four weeks later, when the time is over
        self._at("2024-07-01 03:00:00")
        ticket.stage_id = self.done
        self.assertTrue(ticket.jxc_solve_late)

    def test_response_waited_for_later_does_not_excuse_a_late_one(self):
        self._at(MONDAY)
        ticket = self._ticket()
        self._at("2024-06-04 01:00:00")
        ticket.with_user(self.agent).message_post(
            body="We look at it.",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        self.assertTrue(ticket.jxc_response_late)
        deadline = ticket.jxc_response_deadline
        ticket.stage_id = self.waiting
        self._at("2024-06-05 01:00:00")
        ticket.stage_id = self.new
        self.assertEqual(ticket.jxc_response_deadline, deadline)
        self.assertEqual(ticket.jxc_sla_state, "late")

    def test_notes_and_customers_are_no_response(self):
        ticket = self._ticket()
        ticket.with_user(self.agent).message_post(
            body="Who takes it?", subtype_xmlid="mail.mt_note", message_type="comment"
        )
        ticket.message_post(
            body="Hello?",
            author_id=self.contact.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(ticket.jxc_response_at)
        ticket.with_user(self.agent).message_post(
            body="Hello!", subtype_xmlid="mail.mt_comment", message_type="comment"
        )
        self.assertTrue(ticket.jxc_response_at)

    def test_who_takes_a_call_has_answered(self):
        phone = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        ticket = self._ticket(self.agent, channel_id=phone.id)
        self.assertTrue(ticket.jxc_response_at)
        self.assertFalse(ticket.jxc_response_late)

    def test_the_leader_is_told_once(self):
        self._at(MONDAY)
        ticket = self._ticket()
        paused = self._ticket(stage_id=self.waiting.id)
        self._at("2024-06-03 07:00:01")
        watch = self.env["helpdesk.ticket"]._cron_jxc_watch_service_levels
        watch()
        watch()
        self.assertTrue(ticket.jxc_response_late)
        self.assertFalse(ticket.jxc_solve_late)
        self.assertFalse(paused.jxc_response_late or paused.activity_ids)
        activity = ticket.activity_ids
        self.assertEqual(activity.user_id, self.leader)
        self.assertIn("no first response", activity.summary)
        self._at("2024-06-05 02:00:01")
        watch()
        self.assertEqual(len(ticket.activity_ids), 2)
        ticket.stage_id = self.done
        self.assertEqual(ticket.jxc_sla_state, "missed")

    def test_reopened_runs_on(self):
        self._at(MONDAY)
        ticket = self._ticket()
        self._at("2024-06-03 03:00:00")
        ticket.stage_id = self.done
        self._at("2024-06-04 03:00:00")
        ticket.stage_id = self.new
        self.assertFalse(ticket.jxc_solved_at)
        self.assertEqual(ticket.jxc_stopped_hours, 8)

    def test_rules_are_of_one_company_and_of_managers(self):
        other = self._create_class_company("Elsewhere")
        self.rules.company_id = other
        self.assertFalse(self._ticket().jxc_sla_id)
        with self.assertRaises(AccessError):
            self.rules[0].with_user(self.leader).read(["name"])
        with self.assertRaises(AccessError):
            self.env["jxc.ticket.sla"].with_user(self.leader).create(
                self._rule("Mine", 1, 1)
            )
