# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.tests import tagged

from .inspection_common import InspectionCommon

READERS = (
    "purchase.group_purchase_user",
    "account.group_account_invoice",
    "stock.group_stock_user",
    "jxc_base.group_executive",
)
REPORT = "jxc_purchase.jxc_receipt_inspection_print"


@tagged("post_install", "-at_install")
class TestInspectionReaders(InspectionCommon):
    """Who may read inspections opens and prints them whole, without the warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls._buy((cls.wine, 10))
        cls._come(order)
        cls.inspection = cls.env["jxc.receipt.inspection"].search(
            [("purchase_ids", "in", order.ids)]
        )
        cls.readers = [
            cls._user(f"reader_{number}", group) for number, group in enumerate(READERS)
        ]

    def _form_fields(self, record):
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        return {
            node.get("name"): {}
            for node in arch.iter("field")
            if next(node.iterancestors("field"), None) is None
        }

    def test_forms(self):
        for user in self.readers:
            theirs = self.inspection.with_user(user)
            for record in (theirs, theirs.line_ids):
                record.invalidate_recordset()
                [values] = record.web_read(self._form_fields(record))
                self.assertEqual(values["id"], record.id, user.login)

    def test_print(self):
        for user in self.readers:
            report = self.env["ir.actions.report"].with_user(user)
            self.env.invalidate_all()
            html, _kind = report._render_qweb_html(REPORT, self.inspection.ids)
            self.assertIn(self.wine.name, html.decode(), user.login)
