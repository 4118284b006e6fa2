# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_pool_touch import TODAY, PoolTouch


@tagged("post_install", "-at_install")
class TestPoolEvidence(PoolTouch):
    """What a follow-up has to have by the rule of the pool, beyond words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["jxc.pool.rule"].search(
            [("company_id", "=", cls.company.id)]
        )

    def _assert_counts(self, expected, change, label=None):
        """Who is warned is kept, at once and tonight, or falls.

        :param change: enters the follow-up, and what shows that it took place
        """
        with self.env.cr.savepoint() as savepoint:
            self._run()
            self.assertEqual(self._states()[:3], ["warned"] * 3)
            change()
            states = ["owned" if expected else "warned"] * 3
            self.assertEqual(self._states()[:3], states, label)
            self._run(5)
            states = ["owned" if expected else "pool"] * 3
            self.assertEqual(self._states()[:3], states, label)
            savepoint.rollback()
            self.env.invalidate_all()

    def _assert_tonight(self, change, expected=3):
        """What came of it later counts from the next run on."""
        with self.env.cr.savepoint() as savepoint:
            self._run()
            change()
            self.env.flush_all()
            self.assertEqual(self._run(1)["reset"], expected)
            savepoint.rollback()
            self.env.invalidate_all()

    def test_nothing_at_all_never_counts(self):
        """Whatever the settings say."""
        self.company.jxc_followup_min_note = 0
        for counts in ("any", "note", "evidence"):
            self.rules.counts = counts
            for values in ({}, {"note": " \n\u3000\u00a0"}, {"kind": "visit"}):
                self._assert_counts(False, lambda v=values: self._followup(**v), counts)
        self.rules.counts = "any"
        self._assert_counts(True, lambda: self._followup(note="ok"))
        self._assert_counts(True, lambda: self._followup(outcome="no_answer"))

    def test_a_note_of_some_length(self):
        self.rules.write({"counts": "note", "min_note": 8})
        for expected, values in (
            (False, {"outcome": "interested"}),
            (False, {"outcome": "interested", "note": "called"}),
            (False, {"note": "   called    "}),
            (True, {"note": "wants new tea"}),
            (True, {"note": "客户想要今年的新茶", "outcome": "no_answer"}),
        ):
            self._assert_counts(expected, lambda v=values: self._followup(**v), values)
        for wrong in (0, 1001):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.rules.min_note = wrong
                self.env.flush_all()

    def test_words_alone_are_no_evidence(self):
        self.rules.counts = "evidence"
        for kind in ("phone", "email", "visit", "wechat"):
            values = {"kind": kind, "outcome": "interested", "note": "wants new tea"}
            self._assert_counts(False, lambda v=values: self._followup(**v), kind)

    def test_a_photo_or_the_place_of_a_visit(self):
        self.rules.counts = "evidence"
        photo = self.env["ir.attachment"].create({"name": "shop.jpg", "raw": b"x"})
        place = {"is_located": True, "latitude": 30.2, "longitude": 120.1}
        for expected, values in (
            (True, {"kind": "visit", "photo_ids": [Command.set(photo.ids)]}),
            (True, {"kind": "wechat", "photo_ids": [Command.set(photo.ids)]}),
            (True, {"kind": "visit", "outcome": "later", **place}),
            (False, {"kind": "visit", **place}),
            (False, {"kind": "phone", "outcome": "later", **place}),
        ):
            self._assert_counts(expected, lambda v=values: self._followup(**v), values)

    def test_a_photo_is_shown_once(self):
        """The same picture under every report, uploaded again or not, shows nothing."""
        self.rules.counts = "evidence"
        photos = self.env["ir.attachment"].create(
            [{"name": name, "raw": raw} for name, raw in (("a", b"x"), ("b", b"x"))]
        )
        new = self.env["ir.attachment"].create({"name": "c", "raw": b"y"})
        self._followup(photo_ids=[Command.set(photos[0].ids)], days=-60)
        for expected, photo in ((False, photos[0]), (False, photos[1]), (True, new)):
            values = {"outcome": "later", "photo_ids": [Command.set(photo.ids)]}
            self._assert_counts(
                expected, lambda v=values: self._followup(**v), photo.name
            )

    def test_a_call_dialled_from_here(self):
        """A number that was only written down is none, nor a draft."""
        self.rules.counts = "evidence"
        calls = self.env["jxc.followup"].with_user(self.seller)
        calls = calls.with_context(allowed_company_ids=self.company.ids)

        def call(**values):
            followup = calls._begin_call(self.shop, "13800138000")
            self.env["jxc.followup"].browse(followup.id).date = self._day(-1)
            followup.write(values)

        self._assert_counts(True, lambda: call(outcome="interested"))
        self._assert_counts(False, lambda: call(note="wants the new tea"))

    def _write_to(self, record, user=None, days=-1, status="sent", **values):
        """An e-mail of a salesperson in the customer's timeline, handed over."""
        own = record.with_user(user or self.seller)
        own = own.with_context(allowed_company_ids=self.company.ids)
        message = own.message_post(
            body="Dear Sir",
            partner_ids=self.buyer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )
        message.sudo().date = self._day(days)
        notes = message.sudo().notification_ids
        self.assertEqual(notes.mapped("notification_type"), ["email"])
        notes.notification_status = status
        return message

    def test_an_email_that_was_sent(self):
        self.rules.counts = "evidence"
        self.buyer.email = "buyer@example.com"

        def enter(record=self.shop, **values):
            self._write_to(record, **values)
            self._followup(kind="email", outcome="quote")

        self._assert_counts(True, enter)
        self._assert_counts(False, lambda: enter(status="exception"))
        self._assert_counts(False, lambda: enter(status="ready"))
        self._assert_counts(False, lambda: enter(self.second, user=self.colleague))
        self._assert_counts(False, lambda: enter(days=-9))
        self._assert_tonight(
            lambda: (
                self._followup(kind="email", outcome="quote"),
                self._write_to(self.shop),
            )
        )

    def test_mass_sendings_are_no_evidence(self):
        self.rules.counts = "evidence"
        self.buyer.email = "buyer@example.com"

        def enter():
            message = self._write_to(self.shop)
            traces = self.env["mailing.trace"].create(
                {
                    "trace_type": "mail",
                    "model": "res.partner",
                    "res_id": self.shop.id,
                    "message_id": message.message_id,
                    "jxc_company_id": self.company.id,
                }
            )
            self.assertTrue(traces)
            self._followup(kind="email", outcome="quote")

        self._assert_counts(False, enter)

    def test_what_the_customer_wrote(self):
        """To his salesperson or on the lead; not in his name by the salesperson."""
        self.rules.counts = "evidence"

        def enter(record, user, **values):
            message = (
                record.with_user(user)
                .sudo()
                .message_post(
                    body="We would like tea",
                    message_type="email",
                    author_id=self.buyer.id,
                    email_from="buyer@example.com",
                    **values,
                )
            )
            message.date = self._day(-1)
            self._followup(kind="email", outcome="quote")

        root = self.env.ref("base.user_root")
        self._assert_counts(True, lambda: enter(self.shop, root))
        self._assert_counts(True, lambda: enter(self.lead, root))
        self._assert_counts(False, lambda: enter(self.shop, self.seller))

    def test_on_a_lead_of_nobody_known(self):
        """By the lead's own messages, without a customer."""
        self.rules.counts = "evidence"
        lead = self._lead("Nobody known", email_from="new@example.com")

        def enter(user):
            message = (
                lead.with_user(user)
                .sudo()
                .message_post(
                    body="Who are you?",
                    message_type="email",
                    author_id=False,
                    email_from="new@example.com",
                )
            )
            message.date = self._day(-1)
            self._followup(lead_id=lead.id, partner_id=False, outcome="interested")

        root = self.env.ref("base.user_root")
        self._assert_tonight(lambda: enter(root), expected=0)
        self._run()
        self.assertEqual(lead.jxc_pool_state, "warned")
        enter(self.seller)
        self.assertEqual(lead.jxc_pool_state, "warned")
        enter(root)
        self.assertEqual(lead.jxc_pool_state, "owned")

    def test_an_sms_of_the_gateway(self):
        self.rules.counts = "evidence"
        gateway = self.env["jxc.sms.gateway"].create(
            {
                "name": "Gateway",
                "company_id": self.company.id,
                "endpoint": "https://sms.example.com/send",
            }
        )

        def enter(**values):
            rows = self.env["jxc.sms.message"].with_user(self.seller).sudo()
            rows.create(
                {
                    "gateway_id": gateway.id,
                    "number": "13800138000",
                    "partner_id": self.buyer.id,
                    "state": "sent",
                    "sent_at": self._day(-1) + datetime.timedelta(hours=3),
                    **values,
                }
            )
            self._followup(kind="sms", outcome="later")

        self._assert_counts(True, enter)
        self._assert_counts(False, lambda: enter(state="failed"))
        self._assert_counts(False, lambda: enter(is_marketing=True))

    def test_the_author_is_told(self):
        """At once, and no longer when there is what was missing, or nothing to keep."""
        self.rules.counts = "evidence"
        followup = self._followup(outcome="interested")
        draft = self._followup()
        draft.is_draft = True
        own = (followup | draft).with_user(self.seller)
        own = own.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(own.mapped("keeps_nobody"), [True, False])
        photos = self.env["ir.attachment"].with_user(self.seller)
        own[0].photo_ids = photos.create({"name": "shop.jpg", "raw": b"x"})
        self.assertFalse(own[0].keeps_nobody)
        own[0].photo_ids = False
        self.assertTrue(own[0].keeps_nobody)
        self.company.jxc_pool_active = False
        own.invalidate_recordset(["keeps_nobody"])
        self.assertFalse(own[0].keeps_nobody)

    def test_every_class_has_its_own(self):
        """A customer of class A wants evidence, the others what tells something."""
        self.env["jxc.customer.class"].create(
            {
                "partner_id": self.shop.id,
                "company_id": self.company.id,
                "abc": "a",
                "life_cycle": "active",
            }
        )
        self.rules.copy({"abc": "a", "sequence": 1, "counts": "evidence"})
        self._followup(outcome="interested")
        self._followup(partner_id=self.other.id, outcome="interested")
        self._run()
        self.assertEqual(self._states(), [*["warned"] * 3, "owned", "owned"])

    def test_a_second_lead_has_what_was_evident(self):
        """The term of an own former lead goes on by the same computing."""
        self.rules.counts = "evidence"
        self._followup(lead_id=self.lead.id, partner_id=False, outcome="interested")
        leads = self.env["crm.lead"].with_user(self.seller)
        leads = leads.with_context(allowed_company_ids=self.company.ids)
        values = {"name": "New", "partner_id": self.shop.id}
        self.assertEqual(leads.create(values).sudo().jxc_owner_since, self._day(-200))
        self.rules.counts = "any"
        self.assertEqual(leads.create(values).sudo().jxc_owner_since, self._day(-1))
        self.assertLess(self._day(-1).date(), TODAY)
