# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestRequestShort(InspectionCommon):
    """Requests end when part of their goods is refused, refunded or never comes."""

    def _rejected(self, accepted=6, reject_to="return", quantity=10):
        """Return request and order of which so much was rejected and went back."""
        request = self._request((self.wine, quantity), approve=True)
        order = self._order(request.line_ids)
        order.button_confirm()
        self._come(order)
        inspection = self._inspection(order)
        self._decide(
            inspection,
            accepted=accepted,
            rejected=quantity - accepted,
            defect_id=self.scratched.id,
            reject_to=reject_to,
        )
        back = order.picking_ids.filtered(
            lambda one: one.picking_type_code == "outgoing" and one.state != "done"
        )
        if back:
            back.move_ids.picked = True
            back.with_context(skip_backorder=True).button_validate()
        return request, order.with_user(self.buyer)

    def test_refunded_goods_are_ordered_anew(self):
        request, order = self._rejected()
        line = request.line_ids
        self.assertQuantities(line, ordered=10, received=6)
        self.assertEqual(request.state, "in_progress")
        self.assertTrue(order.jxc_can_close_short)
        order.action_jxc_close_short()
        self.assertEqual(order.order_line.product_qty, 6)
        self.assertFalse(order.jxc_can_close_short)
        self.assertIn("10 → 6", order.message_ids[0].body)
        self.assertQuantities(line, ordered=6, received=6, opened=4)
        self.assertTrue(request.has_open)
        again = self._order(line)
        self.assertQuantities(line, rfq=4, ordered=6, received=6)
        again.button_confirm()
        self._come(again)
        self._decide(self._inspection(again), accepted=4)
        self.assertQuantities(line, ordered=10, received=10)
        self.assertEqual(request.state, "done")

    def test_or_given_up(self):
        request, order = self._rejected()
        order.action_jxc_close_short()
        request.with_user(self.buyer).action_close()
        self.assertQuantities(request.line_ids, ordered=6, received=6, closed=4)
        self.assertEqual(request.state, "done")

    def test_defective_goods_that_stay(self):
        """What lies with the defective goods serves nobody either."""
        request, order = self._rejected(reject_to="defective")
        self.assertEqual(order.order_line.jxc_qty_arrived, 10)
        order.action_jxc_close_short()
        self.assertQuantities(request.line_ids, ordered=6, received=6, opened=4)

    def test_what_is_replaced_comes_again(self):
        request, order = self._rejected(reject_to="exchange")
        receipt = order.picking_ids.filtered(
            lambda one: one.picking_type_code == "incoming" and one.state != "done"
        )
        self.assertEqual(sum(receipt.move_ids.mapped("product_uom_qty")), 4)
        order.action_jxc_close_short()
        self.assertEqual(receipt.state, "cancel")
        self.assertEqual(order.order_line.qty_received, 6)
        self.assertFalse(
            order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        )
        self.assertQuantities(request.line_ids, ordered=6, received=6, opened=4)

    def test_vendor_delivers_less(self):
        request = self._request((self.water, 10), approve=True)
        order = self._order(request.line_ids)
        order.button_confirm()
        with self.assertRaisesRegex(UserError, "cancel the order"):
            order.action_jxc_close_short()
        self._receive(order, 7)
        order.action_jxc_close_short()
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done", "cancel"})
        self.assertQuantities(request.line_ids, ordered=7, received=7, opened=3)
        with self.assertRaisesRegex(UserError, "everything"):
            order.action_jxc_close_short()

    def test_nothing_was_accepted(self):
        """What was rejected as a whole cannot be cancelled: it ends with zero."""
        for reject_to in ("return", "defective"):
            with self.subTest(reject_to):
                request, order = self._rejected(accepted=0, reject_to=reject_to)
                self.assertEqual(request.state, "in_progress")
                self.assertTrue(order.jxc_can_close_short)
                order.action_jxc_close_short()
                self.assertEqual(order.order_line.product_qty, 0)
                self.assertFalse(order.jxc_can_close_short)
                self.assertQuantities(request.line_ids, opened=10)
                request.with_user(self.buyer).action_close()
                self.assertEqual(request.state, "done")

    def test_services(self):
        """Of services what was done stays ordered."""
        work = self._product("Work", type="service", is_storable=False)
        work.purchase_method = "receive"
        request = self._request((work, 10), (self.water, 5), approve=True)
        order = self._order(request.line_ids)
        order.button_confirm()
        self.assertFalse(order.jxc_can_close_short)
        with self.assertRaisesRegex(UserError, "cancel the order"):
            order.action_jxc_close_short()
        done = order.order_line.filtered(lambda line: line.product_id == work)
        done.qty_received = 4
        self._receive(order)
        self.assertTrue(order.jxc_can_close_short)
        order.action_jxc_close_short()
        self.assertEqual(order.order_line.mapped("product_qty"), [4, 5])
        self.assertFalse(order.jxc_can_close_short)
        line = request.line_ids.filtered(lambda line: line.product_id == work)
        self.assertQuantities(line, ordered=4, received=4, opened=6)

    def test_not_while_it_is_inspected_and_not_by_others(self):
        order = self._buy((self.wine, 10), (self.water, 5))
        with self.assertRaisesRegex(UserError, "cancel"):
            order.action_jxc_close_short()
        self._come(order)
        with self.assertRaisesRegex(UserError, "inspections"):
            order.action_jxc_close_short()
        with self.assertRaises(AccessError):
            order.with_user(self.inspector).action_jxc_close_short()
