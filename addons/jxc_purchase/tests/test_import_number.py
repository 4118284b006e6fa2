# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestImportNumber(RequestCommon):
    """Nobody keeps orders from being imported by taking their numbers."""

    def test_not_written(self):
        orders = self.env["purchase.order"].with_user(self.buyer)
        vals = {"partner_id": self.vendor.id}
        order = orders.with_context(default_jxc_import_number="PO1").create(vals)
        self.assertFalse(order.jxc_import_number)
        with self.assertRaises(AccessError):
            order.jxc_import_number = "PO1"
        with self.assertRaises(AccessError):
            orders.create({**vals, "jxc_import_number": "PO1"})
