# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .common import CustomerClassCommon

#: the same for all companies
SHARED = {"jxc.ticket.reason"}


@tagged("post_install", "-at_install")
class TestIsolation(CustomerClassCommon):
    """Ways round the owner, the team and the company that a client could try."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_pool_active = True
        cls.other = cls._create_class_company("Other Ltd")
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.mate = cls._user("mate", "sales_team.group_sale_salesman")
        cls.teamer = cls._user("teamer", "jxc_crm_lite.group_sale_team")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls._team("East", cls.teamer, cls.mate)
        cls.mine = cls._customer("Mine", is_company=True, user_id=cls.seller.id)
        cls.theirs = cls._customer("Theirs", is_company=True, user_id=cls.mate.id)
        cls.far = cls._customer("Far", is_company=True, company_id=cls.other.id)
        cls.free = cls._customer("Free", is_company=True)
        (cls.far | cls.free)._jxc_fall("fall")

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def test_every_model_is_of_companies(self):
        """Every table of ours has a rule over companies, and rights only by groups."""
        for name, model in self.env.registry.items():
            if model._original_module != "jxc_crm_lite" or model._abstract:
                continue
            of_model = [("model_id.model", "=", name)]
            rights = self.env["ir.model.access"].search(of_model)
            self.assertTrue(rights, name)
            self.assertTrue(all(right.group_id for right in rights), name)
            if model._transient or name in SHARED:
                continue
            rules = self.env["ir.rule"].search([*of_model, ("groups", "=", False)])
            self.assertIn("company_ids", "".join(rules.mapped("domain_force")), name)

    def test_pool_of_another_company(self):
        with self.assertRaisesRegex(AccessError, "one of another company"):
            self._as(self.seller, self.far).action_jxc_claim()
        with self.assertRaisesRegex(AccessError, "one of another company"):
            self._as(self.manager, self.far).action_jxc_release()
        lead = self.env["crm.lead"].create(
            {"name": "Far deal", "company_id": self.other.id, "user_id": False}
        )
        with self.assertRaises(AccessError):
            self._as(self.seller, lead).action_jxc_claim()
        self.assertFalse((self.far | lead.partner_id).user_id)

    def test_switching_companies_is_no_way_round(self):
        """What is free has no company; whose pool it fell into still counts."""
        self.company.jxc_pool_cool_down_days = 30
        self.other.jxc_pool_cool_down_days = 0
        both = self._user(
            "both", "sales_team.group_sale_salesman", self.company | self.other
        )
        self.free.jxc_pool_last_owner_id = both
        there = self.free.with_user(both).with_context(
            allowed_company_ids=self.other.ids
        )
        with self.assertRaises(AccessError):
            there.user_id = both
        with self.assertRaisesRegex(UserError, "was yours"):
            there.action_jxc_claim()

    def test_mailings_of_another_company(self):
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "Tea",
                "jxc_company_id": self.other.id,
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        trace = self.env["mailing.trace"].create(
            {
                "mass_mailing_id": mailing.id,
                "model": "res.partner",
                "res_id": self.far.id,
                "email": "far@example.com",
            }
        )
        marketer = self._user("marketer", "mass_mailing.group_mass_mailing_user")
        for record in (mailing, trace):
            seen = self._as(marketer, record)
            self.assertFalse(seen.search([("id", "=", record.id)]))
            with self.assertRaises(AccessError):
                seen.read(["create_date"])

    def test_assigning_many(self):
        """Managers assign from a list: the queries do not grow with the customers."""
        self._as(self.manager, self.theirs).user_id = self.seller
        counts = []
        for number in (2, 20):
            customers = self.env["res.partner"].create(
                [
                    {"name": f"C{number}-{i}", "user_id": self.mate.id}
                    for i in range(number)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._as(self.manager, customers).write({"user_id": self.seller.id})
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - start)
        self.assertLess(counts[1], counts[0] + 10, counts)

    def test_claim_leaves_leads_of_other_companies(self):
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": company.name,
                    "company_id": company.id,
                    "partner_id": self.free.id,
                    "user_id": False,
                }
                for company in (self.company, self.other)
            ]
        )
        self._as(self.seller, self.free).action_jxc_claim()
        self.assertEqual(leads.user_id, self.seller)
        self.assertFalse(leads[1].user_id)

    def test_customers_do_not_move_under_others(self):
        """Below an own company a customer would be one's own without a claim."""
        person = self._customer("Person", parent_id=self.theirs.id)
        under = {"is_company": False, "parent_id": self.mine.id}
        for record in (self.theirs, self.free, person):
            with self.assertRaisesRegex(AccessError, "ask a sales manager"):
                self._as(self.seller, record).write(under)
        with self.assertRaisesRegex(AccessError, "ask a sales manager"):
            self._as(self.seller, person).parent_id = False
        self._as(self.mate, person).parent_id = False
        self._as(self.manager, person).parent_id = self.mine
        self.assertEqual(person.commercial_partner_id, self.mine)

    def test_leads_of_the_pool_are_not_merged_away(self):
        pooled, own, more = self.env["crm.lead"].create(
            [
                {"name": name, "type": "opportunity", "user_id": self.seller.id}
                for name in ("Pooled", "Own", "More")
            ]
        )
        pooled._jxc_fall("fall")
        with self.assertRaisesRegex(AccessError, "Pooled"):
            self._as(self.seller, pooled | own).merge_opportunity()
        product = self.env["product.product"].search([], limit=1)
        followups = self.env["jxc.followup"].create(
            [{"lead_id": lead.id, "user_id": self.seller.id} for lead in (own, more)]
        )
        lines = self.env["jxc.lead.line"].create(
            [
                {"lead_id": lead.id, "product_id": product.id, "qty": 1}
                for lead in (own, more)
            ]
        )
        rival = self.env["jxc.competitor"].create({"name": "Rival of both"})
        self.env["jxc.lead.competitor"].create(
            [{"lead_id": lead.id, "competitor_id": rival.id} for lead in (own, more)]
        )
        kept = self._as(self.seller, own | more).merge_opportunity()
        self.assertEqual((followups | followups).lead_id, kept)
        self.assertEqual(lines.lead_id, kept)
        self.assertEqual(kept.jxc_competitor_ids.competitor_id, rival)

    def test_follow_ups_of_what_one_may_not_read(self):
        followups = self.env["jxc.followup"]
        secret = self.env["ir.attachment"].create(
            {"name": "secret", "res_model": "res.company", "res_id": self.other.id}
        )
        lead = self.env["crm.lead"].create(
            {"name": "Theirs", "user_id": self.mate.id, "partner_id": self.theirs.id}
        )
        before = self.far.message_ids | lead.message_ids
        for values in (
            {"partner_id": self.far.id},
            {"lead_id": lead.id},
            {"partner_id": self.mine.id, "photo_ids": [Command.link(secret.id)]},
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._as(self.seller, followups).create(values)
        own = self._as(self.seller, followups).create({"partner_id": self.mine.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            own.photo_ids = [Command.link(secret.id)]
        self.assertEqual(self.far.message_ids | lead.message_ids, before)

    def test_photos_are_seen_by_who_sees_the_follow_up(self):
        photo = self._as(self.seller, self.env["ir.attachment"]).create(
            {"name": "shop.png", "raw": b"x", "res_model": "jxc.followup", "res_id": 0}
        )
        followup = self._as(self.seller, self.env["jxc.followup"]).create(
            {"partner_id": self.mine.id, "photo_ids": [Command.link(photo.id)]}
        )
        seen = self._as(self.manager, followup)
        self.assertEqual(seen.photo_ids.raw, b"x")
        with self.assertRaises(AccessError):
            self._as(self.mate, photo).read(["raw"])

    def test_visits_of_what_one_may_not_read(self):
        plan = self._as(self.seller, self.env["jxc.visit.plan"]).create(
            {"date": fields.Date.today()}
        )
        with self.assertRaises(AccessError):
            plan.line_ids = [Command.create({"partner_id": self.far.id})]

    def test_team_sees_what_belongs_to_its_documents(self):
        product = self.env["product.product"].search([], limit=1)
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "user_id": self.mate.id, "partner_id": self.theirs.id}
        )
        line = self.env["jxc.lead.line"].create(
            {"lead_id": lead.id, "product_id": product.id, "qty": 1}
        )
        rival = self.env["jxc.competitor"].create({"name": "Rival of the team"})
        met = self.env["jxc.lead.competitor"].create(
            {"lead_id": lead.id, "competitor_id": rival.id}
        )
        cycle = self.env["jxc.repurchase.cycle"].create(
            {
                "partner_id": self.theirs.id,
                "product_id": product.id,
                "company_id": self.company.id,
            }
        )
        gateway = self.env["jxc.sms.gateway"].create(
            {"name": "Own", "provider": "odoo", "company_id": self.company.id}
        )
        sms = self.env["jxc.sms.message"].create(
            {
                "gateway_id": gateway.id,
                "number": "+8613800138000",
                "partner_id": self.theirs.id,
                "state": "sent",
            }
        )
        steps = self.env["jxc.lead.stage.log"].search([("lead_id", "=", lead.id)])
        funnel = self.env["jxc.lead.stage.report"].search([("lead_id", "=", lead.id)])
        self.assertTrue(steps and funnel)
        for record in (lead, line, met, cycle, sms, steps, funnel):
            domain = [("id", "in", record.ids)]
            self.assertTrue(self._as(self.teamer, record).search(domain), record)
            self.assertFalse(self._as(self.seller, record).search(domain), record)
        self._as(self.teamer, line).qty = 2
        with self.assertRaises(UserError):
            self._as(self.seller, line).qty = 3


@tagged("post_install", "-at_install")
class TestVoiceNote(CustomerClassCommon, HttpCase):
    """A recording of a visit, sent by the browser and opened by who may hear it."""

    #: the shortest of a WAVE file: its head, and one silent sample
    SOUND = (
        b"RIFF\x25\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"
        b"\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x01\x00\x00\x00\x80"
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = "sales_team.group_sale_salesman"
        cls.seller = cls._login("voice_seller", salesman)
        cls.owner = cls._login("voice_owner", salesman)
        cls.manager = cls._login("voice_manager", "sales_team.group_sale_manager")
        cls.colleague = cls._login("voice_colleague", salesman)
        cls.portal = cls._login("voice_portal", "base.group_portal")
        cls.shop = cls._customer("Shop", is_company=True, user_id=cls.seller.id)

    @classmethod
    def _login(cls, login, group):
        return new_test_user(
            cls.env,
            login=login,
            groups=group,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _heard_by(self, user, note):
        """Whether the browser of the user gets the sound."""
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(f"/web/content/{note.id}").content == self.SOUND

    def test_voice_note_is_heard_by_who_sees_the_follow_up(self):
        self.authenticate(self.seller.login, self.seller.login)
        answer = self.url_open(
            "/web/binary/upload_attachment",
            data={
                "model": "jxc.followup",
                "id": "0",
                "csrf_token": http.Request.csrf_token(self),
            },
            files={"ufile": ("visit.wav", self.SOUND, "audio/x-wav")},
        )
        (sent,) = json.loads(answer.text)
        note = self.env["ir.attachment"].browse(sent["id"])
        self.assertRegex(note.mimetype, "^audio/")
        followup = (
            self.env["jxc.followup"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": self.shop.id,
                    "kind": "visit",
                    "photo_ids": [Command.link(note.id)],
                }
            )
        )
        self.assertEqual(followup.photo_ids, note)
        # handed over: the new owner hears what was said before
        self.shop.user_id = self.owner
        self.env.flush_all()
        for user in (self.seller, self.owner, self.manager):
            self.assertTrue(self._heard_by(user, note), user.login)
        for user in (self.colleague, self.portal, None):
            self.assertFalse(self._heard_by(user, note), user and user.login)
        # hearing is not erasing, and the author's own words are fixed after a day
        note.with_user(self.seller).check_access("unlink")
        with self.assertRaisesRegex(AccessError, "Only sales managers"):
            followup.with_user(self.owner).check_access("write")
        with self.assertRaises(AccessError):
            note.with_user(self.owner).unlink()
        with freeze_time(followup.create_date + timedelta(hours=25)):
            with self.assertRaises(AccessError):
                note.with_user(self.seller).unlink()
            note.with_user(self.manager).unlink()
