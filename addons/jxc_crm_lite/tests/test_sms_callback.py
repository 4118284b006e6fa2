# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .sms_common import SmsCommon


@tagged("post_install", "-at_install")
class TestSmsCallback(SmsCommon, HttpCase):
    def _push(self, kind, data, token=None, **options):
        token = token or self.gateway.sudo().callback_token
        self.env.flush_all()
        if not options:
            options["headers"] = {"Content-Type": "application/json"}
            data = json.dumps(data)
        response = self.url_open(
            f"/jxc/sms/{self.gateway.id}/{token}/{kind}", data=data, **options
        )
        self.env.invalidate_all()
        return response

    def _replies(self):
        return self._messages().filtered(lambda row: row.direction == "in")

    def test_delivery_reports(self):
        self.gateway.batch_size = 10
        message = self.shop._message_sms("Order S7 goes to Wuxi.")
        other = self.env["sms.sms"].create(
            {"number": "+8613900139000", "body": "Order S7 goes to Wuxi."}
        )
        self._work()
        rows = self._messages()
        self.assertEqual(rows.mapped("ref"), ["M1", "M1"], "one request")
        response = self._push(
            "report",
            [
                {"msgid": "M1", "phone": "13800138000", "status": "DELIVRD"},
                {"msgid": "M1", "phone": "13900139000", "status": "UNDELIV"},
                {"msgid": "M2", "phone": "13900139000", "status": "DELIVRD"},
            ],
        )
        self.assertEqual((response.status_code, response.text), (200, "OK"))
        states = {row.number: row.state for row in rows}
        self.assertEqual(
            states, {"+8613800138000": "delivered", "+8613900139000": "failed"}
        )
        self.assertEqual(message.notification_ids.notification_status, "sent")
        self.assertEqual(other.state, "error")
        late = {"msgid": "M1", "phone": "13800138000", "status": "UNDELIV"}
        self._push("report", late)
        self.assertEqual(rows.filtered("delivered_at").state, "delivered")

    def test_report_of_an_unknown_message(self):
        """A report is the answer that a time-out had left open."""
        self.server.plan.append("drop")
        row = self._send()
        self._work()
        self.assertEqual(row.state, "unknown")
        self._push(
            "report", {"msgid": row.uuid, "phone": "13800138000", "status": "DELIVRD"}
        )
        self.assertEqual(row.state, "delivered")

    def test_replies_are_threaded(self):
        message = self.shop._message_sms("Order S7 goes to Wuxi.")
        self._work()
        reply = {"id": "R1", "phone": "8613800138000", "content": "When?"}
        for _twice in range(2):
            self.assertEqual(self._push("reply", [reply]).status_code, 200)
        row = self._replies()
        self.assertEqual((row.partner_id, row.state), (self.shop, "received"))
        answer = self.shop.message_ids[0]
        self.assertEqual(answer, row.mail_message_id)
        self.assertIn("When?", answer.body)
        self.assertEqual(answer.author_id, self.shop)
        self.assertEqual(answer.parent_id, message)
        self.assertIn(self.seller.partner_id, answer.notified_partner_ids)

    def test_replies_to_documents(self):
        """On what they answer, also without a contact; and on the contact."""
        seller = {"user_id": self.seller.id, "company_id": self.company.id}
        lead = self.env["crm.lead"].create(
            {"name": "No contact", "phone": "+86 139 0013 9000", **seller}
        )
        order = self._order(self.shop, 0, 10, confirm=False, user_id=self.seller.id)
        ticket = self.env["helpdesk.ticket"].create(
            {"name": "T", "description": "x", "partner_id": self.shop.id, **seller}
        )
        for number, document in enumerate((lead, order, ticket)):
            phone = "13900139000" if document == lead else "13800138000"
            sent = document._message_sms("Shall we?", sms_numbers=[f"+86{phone}"])
            self._work()
            self._push("reply", {"id": f"D{number}", "phone": phone, "content": "Yes"})
            answer = document.message_ids[0]
            self.assertEqual(answer.parent_id, sent, document)
            self.assertIn("Yes", answer.body)
            self.assertIn(self.seller.partner_id, answer.notified_partner_ids)
            row = self._replies()[0]
            self.assertEqual(row.document_message_id, answer)
            if document == lead:
                self.assertFalse(row.partner_id)
                self.assertFalse(answer.author_id)
                self.assertIn("13900139000", answer.email_from)
            else:
                self.assertEqual(answer.author_id, self.shop)
                self.assertEqual(row.mail_message_id, self.shop.message_ids[0])
        told = self.shop.with_user(self.manager).with_context(
            allowed_company_ids=self.company.ids
        )
        told = told.jxc_get_timeline(kinds=["message", "sms"])["entries"]
        self.assertEqual(sum("Yes" in entry["text"] for entry in told), 2, told)

    def test_opting_out(self):
        for text, out in (("T恤多少钱", False), ("Thanks", False), (" td。", True)):
            self._push(
                "reply",
                {"phone": "13800138000", "content": text},
                timeout=30,
            )
            blocked = self.env["phone.blacklist"].search(
                [("number", "=", "+8613800138000")]
            )
            self.assertEqual(bool(blocked), out, text)
        self.assertEqual(len(self._replies()), 3)
        self.assertEqual(self._replies().partner_id, self.shop)

    def test_opting_out_in_every_hand(self):
        """One odd reply keeps none of the others of a push from being heeded."""
        self._push(
            "reply",
            [
                {"id": "1", "phone": "106900001234", "content": "TD"},
                {"id": "2", "phone": "13700137001", "content": "\x00ok \ud800"},
                {"id": "3", "phone": "13700137002", "content": "ＴＤ"},
                {"id": "4", "phone": "13700137003", "content": "“退订”！"},
                {"id": "5", "phone": "13700137004", "content": 0},
            ],
        )
        self.assertEqual(len(self._replies()), 5)
        self.gateway.charset = "gbk"
        self._push(
            "reply",
            "phone=13700137005&content=%CD%CB%B6%A9&id=6",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        blocked = self.env["phone.blacklist"].search([("number", "like", "1370013700")])
        self.assertEqual(
            set(blocked.mapped("number")),
            {f"+861370013700{number}" for number in (2, 3, 5)},
        )

    def test_unknown_numbers_are_kept(self):
        self._push("reply", {"phone": "13700137000", "content": "退订"})
        self.assertFalse(self._replies().partner_id)
        self.assertTrue(
            self.env["phone.blacklist"].search([("number", "=", "+8613700137000")])
        )

    def test_strangers(self):
        """Without the token nothing is taken, and nothing tells what is missing."""
        reply = {"id": "R1", "phone": "13800138000", "content": "T"}
        with mute_logger("odoo.http"):
            for token in ("x", "False", "None"):
                self.assertEqual(self._push("reply", reply, token).status_code, 404)
            token = self.gateway.sudo().callback_token
            self.gateway.action_new_token()
            self.assertEqual(self._push("reply", reply, token).status_code, 404)
            for wrong in ("text", 5, [[1]], {"a": [1]}):
                self.assertIn(self._push("reply", wrong).status_code, (200, 400))
        self.assertFalse(self._replies())
        self.assertFalse(self.env["phone.blacklist"].search([("number", "=", "T")]))
