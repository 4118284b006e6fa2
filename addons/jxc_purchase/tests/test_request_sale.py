# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestSale(RequestCommon):
    """What a sale lacks becomes a purchase request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.wine.is_storable = True
        cls.customer = cls.env["res.partner"].create({"name": "Inn"})
        cls.seller = new_test_user(
            cls.env,
            "request_seller",
            groups="sales_team.group_sale_salesman,"
            "jxc_purchase.group_purchase_requester",
            company_id=cls.company.id,
        )

    def _sold(self, quantity, confirm=True, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "user_id": self.seller.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": quantity,
                            **values,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order.with_user(self.seller)

    def _requested(self, order):
        action = order.action_jxc_request_missing()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _have(self, quantity):
        self.env["stock.quant"]._update_available_quantity(
            self.wine, self.warehouse.lot_stock_id, quantity
        )
        self.wine.invalidate_recordset()

    def test_merged_requests_are_found(self):
        """What several sales lack is one request; neither asks for it again."""
        orders = [self._sold(10, confirm=False), self._sold(4, confirm=False)]
        requests = self.env["jxc.purchase.request"]
        for order in orders:
            requests |= self._requested(order)
        kept = requests.with_user(self.buyer)
        kept.action_merge()
        kept = kept.exists().filtered(lambda one: one.state == "draft")
        self.assertEqual(len(kept), 1)
        self.assertEqual(sum(kept.line_ids.mapped("product_qty")), 14)
        for order in orders:
            with self.assertRaisesRegex(UserError, "nothing is missing"):
                order.action_jxc_request_missing()
        # The origin is a text that people may change.
        kept.sudo().origin = "Fair"
        for order in orders:
            with self.assertRaisesRegex(UserError, "nothing is missing"):
                order.action_jxc_request_missing()
        with self.assertRaises(AccessError):
            kept.line_ids.with_user(self.buyer).sale_order_id = orders[0].sudo()

    def test_what_is_missing(self):
        for confirm in (False, True):
            with self.subTest(confirm=confirm):
                order = self._sold(10, confirm=confirm)
                request = self._requested(order)
                self.assertRecordValues(
                    request,
                    [
                        {
                            "origin_type": "sale",
                            "origin": order.name,
                            "state": "draft",
                            "user_id": self.seller.id,
                            "warehouse_id": self.warehouse.id,
                        }
                    ],
                )
                self.assertEqual(request.line_ids.product_id, self.wine)
                self.assertEqual(request.line_ids.product_qty, 10)
                with self.assertRaisesRegex(UserError, "nothing is missing"):
                    order.action_jxc_request_missing()
                request.unlink()
                self.assertTrue(self._requested(order))

    def test_stock_and_what_is_asked_for_count(self):
        self._have(4)
        order = self._sold(10)
        request = self._requested(order)
        self.assertEqual(request.line_ids.product_qty, 6)
        order.sudo().order_line.product_uom_qty = 12
        more = self._requested(order)
        self.assertEqual(more.line_ids.product_qty, 2)
        self._have(8)
        (request | more).sudo().action_cancel()
        with self.assertRaisesRegex(UserError, order.name):
            order.action_jxc_request_missing()

    def test_other_sales_do_not_count_here(self):
        """Each order asks for no more than its own quantity."""
        self._sold(30)
        self.assertEqual(self._requested(self._sold(10)).line_ids.product_qty, 10)

    def test_who_may_not_enter_requests(self):
        plain = new_test_user(
            self.env,
            "request_plain",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            self._sold(10).with_user(plain).action_jxc_request_missing()
