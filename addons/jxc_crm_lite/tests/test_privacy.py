# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import doctest
import hashlib
import io
import json
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools import personal
from ..tools.personal import DELETED, KEPT, TEXTS
from .common import CustomerClassCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)

#: what else says a word of a person, and why it is no table of its own in the file
ELSEWHERE = {
    "ir.attachment": "handed out as files",
    "ir.model.data": "the key of an import",
    "jxc.privacy.request": "the request itself",
    "mail.tracking.value": "of the notifications of the system",
}


@tagged("post_install", "-at_install")
class TestPrivacy(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._user("officer", "jxc_crm_lite.group_privacy_officer")
        cls.manager = cls._user(
            "manager", "sales_team.group_sale_manager,base.group_allow_export"
        )
        cls.shop = cls._customer(
            "李记小铺",
            is_company=True,
            phone="0574-87001122",
            email="li@example.com",
            street="中山路 8 号",
            vat="=cmd|' /C calc'!A0",
        )
        cls.person = cls._customer("李四", parent_id=cls.shop.id, phone="13800001111")
        cls.order = cls._order(cls.shop, 1, 100)
        cls.order.order_line.qty_delivered = 1
        cls.followup = cls.env["jxc.followup"].create(
            {
                "partner_id": cls.person.id,
                "note": "喜欢龙井",
                "is_located": True,
                "latitude": 29.8,
                "longitude": 121.5,
                "photo_ids": [
                    Command.create(
                        {"name": "../店面.png", "raw": base64.b64decode(PIXEL)}
                    )
                ],
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "李四要货", "partner_id": cls.shop.id, "phone": "13800001111"}
        )
        cls.shop.message_post(body="记得带样品", message_type="comment")

    def _request(self, user=None, partner=None):
        return (
            self.env["jxc.privacy.request"]
            .with_user(user or self.officer)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"partner_id": (partner or self.shop).id, "reason": "Letter"})
        )

    def _finish(self):
        """Nothing is open any more."""
        self.lead.action_set_lost()
        self.order._action_cancel()

    def test_export(self):
        request = self._request()
        request.action_export()
        content = base64.b64decode(request.file)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            data = json.loads(archive.read("data.json"))
            names = archive.namelist()
            self.assertTrue(archive.read("data.xlsx").startswith(b"PK"))
        text = json.dumps(data, ensure_ascii=False)
        for known in (
            "李四",
            "13800001111",
            "喜欢龙井",
            "记得带样品",
            "中山路",
            "29.8",
        ):
            self.assertIn(known, text)
        self.assertEqual(len(data["orders"]), 1)
        files = [name for name in names if name.startswith("files/")]
        self.assertEqual(len(files), 1)
        self.assertNotIn("/", files[0].removeprefix("files/"))
        log = self.env["jxc.privacy.log"].search([("partner_id", "=", self.shop.id)])
        self.assertRecordValues(
            log,
            [
                {
                    "kind": "export",
                    "user_id": self.officer.id,
                    "reason": "Letter",
                    "record_count": 2,
                    "checksum": hashlib.sha256(content).hexdigest(),
                }
            ],
        )

    def test_data_of_other_companies_stay(self):
        other = self._create_class_company("Other Ltd")
        self._order(self.shop, 1, 7, company=other)
        tables = self._request()._get_tables(self.shop)
        self.assertEqual(len(tables["orders"][1]), 1)

    def test_erase_waits_for_open_documents(self):
        with self.assertRaises(UserError) as refused:
            self._request().action_erase()
        self.assertIn(self.order.name, str(refused.exception))
        self.assertIn("李四要货", str(refused.exception))
        self.assertEqual(self.shop.name, "李记小铺")
        self._finish()
        self._user("li", "base.group_user").partner_id.parent_id = self.shop
        with self.assertRaisesRegex(UserError, "can log in: archive"):
            self._request().action_erase()

    def test_erase(self):
        self._finish()
        photo = self.followup.photo_ids
        old = self._request()
        old.action_export()
        self._request().action_erase()
        persons = self.shop | self.person
        self.assertFalse(any(persons.mapped("active")))
        for record in (*persons, self.followup, self.lead):
            text = repr(record.sudo().read())
            for known in ("李", "1380000", "87001122", "龙井", "中山路", "li@", "29.8"):
                self.assertNotIn(known, text, record)
        self.assertFalse(photo.exists())
        messages = self.env["mail.message"].search(
            [
                ("model", "in", ("res.partner", "crm.lead")),
                ("res_id", "in", persons.ids),
            ]
        )
        self.assertFalse(messages.filtered(lambda m: "样品" in (m.body or "")))
        # accounts stay
        self.assertEqual(self.order.amount_untaxed, 100)
        self.assertEqual(self.order.partner_id, self.shop)
        logs = self.env["jxc.privacy.log"].search([("partner_id", "=", self.shop.id)])
        self.assertEqual(logs.mapped("kind"), ["erase", "export"])
        self.assertNotIn("李", repr(logs.read(["subject", "details"])))
        # in words, and of what there was
        for details in logs.mapped("details"):
            self.assertRegex(details, "Contact: [1-9]")
            self.assertNotRegex(details, r"[a-z]\.[a-z]|: 0")

    def test_erase_everywhere(self):
        """Afterwards no table knows a word of the person, whichever app wrote it."""
        ticket, order = self._leave_traces()
        self._finish()
        self._request().action_export()
        request = self._request()
        self.assertFalse(request.problems)
        request.action_erase()
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT table_name FROM information_schema.tables WHERE table_schema ="
                " 'public' AND table_type = 'BASE TABLE' AND table_name <> 'bus_bus'"
            )
        )
        for (table,) in tables:
            found = self.env.execute_query(
                SQL(
                    "SELECT t::text FROM %s t WHERE t::text ~ %s",
                    SQL.identifier(table),
                    "QX7|qx7|13877776666",
                )
            )
            self.assertFalse(found, table)
        self.assertEqual(ticket.rating_ids.rating, 1, "figures stay")
        self.assertEqual(order.amount_untaxed, 100)
        self.assertFalse(self.portal.active)

    def _leave_traces(self):
        """Have every channel and document say something about the shop."""
        phone, email = "+86 138 7777 6666", "zhu.qx7@example.com"
        values = {"phone": phone, "email": email, "vat": "QX7-1", "ref": "QX7-2"}
        values |= {"company_registry": "QX7-3", "barcode": "QX7-4", "street": "QX7-5"}
        country = self.env.ref("base.cn").id
        self.shop.write({"name": "Zhu QX7", "country_id": country, **values})
        self.shop.message_post(body="QX7 came by", message_type="comment")
        number, shop = self.shop.phone_sanitized, self.shop
        self.assertEqual(number, "+8613877776666")
        self.portal = self._user(email, "base.group_portal")
        self.portal.partner_id.write({"parent_id": shop.id, "name": "Portal QX7"})
        self.env["res.partner.bank"].create(
            {"partner_id": shop.id, "acc_number": "QX7-6", "acc_holder_name": "QX7"}
        )
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "QX7",
                "model": "res.partner",
                "res_id": shop.id,
            }
        )
        # documents
        order = self._order(shop, 1, 100)
        order._action_cancel()
        order.write({"signed_by": "QX7", "client_order_ref": "PO 1"})
        order.signature = PIXEL
        self.env["ir.attachment"].create(
            {"name": "QX7.pdf", "res_model": order._name, "res_id": order.id}
        )
        said = order.message_post(
            body="Dear QX7",
            subject="For QX7",
            message_type="email_outgoing",
            partner_ids=shop.ids,
        )
        said.outgoing_email_to = email
        changed = order.message_post(body="Signed by Zhu QX7")
        changed.message_type = "notification"
        self.env["mail.tracking.value"].create(
            {
                "mail_message_id": changed.id,
                "field_id": self.env["ir.model.fields"]._get(order._name, "name").id,
                "old_value_char": "S1 of Zhu QX7",
            }
        )
        order.activity_schedule(summary="Call QX7", user_id=self.env.uid)
        # leads and tickets, with and without the contact
        deal = {"type": "opportunity", "active": False, "probability": 0}
        leads = self.env["crm.lead"].create(
            [
                {"name": "QX7 a", "partner_id": shop.id, "description": "QX7", **deal},
                {"name": "QX7 b", "email_from": email, "contact_name": "QX7", **deal},
            ]
        )
        leads[1].partner_id = False
        done = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled").id
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "name": "QX7 complains",
                    "description": "<p>QX7</p>",
                    "partner_email": email,
                    "partner_name": "QX7",
                    "stage_id": done,
                    **more,
                }
                for more in ({"partner_id": shop.id}, {})
            ]
        )
        tickets[0].message_post(body="QX7 again")
        self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("helpdesk.ticket"),
                "res_id": tickets[0].id,
                "partner_id": shop.id,
                "rating": 1,
                "consumed": True,
                "feedback": "QX7 is angry",
            }
        )
        # channels
        self.env["phone.blacklist"]._add([number])
        self.env["mail.blacklist"]._add(email)
        self.env["sms.sms"].create({"number": number, "body": "QX7"})
        gateway = self.env["jxc.sms.gateway"].create(
            {"name": "Own", "provider": "odoo", "company_id": self.company.id}
        )
        self.env["jxc.sms.message"].create(
            {"gateway_id": gateway.id, "number": number, "body": "QX7", "state": "sent"}
        )
        self.env["mailing.contact"].create({"name": "QX7", "email": email})
        self.env["mailing.trace"].create(
            {"model": shop._name, "res_id": shop.id, "email": email}
        )
        self.env["mail.mail"].create(
            {"body_html": "QX7", "email_to": f"Zhu <{email}>", "state": "sent"}
        )
        self.env["calendar.event"].create(
            {"name": "Tea with Zhu QX7", "partner_ids": [Command.link(shop.id)]}
        )
        self.followup.phone = phone
        call = self.env["jxc.followup"].create({"partner_id": shop.id, "note": "QX7"})
        call.activity_id.unlink()
        return tickets[0], order

    def test_what_became_of_letters(self):
        """Opens and clicks of what was written on a quotation: handed out, erased."""
        trace = self.env["mailing.trace"].create(
            {"model": "sale.order", "res_id": self.order.id, "message_id": "<x@y>"}
        )
        link = self.env["link.tracker"].create(
            {"url": "https://shop.example.com/", "title": "Shop"}
        )
        click = self.env["link.tracker.click"].create(
            {"link_id": link.id, "ip": "203.0.113.7", "mailing_trace_id": trace.id}
        )
        _model, domain, names = self.shop._jxc_persons()._jxc_personal_sources()[
            "mailings"
        ]
        self.assertIn(trace, self.env["mailing.trace"].search(domain))
        self.assertIn("links_click_datetime", names)
        self._finish()
        self._request().action_erase()
        self.assertFalse(click.exists().ip)

    def test_every_text_about_a_contact_is_decided_on(self):
        """A field that comes new is erased, or kept for a reason."""
        undecided = []
        for name, model in self.env.registry.items():
            links = [
                field
                for field in model._fields.values()
                if field.type == "many2one"
                and field.comodel_name == "res.partner"
                and field.store
            ]
            if model._abstract or model._transient or not model._auto or not links:
                continue
            reasons = KEPT.get(name, {})
            known = {*TEXTS.get(name, {}), *reasons}
            undecided += [
                f"{name}.{field.name}"
                for field in model._fields.values()
                if field.store
                and field.type in ("char", "text", "html", "binary")
                and not field.related
                and not ("*" in known or name in DELETED or field.name in known)
            ]
        self.assertFalse(undecided)
        self.assertFalse(doctest.testmod(personal).failed)

    def test_export_of_everything(self):
        """Whichever table says a word of the person, its rows are in the file."""
        self._leave_traces()
        self.env.flush_all()
        persons = self.shop._jxc_persons()
        tables = self._request()._get_tables(persons)
        told = {
            model
            for name, (
                model,
                _domain,
                _names,
            ) in persons._jxc_personal_sources().items()
            if "QX7" in json.dumps(tables[name][1], default=str).upper()
            or "13877776666" in json.dumps(tables[name][1], default=str)
        }
        missing = []
        for name, model in self.env.registry.items():
            if model._abstract or not model._auto or name in ELSEWHERE:
                continue
            found = self.env.execute_query(
                SQL(
                    "SELECT id FROM %s t WHERE t::text ~ 'QX7|qx7|13877776666'",
                    SQL.identifier(model._table),
                )
            )
            if found and name not in told:
                missing.append(name)
        self.assertFalse(missing)

    def test_contacts_of_another_company(self):
        other = self._create_class_company("Other Ltd")
        theirs = self._customer("Theirs", company_id=other.id)
        for method in ("action_export", "action_erase"):
            with self.assertRaisesRegex(AccessError, "one of Other Ltd only"):
                getattr(self._request(partner=theirs), method)()
        self.assertEqual(theirs.name, "Theirs")

    def test_users_of_the_system_stay(self):
        for name in ("base.public_user", "base.user_admin"):
            partner = self.env.ref(name).partner_id
            request = self.env["jxc.privacy.request"].create(
                {"partner_id": partner.id, "reason": "x"}
            )
            with self.assertRaisesRegex(UserError, "cannot be erased"):
                request.action_erase()

    def test_who_may(self):
        clerk = self._user("clerk", "base.group_user,base.group_partner_manager")
        for user in (self.manager, clerk):
            with self.assertRaises(AccessError):
                self._request(user)
            with self.assertRaises(AccessError):
                self.shop.with_user(user)._jxc_check_officer()
        request = self._request()
        for method in ("action_export", "action_erase"):
            with self.assertRaises(AccessError):
                getattr(request.with_user(self.manager), method)()
        admin = self._user("admin2", "base.group_system")
        self.assertTrue(self._request(admin).action_export())
