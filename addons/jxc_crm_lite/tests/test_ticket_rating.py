# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .ticket_common import TicketCommon


@tagged("post_install", "-at_install")
class TestTicketRating(TicketCommon, HttpCase):
    """Who worked on a ticket gets hold of nothing that rates it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done.jxc_asks_rating = True
        cls.template = cls.env.ref("jxc_crm_lite.mail_template_ticket_rating")
        cls.ticket = cls._ticket(user_id=cls.agent.id)
        cls.ticket.stage_id = cls.done
        cls.rating = cls.ticket.rating_ids
        cls.token = cls.rating.access_token
        cls.portal = cls._user("rating_portal", "base.group_portal")
        cls.portal.partner_id.write({"parent_id": cls.customer.id, "lang": "en_US"})

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def test_the_token_is_nobodys_to_read(self):
        for user in (self.agent, self.leader):
            user.group_ids += self.env.ref("base.group_allow_export")
            ratings = self._as(user, self.env["rating.rating"])
            ticket = self._as(user, self.ticket)
            for attack in (
                lambda ratings=ratings: ratings.search_read([], ["access_token"]),
                lambda ratings=ratings: ratings.browse(self.rating.id).read(
                    ["access_token"]
                ),
                lambda ratings=ratings: ratings.search(
                    [("access_token", "=like", self.token[:3] + "%")]
                ),
                lambda ratings=ratings: ratings.formatted_read_group(
                    [], ["access_token"], ["__count"]
                ),
                lambda ratings=ratings: ratings.browse(self.rating.id).export_data(
                    ["access_token"]
                ),
                lambda ticket=ticket: ticket.export_data(["rating_ids/access_token"]),
            ):
                with self.assertRaises(AccessError):
                    attack()
            # what every user may read of a rating
            self.assertTrue(ratings.browse(self.rating.id).read())

    def test_the_timeline_does_not_tell_it(self):
        bodies = "".join(self.ticket.message_ids.mapped("body"))
        self.assertIn("/rate/", bodies, "it shows what the customer was asked")
        self.assertNotIn(self.token, bodies)

    def test_composers_and_previews_do_not_tell_it(self):
        composer = self._as(self.agent, self.env["mail.compose.message"]).create(
            {
                "composition_mode": "comment",
                "model": "helpdesk.ticket",
                "res_ids": repr(self.ticket.ids),
                "template_id": self.template.id,
            }
        )
        self.assertIn("/rate/", composer.body)
        self.assertNotIn(self.token, composer.body)
        preview = self._as(self.agent, self.env["mail.template.preview"]).create(
            {
                "mail_template_id": self.template.id,
                "resource_ref": f"helpdesk.ticket,{self.ticket.id}",
            }
        )
        self.assertIn("/rate/", preview.body_html)
        self.assertNotIn(self.token, preview.body_html)

    def test_the_customer_gets_it_by_mail(self):
        mail = self.env["mail.mail"].search(
            [("model", "=", "helpdesk.ticket"), ("res_id", "=", self.ticket.id)]
        )
        [values] = mail._prepare_outgoing_list()
        self.assertEqual(values["email_to_normalized"], ["wang@example.com"])
        self.assertEqual(
            re.findall(r"/rate/([^/\"]+)/(\d)", values["body"]),
            [(self.token, "5"), (self.token, "3"), (self.token, "1")],
        )
        self.authenticate(None, None)
        csrf = {"csrf_token": http.Request.csrf_token(self)}
        self.url_open(
            f"/rate/{self.token}/submit_feedback",
            data={**csrf, "rate": 5, "feedback": "Fast"},
        )
        self.rating.invalidate_recordset()
        self.assertEqual((self.rating.rating, self.rating.feedback), (5, "Fast"))

    def test_the_customers_page_tells_it(self):
        self.authenticate("rating_portal", "rating_portal")
        page = self.url_open(f"/my/ticket/{self.ticket.id}")
        self.assertRegex(page.text, r"/rate/[0-9a-f]{32}/5")

    @mute_logger("odoo.http")
    def test_nobody_elses_page_does(self):
        """An employee opens the page, and shares it with himself as a stranger."""
        shared = f"/my/ticket/{self.ticket.id}?access_token="
        shared += self.ticket._portal_ensure_token()
        for login in ("ticket_agent", None):
            self.authenticate(login, login)
            page = self.url_open(shared)
            self.assertIn("It does not boil", page.text)
            self.assertNotIn("/rate/", page.text, login)

    def test_strangers_do_not_rate_in_the_timeline(self):
        stranger = self._as(self.env.ref("base.public_user"), self.ticket).sudo()
        for ticket in (stranger, self._as(self.leader, self.ticket)):
            with self.assertRaises(AccessError):
                ticket.message_post(body="Great", rating_value=5)
