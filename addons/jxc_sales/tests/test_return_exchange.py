# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Goods that replace others, and what that costs."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnExchange(ReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.better = cls._create_lamp(name="Better Lamp", list_price=130)

    def _exchange(self, back, out, product=None, **values):
        return super()._exchange(back, out, product or self.better, **values)

    def test_difference_is_invoiced(self):
        """Another product: one invoice over the difference of both."""
        order = self._sell(5)
        order._create_invoices().action_post()
        back = self._exchange(2, 2)
        self.assertEqual(back.amount_replaced, 260)
        self.assertEqual(back.amount_difference, 60)
        back.action_confirm()
        exchange = back.exchange_order_ids
        self.assertEqual(exchange.state, "draft")
        back.action_accept()
        self.assertEqual(exchange.state, "sale")
        back.action_done()
        self.assertRecordValues(
            back.invoice_ids, [{"move_type": "out_invoice", "amount_total": 60}]
        )
        back.invoice_ids.action_post()
        self.assertEqual(order.order_line.qty_invoiced, 3)
        self.assertEqual(exchange.order_line.qty_invoiced, 2)
        self._deliver(exchange)
        # 3 lamps left of 5 at 100, and two better ones at 130
        self.assertEqual(self._exposure(), 300 + 260)

    def test_difference_is_credited(self):
        order = self._sell(5)
        order._create_invoices().action_post()
        back = self._exchange(2, 1)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertRecordValues(
            back.invoice_ids, [{"move_type": "out_refund", "amount_total": 70}]
        )

    def test_same_product_costs_nothing(self):
        """The same goods are replaced at the price they were sold for."""
        order = self._sell(5, price=90)
        order._create_invoices().action_post()
        back = self._exchange(2, 2, product=self.product)
        self.assertEqual(back.amount_difference, 0)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertEqual(back.invoice_ids.amount_total, 0)
        self.assertEqual(back.exchange_order_ids.order_line.price_unit, 90)

    def test_replace_at_once(self):
        self._sell(5)
        back = self._exchange(1, 1, exchange_first=True)
        back.action_confirm()
        self.assertEqual(back.exchange_order_ids.state, "sale")
        self.assertEqual(back.state, "confirmed")

    def test_replace_at_once_needs_credit(self):
        """What goes out before the goods are back is subject to the limit."""
        self._sell(5)
        self.account.credit_limit = 550
        back = self._exchange(1, 1, exchange_first=True)
        with self.assertRaisesRegex(UserError, "credit limit"):
            back.action_confirm()

    def test_tries_of_margins_are_written_down(self):
        """The server confirms for who asks and sees no costs: his try is kept."""
        self._sell(5)
        self.company.write(
            {
                "jxc_min_price_action": "none",
                "jxc_min_margin_action": "approval",
                "jxc_min_margin": 20,
            }
        )
        self.env.ref("jxc_sales.tier_preset_sale_price").action_jxc_deactivate()
        self.better.standard_price = 120
        for at_once in (True, False):
            back = self._exchange(1, 1, user=self.salesman, exchange_first=at_once)
            answer = back.action_confirm()
            exchange = back.sudo().exchange_order_ids
            if at_once:
                self.assertIn("no tier", answer["params"]["message"])
            else:
                back.with_user(self.storekeeper).action_accept()
                self.assertIn("no tier", back.message_ids[0].body)
            with self.subTest(at_once=at_once):
                self.assertEqual(exchange.state, "draft")
                self.assertIn("no tier", str(exchange.message_ids.mapped("body")))

    def test_credit_of_accepted_goods_pays_the_replacement(self):
        self._sell(5)
        self.account.credit_limit = 550
        back = self._exchange(1, 1)
        back.action_confirm()
        back.action_accept()
        self.assertEqual(back.exchange_order_ids.state, "sale")

    def test_refused_replacement_stays_a_quotation(self):
        """The goods are in all the same, and the reason is told."""
        self._sell(5)
        self.account.credit_limit = 510
        back = self._exchange(1, 1)
        back.action_confirm()
        back.action_accept()
        self.assertEqual(back.state, "accepted")
        self.assertEqual(back.exchange_order_ids.state, "draft")
        self.assertIn("credit limit", back.message_ids[0].body)

    def test_cancel(self):
        self._sell(5)
        back = self._exchange(2, 2)
        back.action_confirm()
        back.action_accept()
        exchange = back.exchange_order_ids
        back.action_cancel()
        self.assertEqual(exchange.state, "cancel")
        self.assertEqual(self._exposure(), 500)

    def test_delivered_replacement_is_not_cancelled(self):
        self._sell(5)
        back = self._exchange(2, 2)
        back.action_confirm()
        back.action_accept()
        self._deliver(back.exchange_order_ids)
        with self.assertRaisesRegex(UserError, "replacement was delivered"):
            back.action_cancel()
        # It is, once the customer brought it back.
        again = self._create_return(
            2, product=self.better, picking_id=back.exchange_order_ids.picking_ids.id
        )
        again.action_confirm()
        again.action_accept()
        back.action_cancel()
        self.assertEqual(back.exchange_order_ids.state, "cancel")
        self.assertEqual(self._exposure(), 500)

    def test_invoiced_replacement_is_not_cancelled(self):
        """An invoice that the return did not make is not its to take back."""
        self._sell(5)
        self.better.invoice_policy = "order"
        back = self._exchange(2, 2)
        back.action_confirm()
        back.action_accept()
        invoice = back.exchange_order_ids._create_invoices()
        invoice.action_post()
        with self.assertRaisesRegex(UserError, f"invoiced by {invoice.name}"):
            back.action_cancel()
        invoice._reverse_moves(cancel=True)
        back.action_cancel()
        self.assertEqual(self._exposure(), 500)

    def test_loyalty_points(self):
        """Points earned with goods that come back are taken back, and restored."""
        program = self._create_points()
        order = self._create_order(5)
        order._update_programs_and_rewards()
        order.action_confirm()
        self._deliver(order)
        card = self.env["loyalty.card"].search([("program_id", "=", program.id)])
        self.assertEqual(card.points, 500)
        back = self._create_return(2)
        back.action_confirm()
        back.action_accept()
        self.assertEqual(card.points, 300)
        back.action_cancel()
        self.assertEqual(card.points, 500)
