# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestUnits(PurchaseBudgetCommon):
    def test_unit_without_common_reference(self):
        hours = self.env.ref("uom.product_uom_hour")
        with self.assertRaisesRegex(ValidationError, "Bread"):
            self._create_order((self.bread, 1, 1.0, {"product_uom_id": hours.id}))
        order = self._create_order((self.bread, 1, 1.0))
        with self.assertRaises(ValidationError):
            order.order_line.product_uom_id = hours
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")

    def test_unit_in_use_keeps_its_content(self):
        box = self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self.bread.product_tmpl_id.id,
                "name": "箱",
                "factor": 24.0,
                "use_purchase": True,
            }
        )
        order = self._create_order(
            (self.bread, 1, 1.0, {"product_uom_id": box.uom_id.id})
        )
        with self.assertRaisesRegex(UserError, order.name):
            box.factor = 12.0
        order.button_cancel()
        self.assertFalse(box._jxc_purchase_usage())

    def _agreement(self, unit):
        line = {"product_id": self.bread.id, "product_qty": 5, "price_unit": 1}
        return self.env["purchase.requisition"].create(
            {
                "vendor_id": self.vendor.id,
                "requisition_type": "blanket_order",
                "line_ids": [(0, 0, {**line, "product_uom_id": unit.id})],
            }
        )

    def test_agreements(self):
        """An agreement is in units of the product, and keeps what they hold."""
        for unit in ("hour", "kgm"):
            with self.assertRaisesRegex(ValidationError, "Bread"):
                self._agreement(self.env.ref(f"uom.product_uom_{unit}"))
        box = self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self.bread.product_tmpl_id.id,
                "name": "箱",
                "factor": 24.0,
            }
        )
        agreement = self._agreement(box.uom_id)
        with self.assertRaisesRegex(UserError, "1 purchase agreements of Bread"):
            box.factor = 12.0
        agreement.action_cancel()
        box.factor = 12.0
