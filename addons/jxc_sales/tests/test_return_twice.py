# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
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

    def _sent_again(self, picking, quantity=5, **values):
        """Return a transfer with the platform's button; to be done."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        again = wizard._create_return()
        again.move_ids.write({"quantity": quantity, "picked": True, **values})
        return again

    def _returned_and_sent_again(self):
        order = self._sell(5)
        first = self._platform_return(order, 5)
        first._action_done()
        again = self._sent_again(first)
        again._action_done()
        self.assertEqual(order.order_line.qty_delivered, 5)
        return order, again

    def test_goods_sent_out_again_come_back_of_their_first_delivery(self):
        order, _again = self._returned_and_sent_again()
        self._platform_return(order, 5)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)
        with self.assertRaisesRegex(UserError, "take in no more than 0"):
            self._platform_return(order, 5)._action_done()

    def test_goods_sent_out_again_come_back_once(self):
        """Of their first delivery or of the second one; not of both, nor at once."""
        order, again = self._returned_and_sent_again()
        of_first = self._platform_return(order, 5)
        of_again = self._sent_again(again)
        with self.assertRaises(UserError), self.cr.savepoint():
            (of_first.sudo() | of_again)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 5)
        of_first._action_done()
        with self.assertRaisesRegex(UserError, "take in no more than 0"):
            of_again._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_document_for_goods_that_came_back_of_their_first_delivery(self):
        order, _again = self._returned_and_sent_again()
        order._create_invoices().action_post()
        back = self._create_return(5)
        back.action_confirm()
        back.receipt_ids.move_ids.ensure_one()
        with self.assertRaisesRegex(UserError, back.name), self.cr.savepoint():
            self._platform_return(order, 5)._action_done()
        back.with_user(self.storekeeper).action_accept()
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_goods_sent_out_again_and_again(self):
        order, again = self._returned_and_sent_again()
        third = self._sent_again(again)
        third._action_done()
        self._sent_again(third)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 5)
        self._platform_return(order, 5)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_what_was_sent_elsewhere_comes_back_of_nothing(self):
        order = self._sell(5)
        first = self._platform_return(order, 5)
        first._action_done()
        shelf = self.warehouse.lot_stock_id.child_ids[:1] or self.defective
        self._sent_again(first, location_dest_id=shelf.id)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 0)
        with self.assertRaisesRegex(UserError, "take in no more than 0"):
            self._platform_return(order, 5)._action_done()

    def test_goods_that_came_to_be_repaired(self):
        """They came without a delivery, go back, and come once more."""
        customers = self.env.ref("stock.stock_location_customers")
        stock = self.warehouse.lot_stock_id
        came = self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": customers.id,
                "location_dest_id": stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 5,
                            "location_id": customers.id,
                            "location_dest_id": stock.id,
                        }
                    )
                ],
            }
        )
        came.action_confirm()
        came.move_ids.write({"quantity": 5, "picked": True})
        came._action_done()
        went = self._sent_again(came)
        went._action_done()
        back = self._sent_again(went)
        back._action_done()
        self.assertEqual(back.state, "done")

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

    def test_queries_do_not_grow_with_lines(self):
        """Each product was sent, came back, was sent again, and comes back now."""

        def count(lines):
            products = self.env["product.product"].create(
                [{"name": f"Part {n}", "is_storable": True} for n in range(lines)]
            )
            stock = self.warehouse.lot_stock_id
            customers = self.env.ref("stock.stock_location_customers")
            for product in products:
                self.env["stock.quant"]._update_available_quantity(product, stock, 5)
            places = {"location_id": stock.id, "location_dest_id": customers.id}
            moves = [
                Command.create(
                    {"product_id": product.id, "product_uom_qty": 5, **places}
                )
                for product in products
            ]
            picking = self.env["stock.picking"].create(
                {
                    "partner_id": self.customer.id,
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "move_ids": moves,
                    **places,
                }
            )
            picking.action_confirm()
            picking.move_ids.write({"quantity": 5, "picked": True})
            picking.sudo()._action_done()
            for _time in range(2):
                picking = self._sent_again(picking)
                picking._action_done()
            coming = self._sent_again(picking).move_ids
            coming = coming.browse(coming.ids)  # not read one by one
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            coming._jxc_check_left_to_return()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(12), count(3))
