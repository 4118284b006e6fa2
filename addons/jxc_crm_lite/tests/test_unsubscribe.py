# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.sms.tools.sms_api import SmsApi

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestUnsubscribe(CustomerClassCommon, HttpCase):
    """E-mails to many customers that are no mailings: segments, sleeping customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_quiet_from": 0, "jxc_quiet_to": 0})
        cls.manager = cls._user("unsub_manager", "sales_team.group_sale_manager")
        cls.shop = cls._customer("Shop", email="Shop <shop@example.com>")
        cls.other = cls._customer("Other", email="other@example.com")
        cls.both = cls.shop | cls.other
        cls.segment = cls.env["jxc.customer.segment"].create(
            {"name": "Both", "domain": repr([("id", "in", cls.both.ids)])}
        )

    def setUp(self):
        super().setUp()
        self.opener.headers["Accept-Language"] = "en-US"

    def _write(self, context):
        """Send by the composer as a manager of sales, who makes no mailings."""
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=self.company.ids, **context)
            .create({"subject": "Tea", "body": "<p>New tea</p>"})
        )
        before = self.env["mailing.trace"].search([])
        composer.action_send_mail()
        return self.env["mailing.trace"].search([]) - before

    def _ways(self):
        segment = self.segment.with_user(self.manager)
        segment = segment.with_context(allowed_company_ids=self.company.ids)
        sleeping = self.env["jxc.sleeping.customer"]
        return (
            segment.action_mail()["context"],
            sleeping._jxc_mail_context(self.both),
        )

    def _outgoing(self, traces):
        """What goes to the mail server, by address."""
        return {
            values["email_to_normalized"][0]: values
            for mail in traces.mail_mail_id
            for values in mail._prepare_outgoing_list()
        }

    def _address(self, values):
        url = values["headers"]["List-Unsubscribe"].strip("<>")
        self.assertIn(url.replace("&", "&amp;"), values["body"])
        parts = urlsplit(url)
        return f"{parts.path}?{parts.query}"

    def test_who_opted_out_gets_none(self):
        self.env["mail.blacklist"]._add("other@example.com")
        for context in self._ways():
            traces = self._write(context)
            self.assertEqual(
                {each.res_id: each.failure_type for each in traces},
                {self.shop.id: False, self.other.id: "mail_bl"},
            )
            mails = traces.mail_mail_id.filtered(lambda mail: mail.state != "cancel")
            self.assertEqual(mails.recipient_ids, self.shop)

    def test_each_has_an_address_of_its_own(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.shop.lang, self.other.lang = "en_US", "zh_CN"
        for context in self._ways():
            outgoing = self._outgoing(self._write(context))
            self.assertEqual(set(outgoing), {"shop@example.com", "other@example.com"})
            links = set()
            for values in outgoing.values():
                links.add(self._address(values))
                self.assertEqual(
                    values["headers"]["List-Unsubscribe-Post"],
                    "List-Unsubscribe=One-Click",
                )
            self.assertEqual(len(links), 2)
            self.assertIn("Unsubscribe", outgoing["shop@example.com"]["body"])
            self.assertIn("退订", outgoing["other@example.com"]["body"])
        # Not in the timeline: colleagues would opt out for the customer.
        self.assertNotIn("unsubscribe", "".join(self.both.message_ids.mapped("body")))

    def test_by_hand(self):
        [context, _other] = self._ways()
        values = self._outgoing(self._write(context))["shop@example.com"]
        page = self.url_open(self._address(values))
        self.assertIn("shop@example.com", page.text)
        self.assertFalse(self.shop.is_blacklisted, "looking opts nobody out")
        form = dict(
            re.findall(r'name="(email|token)" value="([^"]+)"', page.text),
        )
        action = re.search(r'action="(/jxc/unsubscribe/[^"]+)"', page.text)[1]
        done = self.url_open(action, data=form)
        self.assertIn("You have unsubscribed", done.text)
        self.shop.invalidate_recordset()
        self.assertTrue(self.shop.is_blacklisted)
        self.assertFalse(self.other.is_blacklisted)
        traces = self._write(context)
        self.assertEqual(
            {each.res_id: each.failure_type for each in traces},
            {self.shop.id: "mail_bl", self.other.id: False},
        )

    def test_by_the_mail_program(self):
        [_other, context] = self._ways()
        values = self._outgoing(self._write(context))["shop@example.com"]
        answer = self.url_open(
            self._address(values), data={"List-Unsubscribe": "One-Click"}
        )
        self.assertEqual(answer.status_code, 200)
        self.shop.invalidate_recordset()
        self.assertTrue(self.shop.is_blacklisted)

    @mute_logger("odoo.http")
    def test_nobody_opts_out_others(self):
        address = urlsplit(self.company._jxc_unsubscribe_url("shop@example.com"))
        query = address.query.replace("shop", "other")
        for path in (
            f"{address.path}?{query}",
            f"/jxc/unsubscribe/{self.env.ref('base.main_company').id}?{address.query}",
            f"/jxc/unsubscribe/0?{address.query}",
            f"/jxc/unsubscribe/99999999999?{address.query}",
            address.path,
            f"{address.path}?email=shop%40example.com&token=%E9",
        ):
            answer = self.url_open(path, data={"List-Unsubscribe": "One-Click"})
            self.assertEqual(answer.status_code, 404, path)
        self.both.invalidate_recordset()
        self.assertFalse(any(self.both.mapped("is_blacklisted")))

    def test_other_mails_have_none(self):
        message = self.shop.message_post(
            body="Your order", partner_ids=self.shop.ids, message_type="comment"
        )
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        [values] = mail._prepare_outgoing_list()
        self.assertEqual(values["email_to_normalized"], ["shop@example.com"])
        self.assertNotIn("List-Unsubscribe", values["headers"])
        self.assertNotIn("/jxc/unsubscribe/", values["body"])

    # SMS ---------------------------------------------------------------------------

    def _texts(self):
        """Texts that wait for the platform's own service, by number."""
        waiting = self.env["sms.sms"].search([("jxc_company_id", "=", self.company.id)])
        return {sms.number: sms.body for sms in waiting}

    def _sms_to_many(self):
        self.shop.phone, self.other.phone = "+8613800138000", "+8613900139000"
        self.env["sms.composer"].with_user(self.manager).with_context(
            allowed_company_ids=self.company.ids
        ).create(
            {
                "composition_mode": "mass",
                "res_model": "res.partner",
                "res_ids": repr(self.both.ids),
                "body": "New tea",
                "mass_keep_log": False,
            }
        ).action_send_sms()

    def test_the_link_in_an_sms(self):
        """The platform's own service gets no replies, so people opt out by a link."""
        self._sms_to_many()
        texts = self._texts()
        self.assertEqual(set(texts), {"+8613800138000", "+8613900139000"})
        path = urlsplit(re.search(r"http\S+", texts["+8613800138000"])[0]).path
        self.assertLess(len(path), 60)
        page = self.url_open(path)
        self.assertIn("8613800138000", page.text)
        self.assertFalse(self.shop.phone_blacklisted, "looking opts nobody out")
        form = dict(re.findall(r'name="(csrf_token)" value="([^"]+)"', page.text))
        done = self.url_open(path, data=form)
        self.assertIn("You have unsubscribed", done.text)
        self.both.invalidate_recordset()
        self.assertEqual(self.both.mapped("phone_blacklisted"), [True, False])
        for wrong in (
            path.replace("8613800138000", "8613900139000"),
            path[:-1],
            path.replace(f"/{self.company.id}/", "/0/"),
            f"{path[:-2]}%E9",
            path.replace("8613800138000", "1%00"),
            f"{path}%00",
        ):
            self.assertEqual(self.url_open(wrong).status_code, 404, wrong)

    def test_unsubscribed_while_an_sms_waited(self):
        self._sms_to_many()
        waiting = self.env["sms.sms"].search([("jxc_company_id", "=", self.company.id)])
        self.env["phone.blacklist"]._add(["+8613800138000"])
        self.env.invalidate_all()  # sent later, by a transaction of its own
        with self._answering() as asked:
            waiting._send(unlink_sent=False)
        self.assertEqual(asked, ["+8613900139000"])
        blocked = waiting.filtered(lambda sms: sms.number == "+8613800138000")
        self.assertEqual(
            (blocked.state, blocked.failure_type), ("canceled", "sms_blacklist")
        )
        trace = self.env["mailing.trace"].search(
            [("sms_number", "=", "+8613800138000"), ("res_id", "=", self.shop.id)]
        )
        self.assertEqual(
            (trace.trace_status, trace.failure_type), ("cancel", "sms_blacklist")
        )

    @contextmanager
    def _answering(self):
        """The platform's service is in the internet; here it takes everything."""
        asked = []

        def take(_api, messages, delivery_reports_url=False):
            entries = [entry for each in messages for entry in each["numbers"]]
            asked.extend(entry["number"] for entry in entries)
            return [{"uuid": each["uuid"], "state": "success"} for each in entries]

        with patch.object(SmsApi, "_send_sms_batch", take):
            yield asked

    def test_texts_of_programs(self):
        """Marketing by ``send`` says how to opt out; approved texts stay."""
        template = {"name": "sale", "content": "Tea at {price}!", "is_marketing": True}
        gateway = self.env["jxc.sms.gateway"].create(
            {
                "name": "Ours",
                "company_id": self.company.id,
                "provider": "odoo",
                "template_ids": [
                    Command.create(template),
                    Command.create({"name": "order", "content": "It is on its way."}),
                ],
            }
        )
        gateway.send(["13800138000"], "sale", {"price": 3})
        gateway.send(["13900139000"], "order")
        texts = self._texts()
        url = self.company._jxc_unsubscribe_sms_url("+8613800138000")
        # in the language of the company
        self.assertEqual(texts["+8613800138000"], f"Tea at 3!\n退订：{url}")
        self.assertEqual(texts["+8613900139000"], "It is on its way.")
        gateway.write(
            {
                "provider": "http",
                "endpoint": "https://sms.example.com/",
                "optout_hint": "拒收请回复T",
            }
        )

        def sent(numbers):
            found = gateway.send(numbers, "sale", {"price": 3})
            rows = self.env["jxc.sms.message"].browse([row["id"] for row in found])
            return set(rows.mapped("body"))

        many = ["13800138000", "13900139000"]
        self.assertEqual(sent(many), {"Tea at 3!\n拒收请回复T"})
        gateway.template_ids[0].content = "Tea at {price}, 拒收请回复T"
        self.assertEqual(sent(many), {"Tea at 3, 拒收请回复T"})
        gateway.template_ids[0].write({"content": "Tea at {price}!", "code": "SMS_9"})
        self.assertEqual(sent(many), {"Tea at 3!"})
