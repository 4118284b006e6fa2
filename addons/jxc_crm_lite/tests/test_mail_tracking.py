# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .common import CustomerClassCommon

PAGE = "https://shop.example.com/tea?from=mail"


@tagged("post_install", "-at_install")
class TestMailTracking(CustomerClassCommon, HttpCase):
    """What becomes of e-mails that are written to customers outside of mailings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_quiet_from": 0, "jxc_quiet_to": 0})
        cls.seller = cls._user(
            "track_seller",
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager",
        )
        cls.shop = cls._customer(
            "Shop", email="Shop <shop@example.com>", user_id=cls.seller.id
        )

    def _write(self, record=None, partners=None, body=None, **values):
        """Send by the composer, as from the chatter; return the mails."""
        record = record or self.shop
        partners = self.shop if partners is None else partners
        before = self.env["mail.mail"].search([])
        self.env["mail.compose.message"].with_user(self.seller).with_context(
            allowed_company_ids=self.company.ids
        ).create(
            {
                "model": record._name,
                "res_ids": repr(record.ids),
                "composition_mode": "comment",
                "partner_ids": partners.ids,
                "subject": "New tea",
                "body": body or f'<p>See <a href="{PAGE}">our shop</a></p>',
                **values,
            }
        ).action_send_mail()
        return self.env["mail.mail"].search([]) - before

    def _outgoing(self, mails):
        [values] = [
            values
            for mail in mails
            for values in mail._prepare_outgoing_list()
            if values["email_to_normalized"] == ["shop@example.com"]
        ]
        return values

    def _traces(self, record=None):
        record = record or self.shop
        return self.env["mailing.trace"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )

    def _told(self):
        """The titles of e-mails in the timeline of the customer."""
        self.env.invalidate_all()
        shop = self.shop.with_user(self.seller)
        shop = shop.with_context(allowed_company_ids=self.company.ids, lang="en_US")
        entries = shop.jxc_get_timeline(kinds=["message"])["entries"]
        return [entry["title"] for entry in entries]

    def _visit(self, url):
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self.url_open(path, allow_redirects=False)

    def test_opened_and_clicked(self):
        body = self._outgoing(self._write())["body"]
        trace = self._traces()
        self.assertEqual(trace.email, "shop@example.com")
        self.assertNotIn(PAGE, body)
        self.assertEqual(self._told(), ["New tea"])
        [image] = re.findall(r'src="([^"]+blank\.gif)"', body)
        self.assertEqual(self._visit(image).status_code, 200)
        self.assertRegex(self._told()[0], r"^New tea · Opened on \d")
        [link] = re.findall(r'href="([^"]+/r/[^"]+)"', body)
        answer = self._visit(link)
        self.assertTrue(answer.headers["Location"].startswith(PAGE))
        self.assertRegex(self._told()[0], r"^New tea · Clicked on \d")
        self.assertEqual((trace.trace_status, trace.mass_mailing_id.ids), ("open", []))
        # what was written stays as it was
        self.assertIn(PAGE, self.shop.message_ids[0].body)

    def test_from_opportunities_and_quotations(self):
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "partner_id": self.shop.id, "user_id": self.seller.id}
        )
        quotation = self._order(self.shop, 0, 10, confirm=False)
        quotation.user_id = self.seller
        for record in (lead, quotation):
            body = self._outgoing(self._write(record))["body"]
            [image] = re.findall(r'src="([^"]+blank\.gif)"', body)
            self._visit(image)
            self.assertTrue(self._traces(record).open_datetime, record)
        self.assertEqual(len([told for told in self._told() if "Opened" in told]), 2)

    def test_to_many(self):
        """Counted as marketing, and tracked as mailings are."""
        mails = self._write(composition_mode="mass_mail", partners=self.shop.browse())
        body = self._outgoing(mails)["body"]
        [trace] = self._traces()
        self.assertEqual(trace.jxc_company_id, self.company)
        [link] = re.findall(rf'href="([^"]+/r/[A-Za-z0-9]+/m/{trace.id})"', body)
        self.assertIn("/jxc/unsubscribe/", body)
        self._visit(link)
        self.assertRegex(self._told()[0], r"^New tea · Clicked on \d")

    def test_addresses_that_open_doors_stay(self):
        base = self.shop.get_base_url()
        doors = [
            f"{base}/my/orders/5?access_token=secret",
            f"{base}/rate/secret/5",
            "https://pay.example.com/?token=secret",
            "mailto:us@example.com",
        ]
        links = "".join(f'<a href="{door}">x</a> ' for door in doors)
        body = self._outgoing(self._write(body=f"<p>{links}</p>"))["body"]
        for door in doors:
            self.assertIn(f'href="{door}"', body)
        trackers = self.env["link.tracker"].search([("url", "like", "secret")])
        self.assertFalse(trackers)

    def test_nobody_is_tracked_in_the_house(self):
        colleague = self._user("track_colleague", "base.group_user")
        colleague.notification_type = "email"
        self._write(partners=colleague.partner_id)
        self.assertFalse(self._traces())
        self.shop.message_post(body="Note", subtype_xmlid="mail.mt_note")
        self.assertFalse(self._traces())

    def test_the_company_may_switch_it_off(self):
        self.company.jxc_track_mails = False
        body = self._outgoing(self._write())["body"]
        self.assertNotIn("blank.gif", body)
        self.assertIn(PAGE, body)
        self.assertFalse(self._traces())
        mails = self._write(composition_mode="mass_mail", partners=self.shop.browse())
        body = self._outgoing(mails)["body"]
        self.assertNotIn("blank.gif", body)
        self.assertIn(PAGE, body)

    def test_one_mail_is_no_marketing(self):
        """A letter to one customer takes nothing of what the limit allows."""
        self.company.write({"jxc_marketing_limit": 1, "jxc_marketing_days": 7})
        self._write()
        self.assertEqual(len(self._traces()), 1)
        contacts = {1: (self.shop.id, "shop@example.com")}
        enough = self.company._jxc_had_enough(contacts, "res.partner", "email")
        self.assertFalse(enough)

    def test_unsubscribed_while_it_waited(self):
        mails = self._write(composition_mode="mass_mail", partners=self.shop.browse())
        letter = self._write()
        self.env["mail.blacklist"]._add("shop@example.com")
        (mails | letter).write({"state": "outgoing"})
        (mails | letter).send()
        self.assertEqual(set(mails.mapped("state")), {"cancel"})
        self.assertNotIn("cancel", letter.mapped("state"))
        traces = self._traces().filtered("jxc_company_id")
        self.assertEqual(
            (traces.trace_status, traces.failure_type), ("cancel", "mail_bl")
        )

    def test_queries_of_the_timeline(self):
        """One query for what became of all messages of a page."""
        for _number in range(3):
            self._write()
        self._told()
        messages = self.shop.message_ids.filtered(lambda each: each.subject)
        self.env.invalidate_all()
        messages.mapped("message_id")
        with self.assertQueryCount(1):
            messages.mapped("jxc_tracking")
