# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Goods that came back pay for what replaces them, however the customer buys."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCommon

#: What replaces 2 lamps of 100, and what is still to be paid before it leaves.
CASES = {"even": (100, 0), "plus": (130, 60), "minus": (70, 0)}


@tagged("post_install", "-at_install")
class TestReturnExchangeModes(ReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = {
            name: cls._create_lamp(name=f"{name} Lamp", list_price=price)
            for name, (price, _due) in CASES.items()
        }
        cls.company.jxc_presale_balance_before = True

    def _paid_sale(self, mode):
        """5 lamps that the customer bought and paid in this mode."""
        self.customer.jxc_sale_mode = mode
        order = self._create_order(5)
        self.assertEqual(order.jxc_sale_mode, mode)
        order.action_confirm()
        self._receipt(500, order)
        order.picking_ids.move_ids.write({"quantity": 5, "picked": True})
        order.picking_ids.button_validate()
        self.assertEqual(order.picking_ids.state, "done")
        return order

    def _accepted(self, case):
        back = self._exchange(2, 2, self.others[case])
        back.action_confirm()
        back.action_accept()
        return back

    def _send(self, exchange):
        picking = exchange.picking_ids
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.button_validate()
        return picking.state

    def test_every_mode_and_difference(self):
        for mode in ("simple", "wholesale", "retail", "presale"):
            for case, (_price, due) in CASES.items():
                with self.subTest(mode=mode, case=case):
                    self._paid_sale(mode)
                    exchange = self._accepted(case).exchange_order_ids
                    self.assertEqual(
                        (exchange.state, exchange.jxc_sale_mode), ("sale", mode)
                    )
                    if due and mode in ("retail", "presale"):
                        with self.assertRaisesRegex(UserError, r"260\.00 .*200\.00"):
                            self._send(exchange)
                        self._receipt(due, exchange)
                    self.assertEqual(self._send(exchange), "done")

    def test_nothing_is_paid_before_goods_are_accepted(self):
        self._paid_sale("retail")
        back = self._exchange(2, 2, self.others["even"], exchange_first=True)
        back.action_confirm()
        exchange = back.exchange_order_ids
        with self.assertRaisesRegex(UserError, "has to be paid"):
            self._send(exchange)
        back.action_accept()
        self.assertEqual(self._send(exchange), "done")

    def test_settled_difference_is_paid_by_its_invoice(self):
        """The returned goods count once, also when one document nets both."""
        order = self._paid_sale("retail")
        order._create_invoices().action_post()
        back = self._accepted("plus")
        back.action_done()
        exchange, invoice = back.exchange_order_ids, back.invoice_ids
        self.assertEqual(invoice.amount_total, 60)
        invoice.action_post()
        self._pay(invoice, 30)
        with self.assertRaisesRegex(UserError, r"260\.00 .*230\.00"):
            self._send(exchange)
        self._pay(invoice)
        self.assertEqual(self._send(exchange), "done")

    def test_nobody_calls_an_order_a_replacement(self):
        """Else one return would pay for any order."""
        self._paid_sale("retail")
        back = self._accepted("even")
        order = self._create_order(3)
        for attempt in (
            lambda: order.with_user(self.salesman).write(
                {"jxc_sale_return_id": back.id}
            ),
            lambda: order.with_user(self.salesman).copy(
                {"jxc_sale_return_id": back.id}
            ),
            lambda: back.with_user(self.salesman).write(
                {"exchange_order_ids": [Command.link(order.id)]}
            ),
        ):
            with self.assertRaises(UserError):
                attempt()

    def test_replacement_is_below_no_minimum(self):
        self.company.jxc_min_order_action = "block"
        self.company.jxc_min_order_amount = 450
        self._paid_sale("wholesale")
        back = self._accepted("even")
        exchange = back.exchange_order_ids
        self.assertEqual(exchange.state, "sale")

    def test_more_than_the_replacement_is_below_the_minimum(self):
        self.company.jxc_min_order_action = "block"
        self.company.jxc_min_order_amount = 450
        self._paid_sale("wholesale")
        back = self._exchange(2, 2, self.others["even"])
        back.action_confirm()
        exchange = back.exchange_order_ids
        exchange.order_line = [
            Command.create({"product_id": self.product.id, "product_uom_qty": 1})
        ]
        back.action_accept()
        self.assertEqual(exchange.state, "draft")
        self.assertIn("minimum order", str(back.message_ids.mapped("body")))
