# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestExportLog(CustomerClassCommon, HttpCase):
    """Every door by which a list of customers leaves writes a line into the log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("log_seller", "sales_team.group_sale_salesman")
        cls.boss = cls._user(
            "log_boss", "sales_team.group_sale_manager,base.group_allow_export"
        )
        cls.shops = cls._customer("Shop A", phone="571-1") | cls._customer("Shop B")
        cls.order = cls._order(cls.shops[0], 1, 10)

    def _logged(self):
        log = self.env["jxc.privacy.log"].search([])
        return [(one.user_id.login, one.record_count, one.details) for one in log]

    def _export(self, records, names):
        return records.with_user(self.boss).export_data(names)

    def test_columns_of_documents(self):
        """An order's customer's phone is a phone of a customer."""
        before = len(self._logged())
        for names in (
            ["name", "partner_id", "partner_id/id", "partner_id/.id"],
            ["partner_id/name", "partner_id/display_name", "amount_total"],
            ["user_id", "order_line/product_id/name"],
        ):
            self._export(self.order, names)
        self.assertEqual(len(self._logged()), before)
        for record, name in (
            (self.order, "partner_id/phone"),
            (self.order, "partner_id/parent_id/email"),
            (self.order.order_line, "order_id/partner_id/street"),
            (self.order, "opportunity_id/email_from"),
            (self.boss, "phone"),
            (self.env["mailing.contact"], "name"),
        ):
            self._export(record, ["id", name])
            logged = self._logged()
            before += 1
            self.assertEqual(len(logged), before, name)
            self.assertEqual(logged[0], ("log_boss", len(record), f"id, {name}"))

    def test_who_may_not_export_leaves_no_line(self):
        before = self._logged()
        with self.assertRaises(UserError):
            self.order.with_user(self.seller).export_data(["partner_id/phone"])
        self.assertEqual(self._logged(), before)

    def test_files_of_the_browser(self):
        """Workbooks, grouped or not, and CSV."""
        self.authenticate("log_boss", "log_boss")
        for kind, groups in (("xlsx", []), ("xlsx", ["partner_id"]), ("csv", [])):
            before = len(self._logged())
            data = {
                "model": "sale.order",
                "fields": [
                    {"name": "partner_id/phone", "label": "Phone", "type": "char"},
                ],
                "ids": self.order.ids,
                "domain": [],
                "groupby": groups,
                "context": {"allowed_company_ids": self.company.ids},
                "import_compat": False,
            }
            answer = self.url_open(
                f"/web/export/{kind}",
                data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)},
            )
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(len(self._logged()), before + 1, (kind, groups))

    def test_cards(self):
        self.authenticate("log_seller", "log_seller")
        one = self.url_open(f"/web/partner/vcard?partner_ids={self.shops[0].id}")
        self.assertIn("BEGIN:VCARD", one.text)
        self.assertEqual(self._logged()[0], ("log_seller", 1, "vcard"))
        numbers = ",".join(map(str, self.shops.ids))
        before = self._logged()
        with mute_logger("odoo.http"):
            many = self.url_open(f"/web/partner/vcard?partner_ids={numbers}")
        self.assertEqual(many.status_code, 403)
        self.assertEqual(self._logged(), before)
        self.authenticate("log_boss", "log_boss")
        many = self.url_open(f"/web/partner/vcard?partner_ids={numbers}")
        self.assertTrue(many.content.startswith(b"PK"))
        self.assertEqual(self._logged()[0], ("log_boss", 2, "vcard"))
