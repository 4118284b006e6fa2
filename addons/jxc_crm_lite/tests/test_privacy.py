# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import hashlib
import io
import json
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerClassCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


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

    def test_list_exports_are_logged(self):
        logs = self.env["jxc.privacy.log"]
        for record, names in (
            (self.shop | self.person, ["name", "phone"]),
            (self.lead, ["name"]),
            (self.followup, ["note"]),
        ):
            before = logs.search([], limit=1)
            record.with_user(self.manager).with_context(
                allowed_company_ids=self.company.ids
            ).export_data(names)
            log = logs.search([], limit=1)
            self.assertNotEqual(log, before)
            self.assertRecordValues(
                log,
                [
                    {
                        "kind": "list",
                        "user_id": self.manager.id,
                        "company_id": self.company.id,
                        "record_count": len(record),
                        "details": ", ".join(names),
                    }
                ],
            )

    def test_log_is_read_only(self):
        log = self.env["jxc.privacy.log"].create(
            {"kind": "list", "user_id": self.env.uid, "company_id": self.company.id}
        )
        admin = self._user("admin2", "base.group_system")
        for user in (self.officer, admin):
            self.assertTrue(log.with_user(user).kind)
            with self.assertRaises(AccessError):
                log.with_user(user).write({"reason": "x"})
            with self.assertRaises(AccessError):
                log.with_user(user).unlink()
            with self.assertRaises(AccessError):
                log.with_user(user).create({"kind": "list", "user_id": user.id})
        with self.assertRaises(AccessError):
            log.with_user(self.manager).read(["kind"])
        other = self._create_class_company("Other Ltd")
        stranger = self._user("stranger", "jxc_crm_lite.group_privacy_officer", other)
        with self.assertRaises(AccessError):
            log.with_user(stranger).with_context(allowed_company_ids=other.ids).read(
                ["kind"]
            )
