# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .ticket_common import TicketCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
SCRIPT = b"<html><script>alert(1)</script></html>"


@tagged("post_install", "-at_install")
class TestTicketForm(TicketCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.serial = cls._lot(cls.kettle, "SN001")
        cls._receive(cls.serial, cls.vendor)
        cls._deliver(cls.serial, cls.contact)
        cls.foreign = cls._lot(cls.tea, "SN-DARK")
        cls._receive(cls.foreign, cls.vendor)
        cls._deliver(cls.foreign, cls.other_customer)
        cls.order = cls._order(cls.customer, 1, 10)
        cls.foreign_order = cls._order(cls.other_customer, 1, 10)
        cls.portal = cls._user("form_portal", "base.group_portal")
        cls.portal.partner_id.write({"parent_id": cls.customer.id, "lang": "en_US"})
        cls.company.jxc_feedback_team_id = cls.team

    def setUp(self):
        super().setUp()
        self.opener.headers["Accept-Language"] = "en-US"

    def _tickets(self):
        domain = [("company_id", "=", self.company.id)]
        return self.env["helpdesk.ticket"].search(domain, order="id desc")

    def _post(self, page, action, data, files=()):
        """Fill in the form that a page shows, and send it."""
        shown = self.url_open(page)
        self.assertEqual(shown.status_code, 200)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)[1]
        return self.url_open(
            action,
            data={"csrf_token": token, **data},
            files=[("attachment", file) for file in files] or None,
        )

    def _portal(self, files=(), **data):
        form = {"subject": "Broken", "description": "a\n<b onclick=x>b</b>", **data}
        return self._post("/new/ticket", "/submitted/ticket", form, files)

    def _public(self, files=(), **data):
        page = f"/feedback/{self.company.id}"
        form = {
            "name": "Li Lei",
            "phone": "139",
            "subject": "Broken",
            "description": "It <script>alert(1)</script> broke",
            "kind": "complaint",
            **data,
        }
        return self._post(page, page, form, files)

    # Portal -----------------------------------------------------------------------

    def test_portal_customer_enters_a_ticket(self):
        self.authenticate("form_portal", "form_portal")
        page = self.url_open("/new/ticket").text
        self.assertIn(self.order.name, page)
        self.assertIn("Kettle", page)
        self.assertNotIn(self.foreign_order.name, page)
        self.assertNotIn("Tea", page)
        answer = self._portal(
            files=[("../../pho\u202eto.html", PNG, "text/html")],
            kind="repair",
            lot="SN001",
        )
        ticket = self._tickets()[0]
        self.assertTrue(answer.url.endswith(f"/my/ticket/{ticket.id}"), answer.url)
        self.assertRecordValues(
            ticket,
            [
                {
                    "partner_id": self.portal.partner_id.id,
                    "jxc_kind": "repair",
                    "jxc_lot_id": self.serial.id,
                    "jxc_product_id": self.kettle.id,
                    "jxc_vendor_id": self.vendor.id,
                    "team_id": self.team.id,
                }
            ],
        )
        self.assertIn("&lt;b onclick=x&gt;", ticket.description)
        photo = ticket.attachment_ids
        self.assertEqual(photo, ticket.jxc_photo_ids)
        self.assertEqual((photo.name, photo.mimetype), ("photo.png", "image/png"))
        self.assertIn("SN001", answer.text)
        self.assertNotIn("Kettle Works", answer.text, "Who supplied it is our secret.")

    def test_portal_customer_chooses_order_and_product(self):
        """What was chosen is on the ticket; a product without an order as well."""
        self.authenticate("form_portal", "form_portal")
        of_order = {"jxc_order_id": self.order.id, "jxc_product_id": self.product.id}
        for chosen, expected in (
            ({"order": self.order.id, "product": self.product.id}, of_order),
            ({"order": self.order.id}, {**of_order, "jxc_product_id": False}),
            (
                {"product": self.kettle.id},
                {"jxc_order_id": False, "jxc_product_id": self.kettle.id},
            ),
        ):
            with self.subTest(chosen=chosen):
                answer = self._portal(kind="complaint", **chosen)
                ticket = self._tickets()[0]
                self.assertTrue(answer.url.endswith(f"/my/ticket/{ticket.id}"))
                self.assertRecordValues(
                    ticket, [{**expected, "jxc_lot_id": False, "jxc_kind": "complaint"}]
                )
        before = self._tickets()
        answer = self._portal(order=self.order.id, product=self.kettle.id)
        self.assertIn(f"not part of order {self.order.name}", answer.text)
        self.assertEqual(self._tickets(), before)

    def test_list_of_the_portal_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.portal.lang = "zh_CN"
        self.env["helpdesk.ticket"].create(
            {
                "name": "Broken",
                "description": "Box",
                "partner_id": self.portal.partner_id.id,
                "company_id": self.company.id,
            }
        )
        self.authenticate("form_portal", "form_portal")
        page = self.url_open("/my/tickets").text
        for word in ("Broken", "最新在前", "全部阶段", "搜索全部", "工单分类"):
            self.assertIn(word, page)
        for word in ("Newest", "Search in", ">All<"):
            self.assertNotIn(word, page)
        found = self.url_open("/my/tickets?sortby=update&search_in=name&search=Brok")
        self.assertIn("最近阶段变更", found.text)
        self.assertIn("Broken", found.text)

    def test_the_side_of_the_page(self):
        """Number, who works on it, and what closes it: by a form, not by a link."""
        self.done.write({"close_from_portal": True})
        ticket = self._ticket(
            partner_id=self.portal.partner_id.id, user_id=self.agent.id
        )
        self.authenticate("form_portal", "form_portal")
        page = self.url_open(f"/my/ticket/{ticket.id}").text
        side = page[page.index("o_portal_helpdesk_sidebar") :]
        side = side[: side.index("helpdesk_ticket_content")]
        self.assertIn(ticket.number, side)
        self.assertIn(self.agent.name, side)
        self.assertRegex(side, r'<form[^>]*method="POST"[^>]*action="/ticket/close"')

    def test_portal_takes_only_own_goods_and_tells_nothing(self):
        self.authenticate("form_portal", "form_portal")
        before = self._tickets()
        answers = [
            self._portal(
                order=self.foreign_order.id, product=self.tea.id, lot=name
            ).text
            for name in ("SN-DARK", "SN-NONE")
        ]
        for answer, name in zip(answers, ("SN-DARK", "SN-NONE"), strict=True):
            self.assertIn("This order is not among your orders.", answer)
            self.assertIn("This product was not delivered to you.", answer)
            self.assertIn(f"number {name} was not delivered to you", answer)
            self.assertIn('value="Broken"', answer, "What was entered stays.")
        self.assertEqual(self._tickets(), before)

    def test_portal_refuses_bad_input_whole(self):
        self.authenticate("form_portal", "form_portal")
        before = self._tickets()
        answer = self._portal(
            files=[
                ("photo.png", SCRIPT, "image/png"),
                ("fine.png", PNG, "image/png"),
            ],
            subject="x" * 121,
            kind="hack",
            order="1 or 1=1",
            team="999999999999",
            category="abc",
        )
        self.assertEqual(answer.status_code, 200)
        for error in (
            "Subject: at most 120 characters, not 121.",
            "Choose what it is about.",
            "This order is not among your orders.",
            "photo.png: only photos",
        ):
            self.assertIn(error, answer.text)
        self.assertNotIn("fine.png:", answer.text)
        self.assertEqual(self._tickets(), before)

    def test_portal_closes_only_own_tickets(self):
        self.authenticate("form_portal", "form_portal")
        foreign = self._ticket(partner_id=self.other_customer.id)
        own = self._ticket()
        self._post(
            "/new/ticket",
            "/ticket/close",
            {"ticket_id": foreign.id, "stage_id": self.done.id},
        )
        self.assertFalse(foreign.closed)
        self._post(
            "/new/ticket",
            "/ticket/close",
            {"ticket_id": own.id, "stage_id": self.done.id},
        )
        self.assertTrue(own.closed)
        self.assertTrue(own.jxc_solved_at)
        page = self.url_open(f"/my/ticket/{own.id}").text
        self.assertRegex(page, r"/rate/\w+/5")
        other = self.url_open(f"/my/ticket/{foreign.id}")
        self.assertTrue(other.url.endswith("/my"))

    # Public -----------------------------------------------------------------------

    def test_public_form_is_off_until_switched_on(self):
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/feedback/{self.company.id}")
        self.assertEqual(answer.status_code, 404)

    def test_visitors_are_greeted_in_their_language_or_the_companys(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.jxc_feedback_form = True
        self.company.partner_id.lang = "zh_CN"
        page = f"/feedback/{self.company.id}"
        # robots of search engines, as which the test's client counts, are not sent on
        self.opener.headers["User-Agent"] = "Mozilla/5.0"
        for language, greeting in (
            ("zh-CN,zh;q=0.9,en;q=0.8", "投诉"),
            ("zh", "投诉"),
            ("zh-Hans", "投诉"),
            (None, "投诉"),
            ("*", "投诉"),
            ("en-US,en;q=0.9", "Complaint"),
            ("en", "Complaint"),
        ):
            with self.subTest(language=language):
                self.opener.cookies.clear()
                self.opener.headers["Accept-Language"] = language
                self.assertIn(f">{greeting}<", self.url_open(page).text)
        self.company.partner_id.lang = "en_US"
        self.opener.cookies.clear()
        self.opener.headers["Accept-Language"] = None
        self.assertIn(">Complaint<", self.url_open(page).text)

    def test_visitor_leaves_feedback(self):
        self.company.jxc_feedback_form = True
        answer = self._public(
            files=[("a.png", PNG, "image/png")],
            lot="SN001",
            product_text="Kettle",
            order_text="S00042",
        )
        ticket = self._tickets()[0]
        self.assertIn(ticket.number, answer.text)
        self.assertRecordValues(
            ticket,
            [
                {
                    "team_id": self.team.id,
                    "partner_id": False,
                    "partner_name": "Li Lei",
                    "jxc_phone": "139",
                    "jxc_lot_id": False,
                    "jxc_claimed_lot": "SN001",
                    "jxc_claimed_product": "Kettle",
                    "jxc_claimed_order": "S00042",
                    "user_id": False,
                }
            ],
        )
        self.assertNotIn("<script", ticket.description)
        self.assertEqual(ticket.jxc_photo_ids.mimetype, "image/png")
        link = re.search(r'href="(/my/ticket/[^"]+)"', answer.text)[1]
        self.company.partner_id.tz = "Asia/Shanghai"
        self.env.ref("base.public_user").tz = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = '2024-05-06 17:08' WHERE id = %s",
            [ticket.id],
        )
        page = self.url_open(link).text
        self.assertIn("Broken", page)
        self.assertIn("05/07/2024", page, "the day of the company, not UTC's")

    def test_public_form_refuses_robots_and_bad_input(self):
        self.company.jxc_feedback_form = True
        before = self._tickets()
        answer = self._public(website="http://spam.example")
        self.assertIn("Thank you", answer.text)
        answer = self._public(phone="", email="nobody", name="", subject="")
        for error in ("Your Name: enter", "Subject: enter", "not complete"):
            self.assertIn(error, answer.text)
        answer = self._public(files=[("a.png", PNG, "image/png")] * 10)
        self.assertIn("At most 9 files, not 10.", answer.text)
        answer = self._public(
            files=[("big.png", PNG + b"0" * (8 * 1024 * 1024), "image/png")]
        )
        self.assertIn("big.png: at most 8 MB.", answer.text)
        self.assertEqual(self._tickets(), before)

    def test_public_form_has_a_brake(self):
        self.company.write({"jxc_feedback_form": True, "jxc_feedback_hour_limit": 1})
        self._public()
        count = len(self._tickets())
        self.assertIn("at most 1 in an hour", self._public().text)
        self.assertEqual(len(self._tickets()), count)
        self.assertNotIn("127.0.0.1", self._tickets()[0].jxc_source)
