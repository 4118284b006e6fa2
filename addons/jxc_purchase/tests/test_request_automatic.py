# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestAutomatic(RequestCommon):
    """Reordering rules and stock alerts ask instead of ordering."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.vendor.id,
                "product_tmpl_id": cls.wine.product_tmpl_id.id,
                "price": 4,
            }
        )
        buy = cls.env.ref("purchase_stock.route_warehouse0_buy")
        cls.wine.route_ids = [Command.set(buy.ids)]
        cls.rule = cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": cls.wine.id,
                "warehouse_id": cls.warehouse.id,
                "location_id": cls.warehouse.lot_stock_id.id,
                "product_min_qty": 5,
                "product_max_qty": 20,
            }
        )

    def _requests(self):
        lines = self.env["jxc.purchase.request.line"]
        return lines.search([("product_id", "=", self.wine.id)]).request_id

    def _orders(self):
        lines = self.env["purchase.order.line"]
        return lines.search([("product_id", "=", self.wine.id)]).order_id

    def _run(self):
        self.rule.invalidate_recordset()
        self.rule._procure_orderpoint_confirm(company_id=self.company)

    def test_rules_order_without_the_setting(self):
        self._run()
        self.assertTrue(self._orders())
        self.assertFalse(self._requests())

    def test_rules_make_requests(self):
        self.company.jxc_reorder_requests = True
        self._run()
        self.assertFalse(self._orders())
        request = self._requests()
        self.assertRecordValues(
            request,
            [
                {
                    "origin_type": "reorder",
                    "state": "submitted",
                    "warehouse_id": self.warehouse.id,
                }
            ],
        )
        self.assertEqual(request.line_ids.product_qty, 20)
        self.assertEqual(request.line_ids.vendor_id, self.vendor)
        # Nothing is asked for twice, neither while open nor when it is in an RFQ.
        self._run()
        self.assertEqual(self._requests(), request)
        request.with_user(self.approver).action_approve()
        self._order(request.line_ids)
        self._run()
        self.assertEqual(self._requests(), request)
        order = self._orders()
        self.assertEqual(order.order_line.orderpoint_id, self.rule)
        self.assertEqual(order.picking_type_id, self.warehouse.in_type_id)
        # Rejected requests leave the shortage open.
        order.button_cancel()
        request.with_user(self.buyer).action_cancel()
        self._run()
        self.assertEqual(len(self._requests()), 2)

    def test_each_company_for_itself(self):
        """One run for two companies: one asks, the other one orders."""
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        elsewhere = self.rule.with_company(other).create(
            {
                "product_id": self.wine.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "company_id": other.id,
                "product_min_qty": 5,
                "product_max_qty": 30,
            }
        )
        self.env["product.supplierinfo"].search(
            [("product_tmpl_id", "=", self.wine.product_tmpl_id.id)]
        ).company_id = False
        self.company.jxc_reorder_requests = True
        rules = self.rule | elsewhere
        rules.invalidate_recordset()
        rules._procure_orderpoint_confirm()
        request, order = self._requests(), self._orders()
        self.assertRecordValues(
            request,
            [{"company_id": self.company.id, "warehouse_id": self.warehouse.id}],
        )
        self.assertEqual(request.line_ids.product_qty, 20)
        self.assertRecordValues(
            order,
            [{"company_id": other.id, "picking_type_id": warehouse.in_type_id.id}],
        )
        self.assertEqual(order.order_line.product_qty, 30)
        # The other way round, for what both want now.
        request.with_user(self.buyer).action_cancel()
        order.button_cancel()
        self.company.jxc_reorder_requests = False
        other.jxc_reorder_requests = True
        rules.invalidate_recordset()
        rules._procure_orderpoint_confirm()
        self.assertEqual((self._requests() - request).company_id, other)
        self.assertEqual((self._orders() - order).company_id, self.company)

    def test_refused_duplicate_stays_a_draft_with_its_reason(self):
        """A rule cannot be told: its request waits for somebody, and says why."""
        # The rule counts what comes to its place, the comparison all of the company.
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        other = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": second.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.wine.id, "product_qty": 40})
                ],
            }
        )
        self.company.write(
            {
                "jxc_reorder_requests": True,
                "jxc_duplicate_control": "block",
                "jxc_duplicate_rfq": True,
            }
        )
        self._run()
        request = self._requests()
        self.assertRecordValues(request, [{"state": "draft", "origin_type": "reorder"}])
        notes = " ".join(request.message_ids.mapped("body"))
        self.assertIn(other.name, notes)
        other.button_cancel()
        request.action_submit()
        self.assertEqual(request.state, "submitted")

    def test_alerts_make_requests(self):
        keeper = self._user("req_keeper", "stock.group_stock_user")
        self.env["jxc.stock.alert"].scan()
        alert = self.env["jxc.stock.alert"].search(
            [("product_id", "=", self.wine.id), ("state", "!=", "closed")]
        )
        action = alert.with_user(keeper).action_replenish()
        request = self._requests()
        self.assertRecordValues(
            request,
            [{"origin_type": "alert", "state": "submitted", "create_uid": keeper.id}],
        )
        self.assertEqual(request.line_ids.product_qty, 20)
        self.assertEqual((alert.res_model, alert.res_id), (request._name, request.id))
        self.assertEqual(action["res_model"], "jxc.purchase.request")
        self.assertTrue(request.with_user(keeper).read(["name"]))
        self.assertFalse(alert.can_replenish)
        request.action_cancel()
        # A request that was given up brings nothing: the alert asks anew.
        alert.invalidate_recordset(["can_replenish"])
        self.assertTrue(alert.can_replenish)
        alert.with_user(keeper).action_replenish()
        self.assertEqual(alert.res_id, (self._requests() - request).id)
