# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditDelivery(HoldCommon):
    """Orders are let through, deliveries are held to the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.write({"order_action": "warn", "delivery_action": "hold"})
        cls.shipper = new_test_user(
            cls.env,
            "jxc_shipper",
            "stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _confirmed(self, quantity, **values):
        order = self._create_order(quantity, **values)
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        return order, picking

    def _goods_out(self):
        self.account.invalidate_recordset()
        return self.account.exposure_shipped

    def test_goods_wait(self):
        order, picking = self._confirmed(12)
        answer = picking.with_user(self.shipper).button_validate()
        self.assertEqual((picking.state, order.jxc_credit_state), ("assigned", "hold"))
        for fact in (picking.name, "Bright Trading", "1,200.00", "1,000.00"):
            self.assertIn(fact, answer["params"]["message"])
        self.assertIn(picking.name, "".join(picking.message_ids.mapped("body")))
        self.assertEqual(self._goods_out(), 0)

    def test_customers_hear_of_what_leaves_only(self):
        self.company.stock_move_email_validation = True
        self.customer.email = "buyer@example.com"
        template = self.company.stock_mail_confirmation_template_id
        self.assertTrue(template)
        _order, held = self._confirmed(12)
        _order, sent = self._confirmed(3)
        (held | sent).button_validate()
        self.assertEqual((held.state, sent.state), ("assigned", "done"))
        mails = {
            picking: picking.message_ids.filtered(
                lambda message: self.customer in message.partner_ids
            )
            for picking in (held, sent)
        }
        self.assertFalse(mails[held])
        self.assertEqual(len(mails[sent]), 1)

    def test_block_raises(self):
        self.account.delivery_action = "block"
        order, picking = self._confirmed(12)
        with self.assertRaisesRegex(UserError, "Bright Trading"):
            picking.with_user(self.shipper).button_validate()
        self.assertEqual((picking.state, order.jxc_credit_state), ("assigned", "free"))
        with self.assertRaises(UserError):
            picking._action_done()

    def test_warn_and_none(self):
        self.account.delivery_action = "warn"
        order, picking = self._confirmed(12)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertIn("1,200.00", "".join(order.message_ids.mapped("body")))
        self.account.delivery_action = "none"
        _order, picking = self._confirmed(12)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_orders_that_wait_do_not_count(self):
        self._confirmed(50)
        _order, picking = self._confirmed(10)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._goods_out(), 1000)
        _order, second = self._confirmed(1)
        second.button_validate()
        self.assertEqual(second.state, "assigned")

    def test_invoiced_and_paid_goods(self):
        order, picking = self._confirmed(10)
        picking.button_validate()
        invoice = order._create_invoices()
        self.assertEqual(self._goods_out(), 1000)
        invoice.action_post()
        self.assertEqual(self._goods_out(), 1000)
        held, waiting = self._confirmed(6)
        waiting.button_validate()
        self.assertEqual(held.jxc_credit_state, "hold")
        self._pay(invoice, 500)
        self.assertEqual(self._goods_out(), 500)
        self._judge()
        self.assertEqual(held.jxc_credit_state, "hold", "100 are missing still")
        invoice = order.invoice_ids
        self._pay(invoice, 100)
        self._judge()
        self.assertEqual(held.jxc_credit_state, "free")
        waiting.button_validate()
        self.assertEqual(waiting.state, "done")

    def test_deposit_pays_its_own_goods(self):
        order, picking = self._confirmed(15)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 500})
        )
        deposit = wizard._create_invoices(order)
        deposit.action_post()
        picking.button_validate()
        self.assertEqual(picking.state, "assigned", "invoiced is not paid")
        self._pay(deposit)
        self.assertEqual(self._goods_out(), 0, "other orders get nothing of it")
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._goods_out(), 1000)

    def test_deliver_what_fits(self):
        _first, done = self._confirmed(7)
        done.button_validate()
        order, picking = self._confirmed(5)
        picking.button_validate()
        self.assertEqual(order.jxc_credit_state, "hold")
        picking.with_user(self.shipper).action_jxc_deliver_what_fits()
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.move_ids.quantity, 3)
        rest = order.picking_ids - picking
        self.assertEqual(rest.move_ids.product_uom_qty, 2)
        self.assertEqual(self._goods_out(), 1000)
        rest.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "one unit"):
            rest.action_jxc_deliver_what_fits()

    def test_what_fits_in_boxes_and_foreign_money(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_order(2, price=60, pricelist_id=pricelist.id)
        order.order_line.write({"product_uom_id": dozen.id, "price_unit": 600.0})
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        self.account.credit_limit = 1700
        picking.button_validate()
        self.assertEqual(order.jxc_credit_state, "hold")
        picking.action_jxc_deliver_what_fits()
        self.assertEqual(picking.state, "done")
        self.assertLessEqual(self._goods_out(), 1700)
        self.assertGreaterEqual(self._goods_out(), 1200)

    def test_more_than_ordered_is_asked_for(self):
        self.account.write({"order_action": "block", "delivery_action": "block"})
        _order, picking = self._confirmed(10)
        picking.move_ids.quantity = 11
        with self.assertRaises(UserError):
            picking.button_validate()
        picking.move_ids.quantity = 10
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_more_than_ordered_widens_the_order(self):
        """Also where deliveries are not judged, and whatever waits at orders."""
        for action in ("block", "hold"):
            self.account.write({"order_action": action, "delivery_action": "none"})
            order, picking = self._confirmed(10)
            picking.move_ids.quantity = 11
            with self.subTest(action), self.assertRaisesRegex(UserError, "Bright"):
                picking.with_user(self.shipper).button_validate()
            picking.invalidate_recordset()
            self.assertEqual(
                (picking.state, order.jxc_credit_state), ("assigned", "free")
            )
            order.action_cancel()

    def test_done_deliveries_take_no_more(self):
        """Correcting what left, or writing that it did, is judged as leaving."""
        self.account.write({"order_action": "block", "delivery_action": "block"})
        order, picking = self._confirmed(9)
        second, waiting = self._confirmed(1)
        picking.button_validate()
        move = picking.move_ids.with_user(self.shipper)
        values = {"product_id": self.product.id, "quantity": 6}
        more = {
            "move": lambda: move.write({"quantity": 15}),
            "line": lambda: move.move_line_ids.write({"quantity": 15}),
            "new line": lambda: move.move_line_ids.create(
                {**values, "move_id": move.id, "picking_id": picking.id}
            ),
            "through the delivery": lambda: picking.with_user(self.shipper).write(
                {"move_line_ids": [Command.update(move.move_line_ids.id, values)]}
                | {"move_ids": [Command.update(move.id, {"quantity": 15})]}
            ),
            "another's": lambda: waiting.move_ids.with_user(self.shipper).write(
                {"state": "done", "quantity": 15}
            ),
        }
        for name, attempt in more.items():
            with self.subTest(name), self.assertRaises(UserError):
                attempt()
            self.env.invalidate_all()
            self.assertEqual(order.order_line.qty_delivered, 9)
            self.assertFalse(second.order_line.qty_delivered)
        move.quantity = 8
        self.assertEqual(self._goods_out(), 800)
        move.quantity = 9
        self.assertEqual(self._goods_out(), 900, "what fits may be corrected")

    def test_rest_that_was_given_up_is_asked_for_again(self):
        self.account.write({"order_action": "block", "delivery_action": "none"})
        order, picking = self._confirmed(10)
        picking.move_ids.quantity = 1
        picking.with_context(skip_backorder=True).button_validate()
        rest = order.picking_ids - picking
        rest.with_user(self.shipper).action_cancel()
        self._create_order(9).action_confirm()
        self.assertEqual(self._exposure(), 1000)
        for attempt in (
            lambda: rest.with_user(self.shipper).copy(),
            lambda: rest.move_ids.with_user(self.shipper).write({"state": "confirmed"}),
            lambda: order.order_line._action_launch_stock_rule(),
        ):
            with self.assertRaises(UserError):
                attempt()
            self.env.invalidate_all()
        self.account.credit_limit = 1900
        again = rest.with_user(self.shipper).copy()
        again.action_confirm()
        self.assertEqual(self._exposure(), 1900)

    def test_goods_on_their_way_back_ask_for_nothing(self):
        order, picking = self._confirmed(10)
        self._deliver(order, 5, backorder=False)
        self.assertEqual(self._exposure(), 500)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": 1, "to_refund": True})
        wizard._create_return()
        self.assertEqual(self._exposure(), 500)
        self.assertEqual(order.jxc_credit_ordered, 0)

    def test_unpaid_retail_does_not_leave_by_writing(self):
        _order, picking = self._confirmed(1, jxc_sale_mode="retail")
        with self.assertRaisesRegex(UserError, "100.00"):
            picking.move_ids.with_user(self.shipper).write({"state": "done"})

    def test_batch_of_deliveries(self):
        _first, one = self._confirmed(6)
        second, two = self._confirmed(6)
        _third, three = self._confirmed(4)
        (one | two | three).button_validate()
        self.assertEqual(
            (one | two | three).mapped("state"), ["done", "assigned", "done"]
        )
        self.assertEqual(second.jxc_credit_state, "hold")
        self.assertEqual(self._goods_out(), 1000)

    def test_release_lets_goods_go(self):
        order, picking = self._confirmed(12)
        picking.button_validate()
        order.with_user(self.manager).action_jxc_credit_release(100, None, "A bit")
        picking.button_validate()
        self.assertEqual(picking.state, "assigned")
        order.with_user(self.manager).action_jxc_credit_release(100, None, "And more")
        self.assertEqual(order.jxc_credit_state, "released")
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._goods_out(), 1200)

    def test_return_frees(self):
        order, picking = self._confirmed(10)
        picking.button_validate()
        held, waiting = self._confirmed(3)
        waiting.button_validate()
        self.assertEqual(held.jxc_credit_state, "hold")
        self._triggered()
        self._return(order, 4)
        self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual(held.jxc_credit_state, "free")
        self.assertEqual(self._goods_out(), 600)

    def test_context_opens_nothing(self):
        self.account.delivery_action = "block"
        _order, picking = self._confirmed(12)
        own = picking.with_user(self.shipper).with_context(
            jxc_sales_delivering=True,
            jxc_sales_written={"extra": 1e9},
            skip_sanity_check=True,
            skip_backorder=True,
            cancel_backorder=True,
        )
        with self.assertRaises(UserError):
            own.button_validate()
