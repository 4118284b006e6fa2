# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Returns where something is odd: money, units, undone steps, goods that are gone."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnHostile(ReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "13% incl.",
                "amount": 13,
                "price_include_override": "tax_included",
            }
        )

    def _sell_as(self, quantity, price, discount=0.0, **values):
        order = self._create_order(quantity, price=price, **values)
        order.order_line.write({"discount": discount, "tax_ids": self.tax.ids})
        order.action_confirm()
        self._deliver(order)
        order._create_invoices().action_post()
        return order

    # -- money --------------------------------------------------------------------

    def test_tax_and_discount(self):
        """4 × 113.00 less 10 %, tax included: two come back for 203.40."""
        self._sell_as(4, 113, discount=10)
        back = self._exchange(2, 2)
        self.assertEqual(back.amount_returned, 203.4)
        self.assertEqual(back.amount_replaced, 203.4)
        back.action_confirm()
        order = back.exchange_order_ids
        self.assertRecordValues(order, [{"amount_total": 203.4, "amount_untaxed": 180}])
        back.action_accept()
        back.action_done()
        self.assertEqual(back.invoice_ids.amount_total, 0)

    def test_foreign_currency(self):
        """100 dollars are 700 here, and the same goods cost the customer nothing."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-01-01",
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "inverse_company_rate": 7,
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Export", "currency_id": dollar.id}
        )
        order = self._sell_as(3, 100, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, dollar)
        back = self._exchange(2, 2)
        self.assertEqual(back.amount_returned, 1400)
        self.assertEqual(back.amount_difference, 0)
        back.action_confirm()
        replacement = back.exchange_order_ids
        self.assertEqual(
            replacement.amount_total / (replacement.currency_rate or 1), 1400
        )
        back.action_accept()
        self.assertEqual(back.amount_difference, 0)
        back.action_done()
        credit = back.invoice_ids.filtered(lambda one: one.currency_id == dollar)
        self.assertEqual(
            sum(back.invoice_ids.mapped("amount_total_signed")),
            0,
            back.invoice_ids.mapped("amount_total"),
        )
        self.assertTrue(credit)

    def test_down_payment(self):
        """A deposit that was invoiced is not paid out with goods nobody invoiced."""
        order = self._create_order(4)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "percentage",
                "amount": 50,
            }
        )
        wizard._create_invoices(order).action_post()
        self._deliver(order)
        back = self._create_return(1)
        self.assertEqual(back.amount_returned, 100)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertFalse(back.invoice_ids)
        # Three of 100 less the deposit of 200
        self.assertEqual(order._create_invoices(final=True).amount_total, 100)

    # -- again --------------------------------------------------------------------

    def test_taken_up_again(self):
        """A cancelled return that is confirmed again replaces the goods again."""
        self._sell(5)
        back = self._exchange(2, 2, exchange_first=True)
        back.action_confirm()
        first = back.exchange_order_ids
        back.action_cancel()
        self.assertEqual(first.state, "cancel")
        back.action_draft()
        back.action_confirm()
        second = back.exchange_order_ids - first
        self.assertEqual(second.state, "sale")
        self.assertEqual(back.amount_replaced, 200)

    def test_copy_starts_anew(self):
        self._sell(5)
        back = self._create_return(2, date="2026-01-05")
        back.action_confirm()
        back.line_ids.qty_defective = 1
        back.action_accept()
        copy = back.copy()
        self.assertRecordValues(
            copy.line_ids, [{"qty_restock": 0, "qty_defective": 0, "amount": 0}]
        )
        self.assertEqual(copy.state, "draft")
        self.assertNotEqual(copy.date, back.date)
        self.assertFalse(copy.picking_ids)

    # -- goods --------------------------------------------------------------------

    def test_warehouse_takes_more(self):
        """The warehouse takes no more in than was promised either."""
        self._sell(3)
        back = self._create_return(2)
        back.action_confirm()
        move = back.picking_ids.move_ids
        move.quantity = 3
        move.picked = True
        with self.assertRaisesRegex(UserError, "2"):
            back.picking_ids._action_done()
        self.assertEqual(back.state, "confirmed")

    def test_sold_again(self):
        """What is gone cannot go back to the customer; nothing is half undone."""
        product = self._create_lamp(stock=5, name="Rare")
        self._sell(5, product=product)
        back = self._create_return(3, product=product)
        back.action_confirm()
        back.action_accept()
        self._sell(2, product=product)
        with self.assertRaisesRegex(UserError, "Rare"):
            back.action_cancel()
        self.assertEqual(back.state, "accepted")
        self.assertEqual(product.qty_available, 1)

    def test_serial_numbers(self):
        """The very piece that was sold comes back, without naming it."""
        product = self._create_lamp(stock=0, name="Phone", tracking="serial")
        serials = self.env["stock.lot"].create(
            [{"name": f"S{n}", "product_id": product.id} for n in range(3)]
        )
        for serial in serials[:2]:
            self._add_stock(product, 1, lot=serial)
        self._sell(2, product=product)
        self._add_stock(product, 1, lot=serials[2])
        back = self._create_return(2, product=product)
        back.action_confirm()
        back.line_ids.write({"qty_restock": 1, "qty_scrap": 1})
        back.action_accept()
        lines = back.picking_ids.move_line_ids
        self.assertEqual(lines.lot_id, serials[:2])
        scrap = self.env["stock.scrap"].search([("origin", "=", back.name)])
        self.assertEqual(len(scrap), 1)
        self.assertIn(scrap.lot_id, serials[:2])
        quant = self.env["stock.quant"].search(
            [
                ("lot_id", "=", (serials[:2] - scrap.lot_id).id),
                ("location_id.usage", "=", "internal"),
                ("quantity", ">", 0),
            ]
        )
        self.assertEqual(quant.quantity, 1)

    def test_parts_in_other_units(self):
        """Twelve pieces of a box of twelve may come back, by boxes or pieces, once."""
        box = self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "name": "箱",
                "factor": 12,
            }
        )
        order = self._create_order(2, price=1200)
        order.order_line.write({"product_uom_id": box.uom_id.id, "price_unit": 1200})
        order.action_confirm()
        self._deliver(order)
        order._create_invoices().action_post()
        back = self._create_return(7)
        self.assertEqual(back.amount_returned, 700)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        # 7 / 12 of 1,200, though an order counts 0.58 boxes
        self.assertEqual(back.invoice_ids.amount_total, 700)
        less = self._create_return(7)
        less.action_confirm()
        less.line_ids.qty_restock = 5
        less.action_accept()
        less.action_done()
        self.assertEqual(less.invoice_ids.amount_total, 500)
        whole = self._create_return(2)
        whole.line_ids.product_uom_id = box.uom_id
        with self.assertRaisesRegex(UserError, "1箱"):
            whole.action_confirm()
        for _part in range(3):
            last = self._create_return(4)
            last.action_confirm()
            last.action_accept()
            last.action_done()
            self.assertEqual(last.invoice_ids.amount_total, 400)
        with self.assertRaises(UserError):
            self._create_return(1).action_confirm()
