# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestPrints(InspectionCommon):
    """采购订单, 采购申请单, 验收单, 供应商评价表 as a Chinese company prints them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.vendor.lang = "zh_CN"

    def _printed(self, report, record):
        """Return the cells of the lines' table and all of the text."""
        reports = self.env["ir.actions.report"].with_context(lang="zh_CN")
        content = reports._render_qweb_html(report, record.ids)[0].decode()
        page = html.fromstring(content)
        rows = [
            [" ".join(cell.text_content().split()) for cell in row.iter("td")]
            for row in page.iter("tr")
        ]
        return rows, re.sub(r"\s+", " ", page.text_content())

    def _row(self, rows, word):
        return next(row for row in rows if any(word in cell for cell in row))

    def test_order(self):
        order = self._buy((self.water, 5), (self.wine, 3, self.box))
        rows, text = self._printed("purchase.action_report_purchase_order", order)
        self.assertIn(order.name, text)
        self.assertEqual(self._row(rows, "Water")[0], "1")
        wine = self._row(rows, "Wine")
        self.assertEqual(wine[0], "2")
        # The quantity as ordered, in bottles, and in words.
        self.assertEqual(wine[2], "3.00 箱(12瓶) 36.00 瓶 3箱")
        self.assertIn("30.00", wine[-1])
        for word in (
            "采购订单",
            "序号",
            "需方（盖章）",
            "供方（盖章）",
            "签字",
            "日期",
        ):
            self.assertIn(word, text)
        self.assertNotIn("Signed by", text)
        self.assertNotIn("Purchase Order", text)

    def test_request(self):
        asked = (self.wine, 3, {"price_unit": 12.5, "vendor_id": self.vendor.id})
        request = self._request(asked, note="中秋备货", approve=True)
        rows, text = self._printed("jxc_purchase.jxc_purchase_request_report", request)
        wine = self._row(rows, "Wine")
        self.assertEqual(wine[0], "1")
        self.assertEqual(wine[3], "瓶")
        self.assertEqual(float(wine[2]), 3)
        self.assertIn("12.5", wine[6])
        self.assertIn("37.50", wine[7])
        self.assertIn("Vendor A", wine[5])
        for word in (request.name, "采购申请单", "中秋备货", "申请人", "已批准"):
            self.assertIn(word, text)
        self.assertNotIn("Requested by", text)

    def test_inspection(self):
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=7, rejected=3, defect_id=self.scratched.id)
        rows, text = self._printed(
            "jxc_purchase.jxc_receipt_inspection_report", inspection.sudo()
        )
        wine = self._row(rows, "Wine")
        self.assertEqual([float(cell) for cell in wine[4:8]], [10, 7, 0, 3])
        self.assertIn("Scratched", wine[8])
        for word in (
            inspection.name,
            order.name,
            "验收单",
            "让步接收",
            "部分拒收",
            "仓管",
        ):
            self.assertIn(word, text)
        self.assertNotIn("Inspected by", text)

    def test_evaluation(self):
        self.env["jxc.vendor.criterion"].search([]).active = False
        criteria = self.env["jxc.vendor.criterion"].create(
            [
                {
                    "name": "配合度",
                    "code": "print_help",
                    "kind": "manual",
                    "weight": 60,
                },
                {
                    "name": "合格率",
                    "code": "print_accepted",
                    "kind": "computed",
                    "measure": "accepted",
                    "weight": 40,
                },
            ]
        )
        today = fields.Date.today()
        one = self.env["jxc.vendor.evaluation"].create(
            {
                "partner_id": self.vendor.id,
                "date_from": today - timedelta(days=60),
                "date_to": today - timedelta(days=1),
            }
        )
        one.action_compute()
        rows, text = self._printed("jxc_purchase.jxc_vendor_evaluation_report", one)
        for word in ("供应商评价表", "Vendor A", "评价期间", *criteria.mapped("name")):
            self.assertIn(word, text)
        self.assertIn("60", " ".join(self._row(rows, "配合度")))
        for word in ("Vendor Evaluation", "no data", "Criterion", "Weight", "Score"):
            self.assertNotIn(word, text)
