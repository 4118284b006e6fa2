# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestUnits(CreditCommon):
    def test_unit_must_convert(self):
        kilo = self.env.ref("uom.product_uom_kgm")
        order = self._create_order(1)
        with self.assertRaises(UserError):
            order.order_line.product_uom_id = kilo
            self.env.flush_all()
        order.invalidate_recordset()
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")

    def test_unit_in_orders_is_not_changed(self):
        product = self._create_lamp(stock=0)
        unit = self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "name": "Crate",
                "factor": 24,
            }
        )
        order = self._create_order(1, product=product)
        order.order_line.product_uom_id = unit.uom_id
        with self.assertRaisesRegex(UserError, order.name):
            unit.factor = 12
        order.action_cancel()
        unit.factor = 12
        self.assertEqual(unit.factor, 12)
