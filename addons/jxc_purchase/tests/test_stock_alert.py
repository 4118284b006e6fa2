# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestStockAlert(TransactionCase):
    """What answers alerts of missing goods: request, RFQ or transfer."""

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
        tiers = cls.env["tier.definition"]
        tiers.search([("model", "=", "jxc.purchase.request")]).active = False
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

    def _orders(self):
        return self.env["purchase.order"].search([("partner_id", "=", self.vendor.id)])

    def _requests(self):
        goods = ("line_ids.product_id", "in", (self.beer | self.ale).ids)
        return self.env["jxc.purchase.request"].search([goods])

    # Requests: whatever the setting on reordering rules says ------------------------

    def test_always_a_purchase_request(self):
        self.assertFalse(self.env.company.jxc_reorder_requests)
        alerts = self._alerts()
        action = alerts.with_user(self.keeper).action_replenish()
        request = self._requests()
        self.assertFalse(self._orders())
        self.assertRecordValues(
            request,
            [
                {
                    "origin_type": "alert",
                    "state": "submitted",
                    "warehouse_id": self.warehouse.id,
                    "create_uid": self.keeper.id,
                }
            ],
        )
        self.assertEqual(
            {line.product_id: line.product_qty for line in request.line_ids},
            {self.beer: 30, self.ale: 10},
        )
        self.assertEqual(
            (action["res_model"], action["res_id"]), (request._name, request.id)
        )
        self.assertEqual(set(alerts.mapped("res_id")), {request.id})
        self.assertEqual(set(alerts.mapped("state")), {"acknowledged"})
        with self.assertRaisesRegex(UserError, request.name):
            alerts[:1].action_replenish()
        with self.assertRaises(AccessError):
            request.with_user(self.keeper).action_approve()

    def test_one_request_a_warehouse(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "W2", "jxc_alert_defaults": True}
        )
        self._alerts().action_replenish()
        self.assertEqual(
            {request.warehouse_id for request in self._requests()},
            {self.warehouse, other},
        )
        self.assertEqual(len(self._requests()), 2)

    def test_a_request_needs_no_vendor(self):
        self.ale.seller_ids.unlink()
        self._alerts().filtered(lambda a: a.product_id == self.ale).action_replenish()
        line = self._requests().line_ids
        self.assertRecordValues(
            line, [{"product_id": self.ale.id, "product_qty": 10, "vendor_id": False}]
        )

    def test_what_is_not_bought_is_transferred(self):
        self.ale.purchase_ok = False
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "W2"})
        alerts = self._alerts().filtered(lambda a: a.warehouse_id == self.warehouse)
        ale = alerts.filtered(lambda a: a.product_id == self.ale)
        with self.assertRaisesRegex(UserError, "Ale"):
            ale.action_replenish()
        self.env["stock.quant"]._update_available_quantity(
            self.ale, second.lot_stock_id, 50
        )
        self.env.invalidate_all()
        alerts.action_replenish()
        models = {alert.product_id: alert.res_model for alert in alerts}
        self.assertEqual(
            models,
            {self.beer: "jxc.purchase.request", self.ale: "jxc.stock.allocation"},
        )

    # Requests for quotation: what jxc_stock does beside the platform ----------------

    def test_one_rfq_a_vendor(self):
        alerts = self._alerts()
        alerts.with_user(self.keeper)._jxc_order()
        order = self._orders()
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
        self.assertEqual(
            {(alert.res_model, alert.res_id) for alert in alerts},
            {("purchase.order", order.id)},
        )
        with self.assertRaises(AccessError):
            order.with_user(self.keeper).button_confirm()

    def test_the_vendor_s_minimum(self):
        self.ale.seller_ids.min_qty = 5
        self._alerts().filtered(lambda a: a.product_id == self.ale)._jxc_order()
        self.assertEqual(self._orders().order_line.product_qty, 5)

    def test_no_rfq_without_vendor_or_of_what_is_not_bought(self):
        self.ale.seller_ids.unlink()
        self.beer.purchase_ok = False
        self.assertEqual(self._alerts()._jxc_order(), [])
        self.assertFalse(self._orders())
