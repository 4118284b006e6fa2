# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .aux_common import AuxCommon


@tagged("post_install", "-at_install")
class TestAux(AuxCommon):
    """Pigs: kept in kg, counted in head of 100 kg, sold by either."""

    # -- quantities ------------------------------------------------------------

    def test_both_quantities(self):
        """Each proposes the other, and both go to the delivery."""
        order = self._order(self.pig, jxc_aux_qty=20)
        line = order.order_line
        self.assertEqual((line.product_uom_qty, line.jxc_aux_qty), (2000, 20))
        self.assertEqual(line.jxc_quantity_text, "2000 kg(20头)")
        line.product_uom_qty = 1873.5
        self.assertEqual(line.jxc_aux_qty, 20, "another weight of the same head")
        line.product_uom_qty = 500
        self.assertEqual(line.jxc_aux_qty, 5, "another order")
        line.write({"product_uom_qty": 1873.5, "jxc_aux_qty": 20})
        order.action_confirm()
        self.assertEqual(order.picking_ids.move_ids.jxc_aux_qty, 20)
        line.jxc_aux_qty = 19
        self.assertEqual(order.picking_ids.move_ids.jxc_aux_qty, 19)
        line.write({"product_uom_qty": 2100, "jxc_aux_qty": 21})
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("jxc_aux_qty")), 21)

    def test_last_price_names_the_unit_that_was_priced(self):
        self._order(self.pig, jxc_aux_qty=20, price_unit=1480).action_confirm()
        line = self._order(self.pig, jxc_aux_qty=1).order_line
        self.assertRegex(line.jxc_last_price, r"1,480\.00.*/" + self.head.name)

    def test_proposed_head(self):
        """Who ordered 5 head gets 5, even if the stock is a little lighter."""
        quant = self.pig.stock_quant_ids.filtered("quantity")
        quant = quant.filtered(lambda quant: quant.location_id.usage == "internal")
        quant = quant.with_context(inventory_mode=True)
        quant.inventory_quantity = 9700
        quant.action_apply_inventory()
        order = self._order(self.pig, product_uom_qty=500, jxc_aux_qty=5)
        order.action_confirm()
        self.assertEqual(order.picking_ids.move_ids.jxc_aux_done, 5)
        rest = self._order(self.pig, product_uom_qty=9200, jxc_aux_qty=90)
        rest.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        rest.picking_ids.do_unreserve()
        rest.picking_ids.action_assign()
        self.assertEqual(rest.picking_ids.move_ids.jxc_aux_done, 95, "all that is left")

    def test_form(self):
        """Entered head propose the weight; the weight does not push back."""
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.pig
                line.jxc_aux_qty = 7
                self.assertEqual(line.product_uom_qty, 700)
                line.product_uom_qty = 720
                self.assertEqual(line.jxc_aux_qty, 7)
        self.assertEqual(form.record.order_line.price_subtotal, 7 * 1500)

    # -- prices ----------------------------------------------------------------

    def test_price_by_auxiliary_unit(self):
        """20 head of 1,500, whatever they weigh; tax through the platform."""
        tax = self.env["account.tax"].create(
            {"name": "Nine", "amount": 9, "type_tax_use": "sale"}
        )
        line = self._order(
            self.pig, tax, product_uom_qty=1873.5, jxc_aux_qty=20
        ).order_line
        self.assertEqual(line.price_unit, 1500)
        self.assertEqual(line.price_subtotal, 30000)
        self.assertEqual(line.price_total, 32700)
        self.assertEqual(line.order_id.amount_total, 32700)
        line.jxc_aux_qty = 19
        self.assertEqual(line.order_id.amount_untaxed, 28500)
        pork = self._order(self.pork, product_uom_qty=1873.5, jxc_aux_qty=20).order_line
        self.assertEqual(pork.price_subtotal, 28102.5)

    def test_price_stays_as_agreed(self):
        """The product's way of pricing is for new lines."""
        order = self._order(self.pig, product_uom_qty=2000, jxc_aux_qty=20)
        self.pig.jxc_price_by = "base"
        order.order_line.discount = 10
        self.assertEqual(order.amount_untaxed, 27000)

    def test_way_of_pricing_is_not_written(self):
        order = self._order(self.pig, product_uom_qty=2000, jxc_aux_qty=20)
        order.action_confirm()
        with self.assertRaises(AccessError):
            order.order_line.with_user(self.salesman).jxc_is_priced_by_aux = False

    def test_more_head_than_ordered_are_invoiced(self):
        """What is paid by the head takes credit by the head, also at delivery."""
        order = self._order(self.pig, product_uom_qty=2000, jxc_aux_qty=20)
        self.account.credit_limit = 30000
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "1,500.00 is missing"):
            self._deliver(order, 2000, 21)
        self.account.credit_limit = 31500
        self._deliver(order, 2000, 21)
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_total, 31500)
        invoice.action_post()
        self.assertEqual(self._exposure(), 31500)

    def test_way_of_pricing_follows_the_product(self):
        """Nobody turns 20 head into 2,000 kg, or back, on a line."""
        order = self._order(self.pig, product_uom_qty=2000, jxc_aux_qty=20)
        line = order.order_line.with_user(self.salesman)
        with self.assertRaises(AccessError):
            line.jxc_is_priced_by_aux = False
        values = {"order_id": order.id, "product_id": self.pork.id}
        with self.assertRaises(AccessError):
            line.create({**values, "jxc_is_priced_by_aux": True})
        line = line.with_context(default_jxc_is_priced_by_aux=True).create(values)
        self.assertFalse(line.jxc_is_priced_by_aux)

    def test_other_unit_is_refused(self):
        ton = self.env.ref("uom.product_uom_ton")
        with self.assertRaisesRegex(ValidationError, "Pig is priced by 头"):
            self._order(self.pig, product_uom_qty=2, product_uom_id=ton.id)
        self._order(self.pork, product_uom_qty=2, product_uom_id=ton.id)

    def test_invoice(self):
        """Invoices are for the head that were delivered, part by part."""
        tax = self.env["account.tax"].create(
            {"name": "Nine", "amount": 9, "type_tax_use": "sale"}
        )
        order = self._order(self.pig, tax, product_uom_qty=2000, jxc_aux_qty=20)
        order.action_confirm()
        self._deliver(order, 860, 9)
        line = order.order_line
        self.assertEqual(line.jxc_aux_delivered, 9)
        self.assertAlmostEqual(line.untaxed_amount_to_invoice, 13500)
        first = order._create_invoices()
        billed = first.invoice_line_ids
        self.assertEqual((billed.quantity, billed.jxc_aux_qty), (860, 9))
        self.assertEqual(first.amount_untaxed, 13500)
        self.assertEqual(first.amount_total, 14715)
        self.assertEqual(first.amount_tax, 1215)
        first.action_post()
        self.assertAlmostEqual(line.untaxed_amount_to_invoice, 0)
        self._deliver(order, 1100, 11)
        second = order._create_invoices()
        billed = second.invoice_line_ids
        self.assertEqual((billed.quantity, billed.jxc_aux_qty), (1100, 11))
        second.action_post()
        self.assertEqual(line.jxc_aux_invoiced, 20)
        self.assertEqual(line.untaxed_amount_invoiced, 30000)
        refund = first._reverse_moves([{"invoice_date": first.invoice_date}])
        self.assertEqual(refund.amount_total, 14715)
        self.assertEqual(line.jxc_aux_invoiced, 11)

    def test_invoice_of_the_order(self):
        """Invoiced as ordered: what was agreed, not what is weighed."""
        self.pig.invoice_policy = "order"
        order = self._order(self.pig, product_uom_qty=1900, jxc_aux_qty=20)
        order.action_confirm()
        invoice = order._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.jxc_aux_qty, 20)
        self.assertEqual(invoice.amount_untaxed, 30000)

    def test_changed_invoice(self):
        """Head corrected on a draft change tax and total; posted they are fixed."""
        tax = self.env["account.tax"].create(
            {"name": "Nine", "amount": 9, "type_tax_use": "sale"}
        )
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-31",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.pig.id,
                            "quantity": 1000,
                            "jxc_aux_qty": 10,
                            "price_unit": 1500,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                ],
            }
        )
        line = invoice.invoice_line_ids
        self.assertEqual(invoice.amount_total, 16350)
        line.jxc_aux_qty = 11
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (1485, 17985))
        invoice.invoice_line_ids = [Command.update(line.id, {"jxc_aux_qty": 9})]
        self.assertEqual((invoice.amount_tax, invoice.amount_total), (1215, 14715))
        self.assertFalse(sum(invoice.line_ids.mapped("balance")))
        invoice.action_post()
        with self.assertRaisesRegex(UserError, "keep their auxiliary quantity"):
            line.jxc_aux_qty = 10
        line.product_uom_id = self.kg

    def test_unit_of_invoices(self):
        """An invoice in a unit that the product cannot be measured in is refused."""
        with self.assertRaisesRegex(ValidationError, "does not convert"):
            self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.pork.id,
                                "quantity": 1,
                                "product_uom_id": self.head.id,
                            }
                        )
                    ],
                }
            )

    def test_credit_limit_sees_the_head(self):
        """More head at the same weight cost more, also for the credit limit."""
        order = self._order(self.pig, product_uom_qty=2000, jxc_aux_qty=20)
        order.action_confirm()
        self.account.credit_limit = 30000
        with self.assertRaises(UserError):
            order.order_line.jxc_aux_qty = 21

    def test_query_count(self):
        """100 lines are computed with the queries of one."""
        lines = [
            {"product_id": self.pig.id, "product_uom_qty": 100 + number}
            for number in range(100)
        ]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create(vals) for vals in lines],
            }
        )
        counts = []
        for some in (order.order_line[:1], order.order_line):
            self.env.flush_all()
            self.env.invalidate_all()
            some = some.browse(some.ids)
            before = self.cr.sql_log_count
            some._compute_jxc_aux_qty()
            some.mapped("jxc_quantity_text")
            some.mapped("jxc_unit_spec")
            some.mapped("jxc_aux_invoiced")
            some.mapped("jxc_aux_delivered")
            counts.append(self.cr.sql_log_count - before)
            self.env.invalidate_all(flush=False)
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
