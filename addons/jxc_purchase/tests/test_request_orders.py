# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestOrders(RequestCommon):
    """Requests become RFQs, and their quantities follow the orders."""

    def setUp(self):
        super().setUp()
        self.request = self._request((self.wine, 10), approve=True)
        self.line = self.request.line_ids

    def test_parts_over_vendors(self):
        orders = self._order(
            self.line, (self.line, 4, self.vendor), (self.line, 3, self.other_vendor)
        )
        self.assertEqual(orders.partner_id, self.vendor | self.other_vendor)
        self.assertQuantities(self.line, rfq=7, opened=3)
        orders[0].button_confirm()
        self.assertQuantities(self.line, rfq=3, ordered=4, opened=3)
        rest = self._order(self.line)
        self.assertEqual(rest.order_line.product_qty, 3)
        self.assertQuantities(self.line, rfq=6, ordered=4)

    def test_not_more_than_open(self):
        with self.assertRaisesRegex(UserError, "only 10瓶 are open"):
            self._order(
                self.line, (self.line, 6, self.vendor), (self.line, 5, self.vendor)
            )
        self._order(self.line)
        with self.assertRaisesRegex(UserError, "nothing is open"):
            self._order(self.line)

    def test_merged_and_converted_exactly(self):
        other = self._request(
            (self.wine, 2, {"product_uom_id": self.box.id}), approve=True
        ).line_ids
        third = self._request((self.wine, 2), approve=True).line_ids
        lines = (
            self.line | other.with_env(self.line.env) | third.with_env(self.line.env)
        )
        order = self._order(
            lines,
            (self.line, 10, self.vendor, self.box),
            (other, 2, self.vendor, self.box),
            (third, 2, self.vendor, self.box),
        )
        self.assertEqual(order.order_line.product_qty, 3)
        self.assertEqual(order.order_line.product_uom_id, self.box)
        self.assertEqual(len(order.jxc_request_ids), 3)
        order.button_confirm()
        self._receive(order)
        self.assertQuantities(self.line, ordered=10, received=10)
        self.assertQuantities(other, ordered=2, received=2)
        self.assertQuantities(third, ordered=2, received=2)

    def test_first_come_first_served(self):
        second = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(self.line | second.with_env(self.line.env))
        self.assertEqual(order.order_line.product_qty, 20)
        order.button_confirm()
        order.order_line.product_qty = 14
        self.assertQuantities(self.line, ordered=10)
        self.assertQuantities(second, ordered=4, opened=6)
        self.assertEqual(second.request_id.state, "in_progress")
        self.company.jxc_request_tolerance = 50.0
        order.order_line.product_qty = 30
        self.assertQuantities(second, ordered=10)

    def test_ordered_again_elsewhere_counts_once(self):
        order = self._order(self.line)
        order.button_confirm()
        order.order_line.product_qty = 6
        again = self._order(self.line)
        self.assertEqual(again.order_line.product_qty, 4)
        again.button_confirm()
        order.order_line.product_qty = 10
        self.assertQuantities(self.line, ordered=10)

    def test_cancelled_and_deleted_orders(self):
        order = self._order(self.line)
        order.button_confirm()
        order.button_cancel()
        self.assertQuantities(self.line, opened=10)
        self.assertEqual(self.request.state, "approved")
        order.button_draft()
        self.assertQuantities(self.line, rfq=10)
        order.order_line.unlink()
        self.assertQuantities(self.line, opened=10)

    def test_returns(self):
        order = self._order(self.line)
        order.button_confirm()
        self._receive(order)
        self.assertQuantities(self.line, ordered=10, received=10)
        self.assertEqual(self.request.state, "done")
        picking = order.picking_ids
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id,
                active_ids=picking.ids,
                active_model="stock.picking",
            )
        )
        wizard = form.save()
        wizard.product_return_moves.write({"quantity": 4, "to_refund": True})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back._action_done()
        self.assertQuantities(self.line, ordered=10, received=6)
        self.assertEqual(self.request.state, "in_progress")

    def test_product_changed_on_the_rfq(self):
        order = self._order(self.line)
        order.order_line.product_id = self._product("Beer")
        self.assertQuantities(self.line, opened=10)

    def test_merged_rfqs_keep_their_requests(self):
        second = self._request((self.wine, 5), approve=True).line_ids
        first, other = self._order(self.line), self._order(second)
        (first | other).action_merge()
        self.assertQuantities(self.line, rfq=10)
        self.assertQuantities(second, rfq=5)

    def test_close_and_reopen(self):
        order = self._order(self.line, (self.line, 4, self.vendor))
        with self.assertRaises(AccessError):
            self.request.action_close()
        self.request.with_user(self.buyer).action_close()
        self.assertQuantities(self.line, rfq=4, closed=6)
        order.button_confirm()
        self._receive(order)
        self.assertEqual(self.request.state, "done")
        self.line.with_user(self.buyer).action_reopen()
        self.assertQuantities(self.line, ordered=4, received=4, opened=6)
        self.assertEqual(self.request.state, "in_progress")

    def test_cancel_needs_free_requests(self):
        with self.assertRaisesRegex(AccessError, "only purchase users"):
            self.request.action_cancel()
        order = self._order(self.line)
        buyer = self.request.with_user(self.buyer)
        with self.assertRaisesRegex(UserError, order.name):
            buyer.action_cancel()
        order.button_cancel()
        buyer.action_cancel()
        self.assertEqual(self.request.state, "cancelled")

    def test_only_approved_requests_become_orders(self):
        draft = self._request((self.wine, 1))
        with self.assertRaises(UserError):
            self._order(draft.line_ids)
        with self.assertRaises(AccessError):
            self.line.with_user(self.requester).action_create_orders()
        # A wizard made by hand is judged in the same way.
        wizard = (
            self.env["jxc.purchase.request.order"]
            .with_user(self.buyer)
            .create(
                {
                    "line_ids": [
                        Command.create(
                            {
                                "request_line_id": draft.line_ids.id,
                                "product_id": self.wine.id,
                                "vendor_id": self.vendor.id,
                                "quantity": 1,
                            }
                        )
                    ]
                }
            )
        )
        with self.assertRaises(UserError):
            wizard.action_create()

    def test_described_lines(self):
        request = (
            self.env["jxc.purchase.request"]
            .with_user(self.requester)
            .create(
                {
                    "line_ids": [
                        Command.create(
                            {
                                "name": "Something red",
                                "product_qty": 2,
                                "product_uom_id": self.bottle.id,
                                "price_unit": 9,
                            }
                        )
                    ]
                }
            )
        )
        request.action_submit()
        request.with_user(self.approver).action_approve()
        line = request.line_ids
        with self.assertRaisesRegex(UserError, "choose the product"):
            self._order(line)
        wizard = self.env["jxc.purchase.request.order"].browse(
            line.with_user(self.buyer).action_create_orders()["res_id"]
        )
        wizard.line_ids.write({"product_id": self.wine.id, "vendor_id": self.vendor.id})
        wizard.with_user(self.buyer).action_create()
        order_line = line.sudo().link_ids.order_line_id
        self.assertEqual(order_line.name, "Something red")
        self.assertEqual(order_line.price_unit, 9)
        self.assertQuantities(line, rfq=2)

    def test_split_button(self):
        action = self.line.with_user(self.buyer).action_create_orders()
        wizard = self.env["jxc.purchase.request.order"].browse(action["res_id"])
        wizard.line_ids.quantity = 4
        wizard.line_ids.action_split()
        self.assertEqual(wizard.line_ids.mapped("quantity"), [4, 6])

    def test_split_lines_stay_together(self):
        request = self._request((self.wine, 10), (self.wine, 20), approve=True)
        action = request.line_ids.with_user(self.buyer).action_create_orders()
        wizard = self.env["jxc.purchase.request.order"].browse(action["res_id"])
        wizard.line_ids.quantity = 4
        wizard.line_ids[0].action_split()
        wizard.invalidate_recordset()
        self.assertEqual(wizard.line_ids.mapped("quantity"), [4, 6, 4])

    def test_batch_needs_no_query_per_line(self):
        def cost(number):
            request = self._request(*[(self.wine, 1)] * number, approve=True)
            self._order(request.line_ids)
            lines = request.sudo().line_ids
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for name in ("qty_open", "price_unit"):
                self.env.add_to_compute(lines._fields[name], lines)
            lines.mapped("qty_open")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(2)
        self.assertLessEqual(cost(40), cost(2) + 2)
