# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestStockAlert(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.warehouse.search([]).jxc_alert_defaults = False
        cls.warehouse.jxc_alert_defaults = True
        cls.vendor = cls.env["res.partner"].create({"name": "Brewery"})
        cls.keeper = new_test_user(cls.env, "keeper", groups="stock.group_stock_user")
        cls.bottle = cls.env["uom.uom"].create({"name": "瓶"})
        cls.beer = cls._product("Beer", 30)
        cls.ale = cls._product("Ale", 10)

    @classmethod
    def _product(cls, name, safety_stock):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "uom_id": cls.bottle.id,
                "jxc_safety_stock": safety_stock,
                "jxc_unit_ids": [Command.create({"name": "箱", "factor": 12})],
            }
        )
        cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.vendor.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_uom_id": product.jxc_unit_ids.uom_id.id,
                "price": 60,
            }
        )
        return product

    def _alerts(self):
        self.env["jxc.stock.alert"].scan()
        products = self.beer | self.ale
        return self.env["jxc.stock.alert"].search([("product_id", "in", products.ids)])

    def test_one_request_a_vendor(self):
        alerts = self._alerts()
        action = alerts.action_replenish()
        order = self.env["purchase.order"].browse(action["res_id"])
        self.assertRecordValues(
            order,
            [
                {
                    "partner_id": self.vendor.id,
                    "state": "draft",
                    "picking_type_id": self.warehouse.in_type_id.id,
                }
            ],
        )
        lines = order.order_line.sorted("product_qty")
        self.assertRecordValues(
            lines,
            [
                {"product_id": self.ale.id, "product_qty": 1, "price_unit": 60},
                {"product_id": self.beer.id, "product_qty": 3, "price_unit": 60},
            ],
        )
        self.assertEqual(lines.product_uom_id.relative_factor, 12)
        self.assertEqual(set(alerts.mapped("res_id")), {order.id})
        self.assertEqual(set(alerts.mapped("state")), {"acknowledged"})

    def test_the_vendor_s_minimum(self):
        self.ale.seller_ids.min_qty = 5
        self._alerts().filtered(lambda a: a.product_id == self.ale).action_replenish()
        order = self.env["purchase.order"].search([("partner_id", "=", self.vendor.id)])
        self.assertEqual(order.order_line.product_qty, 5)

    def test_a_keeper_asks_and_need_not_purchase(self):
        action = self._alerts().with_user(self.keeper).action_replenish()
        order = self.env["purchase.order"].search([("partner_id", "=", self.vendor.id)])
        self.assertEqual(order.state, "draft")
        self.assertEqual(
            (action["res_model"], action["res_id"]), (order._name, order.id)
        )
        with self.assertRaises(AccessError):
            order.with_user(self.keeper).button_confirm()

    def test_without_vendor_a_transfer(self):
        self.ale.seller_ids.unlink()
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "W2"})
        self.env["stock.quant"]._update_available_quantity(
            self.ale, second.lot_stock_id, 50
        )
        alerts = self._alerts().filtered(lambda a: a.warehouse_id == self.warehouse)
        alerts.action_replenish()
        models = {alert.product_id: alert.res_model for alert in alerts}
        self.assertEqual(
            models, {self.beer: "purchase.order", self.ale: "stock.picking"}
        )
