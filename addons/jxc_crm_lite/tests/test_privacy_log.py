# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestPrivacyLog(CustomerClassCommon):
    """What was taken out of the database, and by whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._user("officer", "jxc_crm_lite.group_privacy_officer")
        cls.manager = cls._user(
            "manager", "sales_team.group_sale_manager,base.group_allow_export"
        )
        cls.shop = cls._customer("李记小铺", is_company=True)
        cls.person = cls._customer("李四", parent_id=cls.shop.id, phone="13800001111")
        cls.followup = cls.env["jxc.followup"].create(
            {"partner_id": cls.person.id, "note": "喜欢龙井"}
        )
        cls.lead = cls.env["crm.lead"].create(
            {"name": "李四要货", "partner_id": cls.shop.id}
        )

    def test_list_exports_are_logged(self):
        logs = self.env["jxc.privacy.log"]
        for record, names in (
            (self.shop | self.person, ["name", "phone"]),
            (self.lead, ["name"]),
            (self.followup, ["note"]),
            (self.env["helpdesk.ticket"], ["partner_email"]),
            (self.env["jxc.sleeping.customer"], ["phone", "email"]),
            (self.env["jxc.repurchase.cycle"], ["phone"]),
            (self.env["jxc.sms.message"], ["number", "body"]),
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
