# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .sms_common import SmsCommon

NIGHT = "2024-05-06 14:00:00"  # 22:00 in Shanghai
MORNING = "2024-05-07 00:00:00"


class MailingCommon(SmsCommon):
    """Mailings to two customers of a company with a limit of two a week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_marketing_limit": 2, "jxc_marketing_days": 7})
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.shop.email = "shop@example.com"
        cls.other = cls._customer(
            "Other", phone="+86 139 0013 9000", email="other@example.com"
        )
        cls.marketer = cls._user("marketer", "mass_mailing.group_mass_mailing_user")

    def _mailing(self, kind="sms", company=None, partners=None, **values):
        company = company or self.company
        partners = partners or self.shop | self.other
        return (
            self.env["mailing.mailing"]
            .with_company(company)
            .create(
                {
                    "subject": "New tea",
                    "mailing_type": kind,
                    "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "mailing_domain": repr([("id", "in", partners.ids)]),
                    "body_plaintext": "New tea is here",
                    "body_html": "<p>New tea <a href='https://example.com'>here</a></p>",
                    "email_from": "us@example.com",
                    "user_id": self.env.uid,
                    **values,
                }
            )
        )

    def _traces(self, mailing):
        return {
            trace.res_id: trace.failure_type or trace.trace_status
            for trace in mailing.mailing_trace_ids
        }


@tagged("post_install", "-at_install")
class TestMailingLimits(MailingCommon):
    """Nobody gets more marketing than the limit allows, nor at night."""

    def test_sms_and_mails_count_together(self):
        first, second = self._mailing(), self._mailing("mail", partners=self.shop)
        first.action_send_mail()
        self._send_mailings(second)
        third = self._mailing()
        third.action_send_mail()
        self.assertEqual(
            self._traces(third),
            {self.shop.id: "jxc_limit", self.other.id: "outgoing"},
        )
        self.assertEqual(third.canceled, 1)
        by_mail = self._mailing("mail", partners=self.shop)
        self._send_mailings(by_mail)
        self.assertEqual(self._traces(by_mail), {self.shop.id: "jxc_limit"})
        self.assertEqual(by_mail.state, "done")
        self._work()
        sent = [sent["to"] for _m, _p, sent, _h in self.server.requests]
        self.assertEqual(sorted(sent), ["13800138000", "13900139000", "13900139000"])

    def test_one_person_twice_in_the_database(self):
        twin = self._customer("Twin", phone=self.shop.phone, email=self.shop.email)
        for _time in range(2):
            self._mailing(partners=self.shop).action_send_mail()
        mailing = self._mailing(partners=twin)
        mailing.action_send_mail()
        self.assertEqual(self._traces(mailing), {twin.id: "jxc_limit"})

    def test_many_customers_without_a_mailing(self):
        """Writing to a segment or to sleeping customers counts, and is counted."""
        self.company.jxc_marketing_limit = 1
        segment = self.env["jxc.customer.segment"].create(
            {
                "name": "Both",
                "company_id": self.company.id,
                "domain": repr([("id", "in", (self.shop | self.other).ids)]),
            }
        )
        self.other.user_id = self.seller
        segment = segment.with_user(self.manager)
        segment = segment.with_context(allowed_company_ids=self.company.ids)

        def compose(action, **values):
            context = action["context"]
            composer = segment.env[action["res_model"]].with_context(**context)
            return composer.create(values)

        def traces():
            return self.env["mailing.trace"].search(
                [("jxc_company_id", "=", self.company.id)]
            )

        compose(segment.action_sms(), body="Tea!").action_send_sms()
        self.assertEqual(
            set(traces().mapped("res_id")), set((self.shop | self.other).ids)
        )
        self._work()
        texts = [sent["text"] for _m, _p, sent, _h in self.server.requests]
        self.assertEqual(texts, ["【好店】Tea!\n拒收请回复T"] * 2)
        self.assertEqual(set(self._messages().mapped("is_marketing")), {True})
        before = self.shop.message_ids
        first = traces()
        for action, values in (
            (segment.action_sms(), {"body": "More!"}),
            (segment.action_mail(), {"subject": "More", "body": "<p>More</p>"}),
        ):
            composer = compose(action, **values)
            getattr(
                composer,
                "action_send_sms" if "sms" in composer._name else "action_send_mail",
            )()
        self.assertEqual((traces() - first).mapped("failure_type"), ["jxc_limit"] * 4)
        self.assertEqual(self.shop.message_ids, before)
        mailing = self._mailing("mail")
        self._send_mailings(mailing)
        self.assertEqual(set(self._traces(mailing).values()), {"jxc_limit"})

    def test_sms_to_sleeping_customers(self):
        """From the list through the gateway to the trace, in the timeline too."""
        self._order(self.shop, 200, 10)
        self._recompute()
        row = self.env["jxc.sleeping.customer"].with_user(self.seller)
        row = row.with_context(allowed_company_ids=self.company.ids).search([])
        self.assertEqual(row.partner_id, self.shop)
        action = row.action_sms()
        composer = row.env[action["res_model"]].with_context(**action["context"])
        composer.create({"body": "We miss you"}).action_send_sms()
        trace = self.env["mailing.trace"].search(
            [("res_id", "=", self.shop.id), ("jxc_company_id", "=", self.company.id)]
        )
        self.assertEqual(trace.trace_type, "sms")
        self._work()
        [sent] = [sent for _m, _p, sent, _h in self.server.requests]
        self.assertEqual(sent["to"], "13800138000")
        self.assertEqual(sent["text"], "【好店】We miss you\n拒收请回复T")
        self.assertEqual(self._messages().mapped("is_marketing"), [True])
        self.assertFalse(trace.failure_type)
        self.assertIn(trace.trace_status, ("pending", "sent"))
        self.assertIn("We miss you", self.shop.message_ids[0].body)

    def test_many_customers_at_night(self):
        """A gateway keeps marketing until the morning; nothing else may go out."""
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        mail = {
            "composition_mode": "mass_mail",
            "model": "res.partner",
            "res_ids": repr(self.shop.ids),
            "subject": "Now",
            "body": "<p>Now</p>",
        }
        sms = {
            "composition_mode": "mass",
            "res_model": "res.partner",
            "res_ids": repr(self.shop.ids),
            "body": "Now",
        }
        with freeze_time(NIGHT):
            with self.assertRaisesRegex(UserError, "quiet hours of Classes Ltd"):
                self.env["mail.compose.message"].create(mail).action_send_mail()
            self.env["sms.composer"].create(sms).action_send_sms()
            self._work()
            self.assertFalse(self.server.requests)
            self.gateway.provider = "odoo"
            with self.assertRaisesRegex(UserError, "quiet hours of Classes Ltd"):
                self.env["sms.composer"].create(sms).action_send_sms()
            [found] = self.gateway.send(["13800138000"], "sale", {"price": 3})
            self.assertEqual(
                (found["state"], found["error"]), ("cancelled", "Quiet hours")
            )

    def test_old_ones_and_those_not_sent_do_not_count(self):
        mailings = [self._mailing(partners=self.shop) for _number in range(3)]
        for mailing in mailings[:2]:
            mailing.action_send_mail()
        mailings[0].mailing_trace_ids.trace_status = "cancel"
        mailings[2].action_send_mail()
        self.assertEqual(self._traces(mailings[2]), {self.shop.id: "outgoing"})
        with freeze_time(fields.Datetime.now() + timedelta(days=8)):
            later = self._mailing(partners=self.shop)
            later.action_send_mail()
            self.assertEqual(self._traces(later), {self.shop.id: "outgoing"})

    def test_each_company_counts_its_own(self):
        other = self._create_class_company("Other Ltd")
        other.write({"jxc_marketing_limit": 1, "jxc_quiet_from": 0, "jxc_quiet_to": 0})
        self._gateway(other, login="other")
        for _time in range(2):
            self._mailing(partners=self.shop).action_send_mail()
        theirs = [self._mailing(company=other, partners=self.shop) for _n in range(2)]
        for mailing in theirs:
            self.assertEqual(mailing.jxc_company_id, other)
            mailing.action_send_mail()
        self.assertEqual(self._traces(theirs[0]), {self.shop.id: "outgoing"})
        self.assertEqual(self._traces(theirs[1]), {self.shop.id: "jxc_limit"})
        self._work()
        self.assertEqual(
            sorted(sent["user"] for _m, _p, sent, _h in self.server.requests),
            ["other", "shop", "shop"],
        )
        mailing = theirs[0].with_user(self.marketer)
        with self.assertRaises(AccessError):
            mailing.with_context(
                allowed_company_ids=self.company.ids
            ).action_send_mail()

    def test_opt_out(self):
        self.env["phone.blacklist"]._add(["+8613800138000"])
        mailing = self._mailing(sms_allow_unsubscribe=True)
        mailing.action_send_mail()
        self.assertEqual(self._traces(mailing)[self.shop.id], "sms_blacklist")
        self._work()
        [(_m, _p, sent, _h)] = self.server.requests
        self.assertTrue(sent["text"].endswith("here\n拒收请回复T"), sent["text"])

    def test_opt_out_between_mailing_and_sending(self):
        mailing = self._mailing(partners=self.shop)
        mailing.action_send_mail()
        with self.enter_registry_test_mode():
            self.env.ref("sms.ir_cron_sms_scheduler_action").method_direct_trigger()
        self.assertEqual(self._messages().state, "queued")
        self.env["phone.blacklist"]._add(["+8613800138000"])
        self._work()
        self.assertFalse(self.server.requests)
        self.assertEqual(self._messages().state, "cancelled")
        self.assertEqual(mailing.mailing_trace_ids.trace_status, "error")

    def test_quiet_hours(self):
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        mailings = self._mailing() | self._mailing("mail")
        with freeze_time(NIGHT):
            mailings.action_send_mail()
            mailings[0].action_send_sms()
            self.assertEqual(set(mailings.mapped("state")), {"in_queue"})
            self.assertFalse(mailings.mailing_trace_ids)
            self.assertEqual(
                {fields.Datetime.to_string(each.schedule_date) for each in mailings},
                {MORNING},
            )
            with self.assertRaisesRegex(UserError, "quiet hours of Classes Ltd"):
                self.env["sms.composer"].create(
                    mailings[0]._send_sms_get_composer_values(self.shop.ids)
                ).action_send_sms()
            with self.assertRaisesRegex(UserError, "quiet hours of Classes Ltd"):
                self.env["mail.compose.message"].create(
                    {
                        "composition_mode": "mass_mail",
                        "mass_mailing_name": "At night",
                        "model": "res.partner",
                        "res_ids": repr(self.shop.ids),
                        "subject": "Now",
                        "body": "<p>Now</p>",
                    }
                ).action_send_mail()
        cron = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue")
        with freeze_time(MORNING) as clock, self.enter_registry_test_mode():
            clock.tick(60)
            cron.method_direct_trigger()  # sends
            cron.method_direct_trigger()  # sees that nothing is left to send
        self.assertEqual(set(mailings.mapped("state")), {"done"})
        self.assertEqual(len(mailings.mailing_trace_ids), 4)

    def test_in_the_timeline(self):
        mailings = self._mailing(partners=self.shop)
        mailings |= self._mailing("mail", partners=self.shop)
        before = self.shop.message_ids
        self._send_mailings(mailings)
        bodies = " ".join((self.shop.message_ids - before).mapped("body"))
        self.assertIn("New tea is here", bodies)
        self.assertIn("Received the mailing", bodies)
        self.assertTrue(
            self.env["link.tracker"].search([("mass_mailing_id", "in", mailings.ids)]),
            "clicks are tracked",
        )

    def test_replies_are_threaded(self):
        """Answers reach the customer's timeline, whatever the mail was sent from."""
        self.company.jxc_marketing_limit = 3
        segment = self.env["jxc.customer.segment"].create(
            {"name": "Chosen", "domain": repr([("id", "=", self.shop.id)])}
        )
        sleeping = self.env["jxc.sleeping.customer"]._jxc_mail_context(self.shop)
        mailing = segment.action_mailing()["context"]
        mailing = (
            self.env["mailing.mailing"]
            .with_context(**mailing)
            .create(
                {"subject": "Tea", "body_html": "<p>Tea</p>", "mailing_type": "mail"}
            )
        )
        self._send_mailings(mailing)
        for context in (segment.action_mail()["context"], sleeping):
            composer = self.env["mail.compose.message"].with_context(**context)
            composer.create({"subject": "Tea", "body": "<p>Tea</p>"}).action_send_mail()
        traces = self.env["mailing.trace"].search(
            [("res_id", "=", self.shop.id), ("model", "=", "res.partner")]
        )
        self.assertEqual(len(traces), 3)
        mails = self.env["mail.mail"].search([("mailing_trace_ids", "in", traces.ids)])
        mails.send()
        for number, trace in enumerate(traces):
            before = self.shop.message_ids
            self.env["mail.thread"].message_process(
                None,
                "From: Shop <shop@example.com>\n"
                "To: us@example.com\n"
                "Subject: Re: New tea\n"
                f"Message-Id: <jxc-mailing-reply-{number}@shop.example>\n"
                f"In-Reply-To: {trace.message_id}\n"
                f"References: {trace.message_id}\n\nTwo boxes, please",
            )
            answer = self.shop.message_ids - before
            self.assertIn("Two boxes", answer.body, trace.message_id)
            self.assertEqual(answer.author_id, self.shop)
            self.assertEqual(trace.trace_status, "reply")

    def test_settings_that_make_no_sense(self):
        for values in (
            {"jxc_marketing_limit": -1},
            {"jxc_marketing_days": 0},
            {"jxc_quiet_from": 24},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.company.write(values)
