# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from freezegun import freeze_time
from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestFollowup(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.colleague = cls._user("colleague", "sales_team.group_sale_salesman")
        cls.leader = cls._user("leader", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.executive = cls._user("executive", "jxc_base.group_executive")
        cls.clerk = cls._user("clerk", "base.group_user")
        cls.team = cls.env["crm.team"].create(
            {"name": "East", "user_id": cls.leader.id, "company_id": cls.company.id}
        )
        cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": cls.seller.id}
        )
        cls.shop = cls._customer("Shop", user_id=cls.seller.id)
        cls.today = fields.Date.context_today(cls.env.user.with_user(cls.seller))
        cls.tomorrow = cls.today + timedelta(days=1)

    def _enter(self, user=None, **values):
        user = user or self.seller
        return (
            self.env["jxc.followup"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .create({"partner_id": self.shop.id, "kind": "phone", **values})
        )

    def test_timeline_and_next_step(self):
        followup = self._enter(
            note="Wants 3 boxes", outcome="quote", next_date=self.tomorrow
        )
        message = self.shop.message_ids[0]
        self.assertIn("Wants 3 boxes", message.body)
        self.assertEqual(message.author_id, self.seller.partner_id)
        activity = followup.sudo().activity_id
        self.assertEqual(activity, self.shop.activity_ids)
        self.assertEqual(activity.user_id, self.seller)
        self.assertEqual(activity.date_deadline, self.tomorrow)
        followup.next_date = self.tomorrow + timedelta(days=1)
        self.assertEqual(activity.date_deadline, followup.next_date)

    def test_kinds_plan_their_activity(self):
        """A call is planned as a call; what the platform has no type for as a to-do."""
        self.company.partner_id.lang = "en_US"
        for kind, label, activity_type in (
            ("visit", "Visit", "meeting"),
            ("phone", "Phone Call", "call"),
            ("sms", "SMS", "todo"),
            ("email", "E-mail", "email"),
            ("wechat", "WeChat", "todo"),
            ("other", "Other", "todo"),
        ):
            with self.subTest(kind=kind):
                partner = self._customer(f"By {kind}", user_id=self.seller.id)
                followup = self._enter(
                    partner_id=partner.id, kind=kind, next_date=self.tomorrow
                )
                activity = followup.sudo().activity_id
                self.assertEqual(
                    activity.activity_type_id,
                    self.env.ref(f"mail.mail_activity_data_{activity_type}"),
                )
                self.assertEqual(
                    (activity.summary, activity.date_deadline, activity.user_id),
                    (label, self.tomorrow, self.seller),
                )
                self.assertEqual(partner.message_ids[0].body, f"<p>{label}</p>")
                followup.next_note = "Bring samples"
                self.assertEqual(activity.summary, "Bring samples")
                self._enter(partner_id=partner.id, kind="other")
                self.assertFalse(activity.exists().active, "the next contact is it")

    def test_timeline_is_in_the_language_of_the_company(self):
        """Everybody reads it, whoever entered it; programs have no language at all."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        for lang in ("en_US", False):
            followup = (
                self.env["jxc.followup"]
                .with_context(lang=lang)
                .create(
                    {
                        "partner_id": self.shop.id,
                        "user_id": self.seller.id,
                        "company_id": self.company.id,
                        "kind": "visit",
                        "outcome": "interested",
                        "next_date": self.tomorrow,
                    }
                )
            )
            self.assertEqual(self.shop.message_ids[0].body, "<p>拜访<br>有意向</p>")
            self.assertEqual(followup.activity_id.summary, "拜访")

    def test_forms_send_the_place_that_the_button_stamps(self):
        """A client sends nothing that is read-only, unless the form says so."""
        for name in ("jxc_followup_view_form", "jxc_followup_view_form_report"):
            view = self.env.ref(f"jxc_crm_lite.{name}")
            arch = etree.fromstring(self.env["jxc.followup"].get_view(view.id)["arch"])
            for field in arch.xpath("//field[@name='latitude' or @name='longitude']"):
                self.assertEqual(field.get("force_save"), "1", name)

    def test_the_next_contact_ends_the_step(self):
        first = self._enter(next_date=self.tomorrow)
        other = self._enter(self.colleague, next_date=self.tomorrow)
        elsewhere = self._enter(
            partner_id=self._customer("Else").id, next_date=self.tomorrow
        )
        person = self._customer("Person", parent_id=self.shop.id)
        self._enter(partner_id=person.id)
        self.assertTrue(first.is_next_done)
        self.assertFalse(first.sudo().activity_id.exists().active)
        self.assertFalse(other.is_next_done)
        self.assertFalse(elsewhere.is_next_done)
        self.assertEqual(self.shop.with_user(self.seller).jxc_followup_count, 3)
        self.assertEqual(
            self.shop.with_user(self.seller).jxc_next_followup, self.tomorrow
        )

    def test_next_step_by_the_companys_days(self):
        """One o'clock at night in Shanghai: in UTC it is still the day before."""
        with freeze_time("2024-05-06 17:00:00"):
            with self.assertRaisesRegex(ValidationError, "2024-05-07"):
                self._enter(next_date="2024-05-06")
            self.assertTrue(self._enter(next_date="2024-05-07"))

    def test_opportunity(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.shop.id, "user_id": self.seller.id}
        )
        followup = self._enter(partner_id=False, lead_id=lead.id, next_date=self.today)
        self.assertEqual(followup.partner_id, self.shop)
        self.assertTrue(lead.activity_ids)
        self.assertFalse(self.shop.activity_ids)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self._enter(partner_id=False)

    def test_template_in_the_form(self):
        template = self.env.ref("jxc_crm_lite.jxc_followup_template_no_answer")
        with Form(self.env["jxc.followup"].with_user(self.seller)) as form:
            form.partner_id = self.shop
            form.template_id = template
            self.assertEqual(form.kind, "phone")
        followup = form.save()
        self.assertEqual(followup.outcome, "no_answer")
        self.assertEqual(followup.next_date, self.tomorrow)

    def test_template_over_rpc(self):
        template = self.env.ref("jxc_crm_lite.jxc_followup_template_wechat")
        followup = (
            self.env["jxc.followup"]
            .with_user(self.seller)
            .create({"partner_id": self.shop.id, "template_id": template.id})
        )
        self.assertEqual(followup.kind, "wechat")
        self.assertEqual(followup.next_date, self.today + timedelta(days=3))

    def test_who_sees_what(self):
        own = self._enter()
        by_others = self._enter(self.colleague)
        elsewhere = self._enter(self.colleague, partner_id=self._customer("X").id)
        everything = own | by_others | elsewhere
        seen = {
            self.seller: own | by_others,
            self.colleague: by_others | elsewhere,
            self.leader: own,
            self.manager: everything,
            self.executive: everything,
        }
        for user, expected in seen.items():
            found = (
                self.env["jxc.followup"]
                .with_user(user)
                .search([("id", "in", everything.ids)])
            )
            self.assertEqual(found.sudo(), expected.sudo().sorted(), user.login)
        with self.assertRaises(AccessError):
            own.with_user(self.clerk).read(["note"])

    def test_other_companies(self):
        own = self._enter()
        other = self._create_class_company("Other Ltd")
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        self.assertFalse(
            self.env["jxc.followup"]
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
            .search([("id", "=", own.id)])
        )

    def test_nobody_reports_for_others(self):
        with self.assertRaisesRegex(AccessError, "Only sales managers"):
            self._enter(user_id=self.colleague.id)
        own = self._enter()
        with self.assertRaisesRegex(AccessError, "Only sales managers"):
            own.user_id = self.colleague
        by_manager = self._enter(self.manager, user_id=self.colleague.id)
        self.assertEqual(by_manager.user_id, self.colleague)
        with self.assertRaises(AccessError):
            self._enter(self.executive)

    def test_nobody_changes_the_words_of_others(self):
        """Owners and leaders read reports of others; only managers correct them."""
        report = self._enter(self.colleague, note="Wants tea")
        draft = self._enter(self.colleague, kind="visit")
        draft.sudo().is_draft = True
        for user in (self.seller, self.leader):
            self.team.user_id = user
            for record, values in (
                (report, {"note": "Wants nothing"}),
                (draft, {"outcome": "refused"}),
            ):
                with self.assertRaisesRegex(AccessError, "of other people"):
                    record.with_user(user).write(values)
        self.assertEqual(report.note, "Wants tea")
        report.with_user(self.manager).note = "Wants green tea"

    def test_reports_are_not_rewritten(self):
        own = self._enter(note="Once")
        own.note = "Corrected"
        with self.assertRaises(UserError):
            own.partner_id = self._customer("Else")
        self.env.cr.execute(
            "UPDATE jxc_followup SET create_date = create_date - interval '25 hours'"
            " WHERE id = %s",
            [own.id],
        )
        own.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "for 24 hours"):
            own.note = "Rewritten"
        own.with_user(self.manager).note = "By the manager"
        with self.assertRaises(AccessError):
            own.unlink()

    def test_fields_of_the_server(self):
        with self.assertRaises(AccessError):
            self._enter(is_next_done=True)
        own = self._enter(next_date=self.tomorrow)
        with self.assertRaises(AccessError):
            own.is_next_done = True
        sneaky = (
            self.env["jxc.followup"]
            .with_user(self.seller)
            .with_context(default_is_next_done=True)
            .create({"partner_id": self.shop.id, "next_date": self.tomorrow})
        )
        self.assertFalse(sneaky.is_next_done)

    def test_bad_dates_and_places(self):
        now = fields.Datetime.now()
        for values in (
            {"date": now + timedelta(hours=1)},
            {"next_date": self.today - timedelta(days=2)},
            {"latitude": 31.2, "longitude": 121.5},
            {"latitude": 91, "is_located": True},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._enter(**values)
        place = self._enter(latitude=31.2304, longitude=121.4737, is_located=True)
        self.assertAlmostEqual(place.longitude, 121.4737, 6)

    def test_overdue_steps_go_to_the_leader_once(self):
        late = self._enter(
            date=fields.Datetime.now() - timedelta(days=10),
            next_date=self.today - timedelta(days=4),
        )
        recent = self._enter(
            partner_id=self._customer("Recent").id,
            date=fields.Datetime.now() - timedelta(days=10),
            next_date=self.today - timedelta(days=3),
        )
        self.assertEqual(
            self.env["jxc.followup"].search(
                [("is_overdue", "=", True), ("id", "in", (late | recent).ids)]
            ),
            (late | recent).sudo().sorted(),
        )
        for _twice in range(2):
            self.env["jxc.followup"]._escalate(self.company)
            told = self.shop.activity_ids.filtered(lambda a: a.user_id == self.leader)
            self.assertEqual(len(told), 1)
        self.assertFalse(
            recent.partner_id.activity_ids.filtered(lambda a: a.user_id == self.leader)
        )
        late.with_user(self.manager).next_date = self.today - timedelta(days=5)
        (self.leader | self.manager).active = False
        self.env["jxc.followup"]._escalate(self.company)
        self.assertFalse(late.sudo().escalated_on, "nobody could be told")
        self.leader.active = True
        self.env["jxc.followup"]._escalate(self.company)
        self.assertTrue(late.sudo().escalated_on, "missed another time")

    def test_without_a_leader_a_sales_manager_hears(self):
        """Of a seller whose team has none, and of the leader's own steps."""
        boss = self._user("boss", "sales_team.group_sale_manager")
        self.manager.active = boss.active = False
        late = self._enter(
            date=fields.Datetime.now() - timedelta(days=10),
            next_date=self.today - timedelta(days=4),
        )
        self.leader.active = False
        self.env["jxc.followup"]._escalate(self.company)
        self.assertFalse(late.sudo().escalated_on)
        self.manager.active = boss.active = True
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.company.jxc_escalation_user_id = self.seller
        self.company.jxc_escalation_user_id = boss
        for _twice in range(2):
            self.env["jxc.followup"]._escalate(self.company)
            told = self.shop.activity_ids.filtered(lambda one: one.user_id == boss)
            self.assertEqual(len(told), 1)
        self.leader.active = True
        shop = self._customer("Of the leader")
        own = self.env["jxc.followup"].create(
            {
                "partner_id": shop.id,
                "user_id": self.leader.id,
                "company_id": self.company.id,
                "date": fields.Datetime.now() - timedelta(days=10),
                "next_date": self.today - timedelta(days=4),
            }
        )
        self.env["jxc.followup"]._escalate(self.company)
        self.assertTrue(own.escalated_on)
        self.assertIn(boss, shop.activity_ids.user_id)

    def test_overdue_steps_of_opportunities_are_told_there(self):
        self.leader.lang = "en_US"
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "partner_id": self.shop.id,
                "user_id": self.seller.id,
                "company_id": self.company.id,
            }
        )
        step = self._enter(
            partner_id=False,
            lead_id=lead.id,
            date=fields.Datetime.now() - timedelta(days=10),
            next_date=self.today - timedelta(days=4),
        )
        for _twice in range(2):
            self.env["jxc.followup"]._escalate(self.company)
            told = lead.activity_ids.filtered(lambda a: a.user_id == self.leader)
            self.assertEqual(len(told), 1)
            self.assertIn(f"{self.seller.name} is late", told.summary)
            self.assertFalse(self.shop.activity_ids)
        self.assertTrue(step.sudo().escalated_on)
        done = self._enter(partner_id=False, lead_id=lead.id)
        self.assertTrue(step.is_next_done)
        done.with_user(self.manager).next_date = self.today
        self.env["jxc.followup"]._escalate(self.company)
        self.assertFalse(done.sudo().escalated_on, "not late yet")

    def test_counts_take_the_same_queries_for_many(self):
        partners = self.env["res.partner"].browse()
        for number in range(10):
            partner = self._customer(f"P{number}")
            self._enter(partner_id=partner.id)
            partners |= partner
        partners = partners.with_user(self.seller)
        self.env.invalidate_all()
        partners[:1].mapped("jxc_followup_count")
        self.env.invalidate_all()
        with self.assertQueryCount(5):
            self.assertEqual(sum(partners.mapped("jxc_followup_count")), 10)
