# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .ticket_common import TicketCommon

SECRET = "the-secret-of-dark"


@tagged("post_install", "-at_install")
class TestPortalApart(TicketCommon, HttpCase):
    """A customer who is logged in tries everything to see another one's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._user("apart_portal", "base.group_portal")
        cls.portal.partner_id.write({"parent_id": cls.customer.id, "lang": "en_US"})
        cls.own = cls._ticket()
        cls.lot = cls._lot(cls.kettle, SECRET)
        cls._receive(cls.lot, cls.vendor)
        cls._deliver(cls.lot, cls.other_customer)
        cls.foreign = cls._ticket(
            partner_id=cls.other_customer.id,
            name=SECRET,
            jxc_product_id=cls.kettle.id,
            jxc_lot_id=cls.lot.id,
        )
        cls.photo = cls.env["ir.attachment"].create(
            {
                "name": f"{SECRET}.txt",
                "raw": SECRET.encode(),
                "res_model": cls.foreign._name,
                "res_id": cls.foreign.id,
            }
        )
        cls.said = cls.foreign.message_post(
            body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.foreign.stage_id = cls.done
        cls.rating = cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("helpdesk.ticket"),
                "res_id": cls.foreign.id,
                "partner_id": cls.other_customer.id,
                "rating": 1,
                "consumed": True,
                "feedback": SECRET,
            }
        )

    def setUp(self):
        super().setUp()
        self.authenticate("apart_portal", "apart_portal")

    def _rpc(self, model, method, *args, **kwargs):
        """Call as the browser does; return (result, name of the error)."""
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_access"):
            answer = self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                data=json.dumps(
                    {
                        "params": {
                            "model": model,
                            "method": method,
                            "args": args,
                            "kwargs": kwargs,
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            ).json()
        return answer.get("result"), answer.get("error", {}).get("data", {}).get("name")

    def test_pages_and_tokens(self):
        token = self.own._portal_ensure_token()
        foreign = self.foreign._portal_ensure_token()
        for page in (
            f"/my/ticket/{self.foreign.id}",
            f"/my/ticket/{self.foreign.id}/{token}",
            f"/my/ticket/{self.foreign.id}/x",
            f"/my/ticket/{self.own.id}/{foreign}",
            "/my/tickets?search=secret&search_in=all",
            "/my/tickets?filterby=all&groupby=stage",
        ):
            self.assertNotIn(SECRET, self.url_open(page).text, page)

    def test_files_by_number_and_token(self):
        own = self.env["ir.attachment"].create(
            {
                "name": "own.txt",
                "raw": b"own",
                "res_model": self.own._name,
                "res_id": self.own.id,
            }
        )
        (token,) = own.generate_access_token()
        address = f"/web/content/{own.id}?access_token={token}"
        self.assertEqual(self.url_open(address).content, b"own")
        with mute_logger("odoo.http"):
            for address in (
                f"/web/content/{self.photo.id}",
                f"/web/content/{self.photo.id}?access_token={token}",
                f"/web/content/{self.photo.id}?access_token=",
                f"/web/image/{self.photo.id}",
                f"/web/content/ir.attachment/{self.photo.id}/raw",
                f"/web/content/helpdesk.ticket/{self.foreign.id}/description",
                f"/mail/attachment/{self.photo.id}",
            ):
                self.assertNotIn(SECRET, self.url_open(address).text, address)

    def test_files_of_internal_notes(self):
        """What our people note for each other is not the customer's to open."""
        files = self.env["ir.attachment"].with_user(self.agent).sudo()
        note, told, photo = files.create(
            [
                {
                    "name": f"{name}.txt",
                    "raw": b"liar",
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
                for name in ("note", "told", "photo")
            ]
        )
        post = self.own.with_user(self.agent).sudo().message_post
        post(body="Internal", attachment_ids=note.ids)
        post(body="Dear", attachment_ids=told.ids, subtype_xmlid="mail.mt_comment")
        self.own.jxc_photo_ids = photo
        self.assertEqual((note.res_model, note.res_id), (self.own._name, self.own.id))
        page = self.url_open(f"/my/ticket/{self.own.id}").text
        for shown, file in ((True, told), (True, photo), (False, note)):
            self.assertEqual(file.name in page, shown, file.name)
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/web/content/{note.id}")
        self.assertNotEqual(answer.content, b"liar")

    def test_every_model(self):
        """No list of ours, of the platform or of the helpdesk names the other one."""
        known = [
            name
            for name, model in self.env.registry.items()
            if not model._abstract and model._original_module == "jxc_crm_lite"
        ]
        for name in (
            *known,
            *("helpdesk.ticket", "rating.rating", "stock.lot", "crm.lead"),
            *("ir.attachment", "mail.message", "mail.mail", "mailing.trace"),
            *("sale.order", "stock.picking", "res.partner", "sms.sms"),
        ):
            fields = ["display_name"]
            found, error = self._rpc(name, "search_read", [], fields)
            self.assertTrue(error or SECRET not in json.dumps(found), name)
            self.assertTrue(error or "Dark" not in json.dumps(found), name)

    def test_calls(self):
        ticket, before = self.foreign, self.foreign.read()
        for model, method, *args in (
            ("helpdesk.ticket", "read", ticket.ids, ["name"]),
            ("helpdesk.ticket", "web_read", ticket.ids, {"name": {}}),
            ("helpdesk.ticket", "write", ticket.ids, {"name": "x"}),
            ("helpdesk.ticket", "write", self.own.ids, {"name": "x"}),
            ("helpdesk.ticket", "unlink", self.own.ids),
            ("helpdesk.ticket", "create", {"name": "x", "description": "x"}),
            ("helpdesk.ticket", "export_data", ticket.ids, ["name"]),
            ("helpdesk.ticket", "message_post", ticket.ids),
            ("helpdesk.ticket", "action_jxc_check_warranty", ticket.ids),
            ("helpdesk.ticket", "action_jxc_refund", ticket.ids),
            ("rating.rating", "read", self.rating.ids, ["feedback"]),
            ("rating.rating", "write", self.rating.ids, {"rating": 5}),
            ("mail.message", "read", self.said.ids, ["body"]),
            ("ir.attachment", "read", self.photo.ids, ["raw"]),
            ("ir.attachment", "write", self.photo.ids, {"res_id": self.own.id}),
            ("ir.attachment", "unlink", self.photo.ids),
            ("stock.lot", "read", self.lot.ids, ["name"]),
            ("res.partner", "read", self.other_customer.ids, ["name"]),
            ("res.partner", "write", self.other_customer.ids, {"name": "x"}),
            ("res.partner", "action_jxc_claim", self.other_customer.ids),
            ("res.partner", "action_jxc_release", self.other_customer.ids),
            ("res.partner", "action_jxc_overview", self.other_customer.ids, "orders"),
        ):
            result, error = self._rpc(model, method, *args)
            self.assertTrue(error, (model, method, result))
        self.assertEqual(self.foreign.read(), before)
        self.assertTrue(self.own.exists())

    def test_answers_in_the_thread_of_another(self):
        token = self.own._portal_ensure_token()
        for thread, more in (
            (self.foreign, {}),
            (self.foreign, {"token": token}),
            (self.foreign, {"token": token, "pid": self.portal.partner_id.id}),
        ):
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    "/mail/message/post",
                    data=json.dumps(
                        {
                            "params": {
                                "thread_model": thread._name,
                                "thread_id": thread.id,
                                "post_data": {"body": "smuggled"},
                                **more,
                            }
                        }
                    ),
                    headers={"Content-Type": "application/json"},
                ).json()
            self.assertIn("error", answer)
        bodies = self.foreign.message_ids.mapped("body")
        self.assertFalse([body for body in bodies if "smuggled" in (body or "")])

    def test_ratings_by_token(self):
        """A token rates its own ticket, once; a guessed one nothing."""
        mine = self.own._jxc_get_rating().access_token
        csrf = {"csrf_token": http.Request.csrf_token(self)}
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/rate/guessed/5").status_code, 404)
            answer = self.url_open(
                "/rate/guessed/submit_feedback",
                data={**csrf, "rate": 5, "feedback": "x"},
            )
        self.assertEqual(answer.status_code, 404)
        self.url_open(
            f"/rate/{mine}/submit_feedback", data={**csrf, "rate": 5, "feedback": "ok"}
        )
        rated = self.own.rating_ids
        self.assertEqual(
            (rated.rating, rated.feedback, rated.consumed), (5, "ok", True)
        )
        self.assertEqual(self.foreign.rating_ids, self.rating)
        self.assertEqual(self.rating.feedback, SECRET)
