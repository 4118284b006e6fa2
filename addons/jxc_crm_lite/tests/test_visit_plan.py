# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from ast import literal_eval
from datetime import timedelta

from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..tools import route
from .common import CustomerClassCommon

points = st.lists(
    st.tuples(st.floats(-89, 89), st.floats(-179, 179)), min_size=1, max_size=8
)


@tagged("post_install", "-at_install")
class TestRoute(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(route).failed)

    @given(points)
    @settings(deadline=None, max_examples=30)
    def test_everybody_once_and_no_detour(self, places):
        way = route.order(places, (30.0, 120.0))
        self.assertEqual(sorted(way), list(range(len(places))))
        found = route.length([places[index] for index in way], (30.0, 120.0))
        self.assertLessEqual(found, route.length(places, (30.0, 120.0)) + 1e-6)


@tagged("post_install", "-at_install")
class TestVisitPlan(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.write(
            {
                "tz": "Asia/Shanghai",
                "partner_latitude": 29.87,
                "partner_longitude": 121.54,
            }
        )
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.leader = cls._user("leader", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.executive = cls._user("executive", "jxc_base.group_executive")
        cls.team = cls.env["crm.team"].create(
            {"name": "East", "user_id": cls.leader.id, "company_id": cls.company.id}
        )
        cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": cls.seller.id}
        )
        # On a line to the west, and two whose place is not known.
        cls.far = cls._shop("Far", 120.0)
        cls.near = cls._shop("Near", 121.0)
        cls.middle = cls._shop("Middle", 120.5)
        cls.south = cls._customer("South", zip="510000", user_id=cls.seller.id)
        cls.north = cls._customer("North", zip="100000", user_id=cls.seller.id)
        today = cls.env["jxc.visit.plan"].with_context(tz="Asia/Shanghai")
        cls.today = fields.Date.context_today(today)

    @classmethod
    def _shop(cls, name, longitude):
        return cls._customer(
            name,
            partner_latitude=29.87,
            partner_longitude=longitude,
            user_id=cls.seller.id,
        )

    def _plan(self, *partners, user=None, date=None, **values):
        user = user or self.seller
        return (
            self.env["jxc.visit.plan"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .create(
                {
                    "date": date or self.today,
                    "line_ids": [
                        Command.create({"partner_id": partner.id, "sequence": number})
                        for number, partner in enumerate(partners)
                    ],
                    **values,
                }
            )
        )

    def _names(self, plan):
        plan.invalidate_recordset()
        return plan.line_ids.sorted("sequence").partner_id.mapped("name")

    def test_route(self):
        plan = self._plan(self.south, self.far, self.near, self.north, self.middle)
        before = plan.distance
        plan.action_sort_route()
        self.assertEqual(self._names(plan), ["Near", "Middle", "Far", "North", "South"])
        self.assertLess(plan.distance, before)
        self.assertAlmostEqual(plan.distance, 148.5, delta=0.5)
        # Begun at the far end, the way goes on from there.
        far = plan.line_ids.filtered(lambda line: line.partner_id == self.far)
        far.action_check_in()
        plan.action_sort_route()
        self.assertEqual(self._names(plan), ["Far", "Middle", "Near", "North", "South"])

    def test_check_in(self):
        plan = self._plan(self.near, self.far)
        line = plan.line_ids[0]
        action = line.action_check_in(29.87, 121.0)
        followup = self.env["jxc.followup"].browse(action["res_id"])
        self.assertEqual(line.followup_id.sudo(), followup.sudo())
        self.assertEqual((followup.kind, followup.is_draft), ("visit", True))
        self.assertTrue(followup.is_located)
        self.assertEqual((plan.state, plan.visited_count), ("running", 1))
        self.assertEqual(line.action_check_in()["res_id"], followup.id, "again")
        followup.with_user(self.seller).outcome = "ordered"
        self.assertFalse(followup.is_draft)
        self.assertEqual(self.near.message_ids[0].author_id, self.seller.partner_id)
        plan.line_ids[1].action_cancel()
        self.assertEqual((plan.state, plan.planned_count), ("done", 1))

    def test_what_did_not_take_place_is_planned_again(self):
        plan = self._plan(self.near, self.far, self.north)
        for line in plan.line_ids[:2]:
            line.action_check_in()
            line.followup_id.action_discard_draft()
            self.assertRecordValues(
                line,
                [{"state": "planned", "checked_in_at": False, "followup_id": False}],
            )
        self.assertEqual((plan.state, plan.visited_count), ("planned", 0))
        plan.line_ids[0].action_check_in()
        plan.line_ids[0].followup_id.outcome = "ordered"
        plan.line_ids[1].action_cancel()
        self.assertEqual(
            plan.line_ids.mapped("state"), ["visited", "cancelled", "planned"]
        )

    def test_what_is_discarded_the_day_after_is_carried_over(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=1)):
            missed = self._plan(self.near, date=self.today - timedelta(days=1))
            missed.line_ids.action_check_in()
        missed.line_ids.followup_id.action_discard_draft()
        self.env["jxc.visit.plan"]._carry_over(self.company, self.today)
        plan = self.env["jxc.visit.plan"].search([("date", "=", self.today)])
        self.assertEqual(plan.line_ids.partner_id, self.near)

    def test_check_in_of_others_and_other_days(self):
        plan = self._plan(self.near)
        with self.assertRaisesRegex(AccessError, "Only seller .* checks in"):
            plan.line_ids.with_user(self.leader).action_check_in()
        tomorrow = self._plan(self.near, date=self.today + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "is not today's plan"):
            tomorrow.line_ids.action_check_in()
        plan.line_ids.action_cancel()
        with self.assertRaisesRegex(UserError, "Near .* is “Cancelled” already"):
            plan.line_ids.action_check_in()

    def test_what_the_server_keeps(self):
        plan = self._plan(self.near, self.far)
        for values in ({"state": "visited"}, {"carry_count": 3}):
            with self.assertRaisesRegex(AccessError, "follows from the check-in"):
                plan.line_ids[0].write(values)
        with self.assertRaises(AccessError):
            plan.line_ids = [
                Command.create({"partner_id": self.north.id, "state": "visited"})
            ]
        plan.line_ids[0].action_check_in()
        for change in (
            lambda: plan.write({"date": self.today + timedelta(days=3)}),
            plan.unlink,
            plan.line_ids[0].unlink,
            lambda: plan.line_ids[0].write({"partner_id": self.north.id}),
        ):
            with self.assertRaises(UserError):
                change()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            self._plan(self.near)

    def test_who_sees_what(self):
        plan = self._plan(self.near)
        other = self._plan(self.far, user=self.colleague)
        seen = {
            self.seller: plan,
            self.colleague: other,
            self.leader: plan,
            self.manager: plan | other,
            self.executive: plan | other,
        }
        for user, expected in seen.items():
            for model in ("jxc.visit.plan", "jxc.visit.plan.line"):
                found = self.env[model].with_user(user).search([])
                wanted = expected if model == "jxc.visit.plan" else expected.line_ids
                self.assertEqual(set(found.ids), set(wanted.ids), user.login)
        with self.assertRaises(AccessError):
            self._plan(
                user=self.colleague,
                user_id=self.seller.id,
                date=self.today + timedelta(days=5),
            )
        for_seller = self._plan(
            user=self.leader,
            user_id=self.seller.id,
            date=self.today + timedelta(days=9),
        )
        self.assertEqual(for_seller.user_id, self.seller)
        with self.assertRaises(AccessError):
            plan.with_user(self.executive).note = "Hurry"

    def test_two_companies(self):
        plan = self._plan(self.near, date=self.today - timedelta(days=1))
        other = self._create_class_company("Other Ltd")
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        theirs = self._plan(self.near, user=stranger, date=plan.date)
        self.assertEqual(theirs.company_id, other)
        found = self.env["jxc.visit.plan"].with_user(stranger)
        found = found.with_context(allowed_company_ids=other.ids).search([])
        self.assertEqual(found.ids, theirs.ids)
        self.env["jxc.visit.plan"]._carry_over(other, self.today)
        self.assertEqual(plan.line_ids.state, "planned")
        self.assertEqual(theirs.line_ids.sudo().state, "carried")

    def test_what_was_missed_is_carried_over(self):
        yesterday = self.today - timedelta(days=1)
        with freeze_time(fields.Datetime.now() - timedelta(days=1)):
            missed = self._plan(self.near, self.far, self.north, date=yesterday)
            missed.line_ids[1].action_check_in()
        plan = self._plan(self.middle, self.north)
        late = self._plan(self.south, user=self.colleague, date=yesterday)
        for _twice in range(2):
            self.env["jxc.visit.plan"]._carry_over(self.company, self.today)
        self.assertEqual(self._names(plan), ["Near", "Middle", "North"])
        self.assertEqual(
            missed.line_ids.mapped("state"), ["carried", "visited", "carried"]
        )
        self.assertEqual(plan.line_ids.sorted("sequence")[0].carry_count, 1)
        new = self.env["jxc.visit.plan"].search(
            [("user_id", "=", self.colleague.id), ("date", "=", self.today)]
        )
        self.assertEqual(new.line_ids.partner_id, self.south)
        self.assertEqual(late.line_ids.state, "carried")

    def test_due_customers(self):
        self.env["jxc.followup"].with_user(self.seller).create(
            {"partner_id": self.near.id, "next_date": self.today}
        )
        plan = self._plan(self.far)
        for _twice in range(2):
            plan.action_add_due()
        self.assertEqual(self._names(plan), ["Far", "Near"])

    # Report -------------------------------------------------------------------------

    def _report(self, user, **values):
        return (
            self.env["jxc.followup.report"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .create(values)
        )

    def test_report(self):
        plan = self._plan(self.near, self.far)
        line = plan.line_ids[0]
        line.action_check_in()
        line.followup_id.write(
            {"outcome": "ordered", "duration": 25, "note": "Ten boxes <b>"}
        )
        self.env["jxc.followup"].with_user(self.colleague).create(
            {"partner_id": self.far.id, "note": "Only a call"}
        )
        self.near.phone = "138 0013 8000"
        self.near.with_user(self.seller).with_company(self.company).action_jxc_call()
        report = self._report(self.leader, period="week")
        [person] = report._get_people()
        self.assertEqual(person["user"], self.seller)
        figures = {
            name: person[name]
            for name in ("planned", "visited", "minutes", "customers")
        }
        self.assertEqual(
            figures, {"planned": 2, "visited": 1, "minutes": 25, "customers": 1}
        )
        self.assertEqual(person["kinds"], [("Visit", 1)], "no drafts")
        self.assertEqual(len(person["followups"]), 2)
        self.assertEqual(person["missed"].partner_id, self.far)
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.leader)
            ._render_qweb_html("jxc_crm_lite.jxc_followup_report_print", report.ids)
        )
        text = html.decode()
        self.assertIn("Ten boxes &lt;b&gt;", text)
        self.assertNotIn("Only a call", text)
        [own] = self._report(self.seller, period="week")._get_people()
        self.assertEqual(own["user"], self.seller, "no part of a colleague's")
        everybody = self._report(self.executive, period="week")
        self.assertEqual(len(everybody._get_people()), 2)
        chosen = self._report(
            self.manager, period="week", user_ids=[Command.set(self.colleague.ids)]
        )
        self.assertEqual(chosen._get_people()[0]["user"], self.colleague)
        found = self.env["jxc.followup"].search(chosen.action_view()["domain"])
        self.assertEqual(found.user_id, self.colleague)

    def test_print_of_the_plan(self):
        """In the order of the way, without what was taken off, with what came of it."""
        plan = self._plan(self.near, self.far, self.middle)
        plan.line_ids[2].action_cancel()
        with freeze_time(f"{self.today} 01:30:00"):
            plan.line_ids[0].action_check_in()
        plan.line_ids[0].followup_id.write({"outcome": "ordered", "note": "Ten <b>"})
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.seller)
            ._render_qweb_html("jxc_crm_lite.jxc_visit_plan_print", plan.ids)
        )
        text = html.decode()
        self.assertLess(text.index("Near"), text.index("Far"))
        self.assertNotIn("Middle", text)
        self.assertIn("09:30", text, "the company's time")
        self.assertIn("Ten &lt;b&gt;", text)

    def _this_week(self, model):
        """What the filter of this week finds, in Shanghai, by its own domain."""
        arch = self.env.ref(f"jxc_crm_lite.{model.replace('.', '_')}_view_search").arch
        [node] = etree.fromstring(arch).xpath("//filter[@name='week']")
        records = self.env[model].with_user(self.manager)
        records = records.with_context(tz="Asia/Shanghai")
        return records.search(literal_eval(node.get("domain")))

    def test_weeks_begin_on_monday(self):
        """Sunday ends the week, whatever the language's first day of the week is."""
        self.env["res.lang"].search([]).week_start = "7"
        late, early = self.env["jxc.followup"].create(
            [
                {
                    "partner_id": partner.id,
                    "date": f"2024-05-05 {time}:00",
                    "user_id": self.seller.id,
                }
                for partner, time in ((self.near, "15:59"), (self.far, "16:01"))
            ]
        )
        before, monday = (
            self._plan(self.near, date=day).line_ids
            for day in ("2024-05-05", "2024-05-06")
        )
        for now in ("2024-05-05 17:00:00", "2024-05-12 15:00:00"):
            with freeze_time(now):
                self.assertIn(early, self._this_week("jxc.followup"), now)
                self.assertNotIn(late, self._this_week("jxc.followup"), now)
                self.assertIn(monday, self._this_week("jxc.visit.plan.line"), now)
                self.assertNotIn(before, self._this_week("jxc.visit.plan.line"), now)

    def test_report_days_are_the_companys(self):
        """Half past one at night in Shanghai is still yesterday in UTC."""
        with freeze_time("2024-05-06 17:30:00"):
            self.env["jxc.followup"].with_user(self.seller).create(
                {"partner_id": self.near.id}
            )
        for day, count in (("2024-05-06", 0), ("2024-05-07", 1)):
            report = self._report(
                self.manager, period="other", date_from=day, date_to=day
            )
            self.assertEqual(len(report._get_people()), count, day)
        with self.assertRaisesRegex(UserError, "1 to 92 days"):
            self._report(
                self.manager,
                period="other",
                date_from="2024-01-01",
                date_to="2024-05-01",
            )
