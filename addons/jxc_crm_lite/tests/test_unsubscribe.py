# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

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
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        for mail in mails:
            for values in mail._prepare_outgoing_list():
                self.assertNotIn("List-Unsubscribe", values["headers"])
