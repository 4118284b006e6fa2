# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnTwice(ReturnCommon):
    """Goods come back once, by a return or by the platform's own Return button."""

    def _platform_return(self, order, quantity):
        """Make a return of the first delivery with the platform's button."""
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": order.picking_ids.sorted("id")[0].id}
        )
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        picking = wizard._create_return()
        picking.move_ids.write({"quantity": quantity, "picked": True})
        return picking.with_user(self.storekeeper)

    def _promised(self, delivered=10, quantity=10):
        order = self._sell(delivered)
        order._create_invoices().action_post()
        back = self._create_return(quantity)
        back.action_confirm()
        return order, back

    def test_platform_return_of_what_a_return_expects(self):
        order, back = self._promised()
        picking = self._platform_return(order, 10)
        with self.assertRaises(UserError) as refused:
            picking.button_validate()
        text = str(refused.exception)
        for part in (back.name, "Lamp", "10", order.picking_ids.sorted("id")[0].name):
            self.assertIn(part, text)
        self.assertEqual(order.order_line.qty_delivered, 10)
        back.action_cancel()
        picking._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_return_of_what_came_back(self):
        """As it was before the return could refuse the other transfer."""
        order, back = self._promised()
        picking = self._platform_return(order, 8)
        transfer, back_id = back.receipt_ids, back.id
        transfer.sudo().jxc_sale_return_id = False
        picking._action_done()
        transfer.sudo().jxc_sale_return_id = back_id
        with self.assertRaises(UserError) as refused:
            back.with_user(self.storekeeper).action_accept()
        text = str(refused.exception)
        for part in (back.name, "10", "8", "no more than 2"):
            self.assertIn(part, text)
        self.assertEqual((back.state, transfer.state), ("confirmed", "assigned"))
        # Nor by validating the transfer itself.
        transfer.move_ids.write({"quantity": 10, "picked": True})
        with self.assertRaisesRegex(UserError, "no more than 2"):
            transfer.with_user(self.storekeeper).button_validate()
        back.line_ids.qty_restock = 2
        back.with_user(self.storekeeper).action_accept()
        self.assertEqual(order.order_line.qty_delivered, 0)
        back.action_done()
        self.assertEqual(back.settlement_ids.amount_total, 200)

    def test_no_more_than_was_delivered_by_the_platform_alone(self):
        order = self._sell(5)
        self._platform_return(order, 5)._action_done()
        again = self._platform_return(order, 5)
        with self.assertRaisesRegex(UserError, "take in no more than 0"):
            again._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)
        self.assertEqual(self._exposure(), 0)

    def test_goods_sent_out_again_come_back_of_their_first_delivery(self):
        order = self._sell(5)
        first = self._platform_return(order, 5)
        first._action_done()
        wizard = self.env["stock.return.picking"].create({"picking_id": first.id})
        wizard.product_return_moves.write({"quantity": 5, "to_refund": True})
        again = wizard._create_return()
        again.move_ids.write({"quantity": 5, "picked": True})
        again._action_done()
        self.assertEqual(order.order_line.qty_delivered, 5)
        self._platform_return(order, 5)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)
        with self.assertRaisesRegex(UserError, "take in no more than 0"):
            self._platform_return(order, 5)._action_done()

    def test_what_nobody_expects_comes_back_by_the_platform(self):
        order, back = self._promised(quantity=4)
        with self.assertRaisesRegex(UserError, back.name):
            self._platform_return(order, 7)._action_done()
        self._platform_return(order, 6)._action_done()
        back.with_user(self.storekeeper).action_accept()
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_nothing_came_back_of_a_cancelled_return(self):
        """Billed as ordered, the rest not delivered: all of it is still to be paid."""
        self.product.invoice_policy = "order"
        order = self._create_order(20)
        order.action_confirm()
        self._deliver(order, 10, backorder=False)
        self.assertEqual(self._exposure(), 2000)
        back = self._create_return(10)
        back.action_confirm()
        back.action_accept()
        self.assertEqual(self._exposure(), 1000)
        back.action_cancel()
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.assertEqual(self._exposure(), 2000)
        order._create_invoices().action_post()
        again = self._create_return(4)
        again.action_confirm()
        again.action_accept()
        again.action_done()
        self.assertEqual(again.settlement_ids.amount_total, 400)
        self.assertEqual(self._exposure(), 1600)

    def test_goods_that_were_sent_again(self):
        """A cancelled return leaves all at the customer, to come back anew."""
        order, back = self._promised()
        back.action_accept()
        back.action_cancel()
        again = self._create_return(10)
        again.action_confirm()
        again.action_accept()
        self.assertEqual(again.state, "accepted")
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_two_returns_of_one_delivery(self):
        order, back = self._promised(quantity=4)
        other = self._create_return(6)
        other.action_confirm()
        for one in (other, back):
            one.action_accept()
        self.assertEqual(order.order_line.qty_delivered, 0)
