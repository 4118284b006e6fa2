# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestAux(PurchaseBudgetCommon):
    """Pigs: kept in kg, counted in head of 100 kg, bought by either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.env["uom.uom"].create({"name": "头"})
        cls.kg = cls.env.ref("uom.product_uom_kgm")
        cls.pig = cls._create_pig("Pig", jxc_price_by="aux")
        cls.pork = cls._create_pig("Pork")
        cls.tax = cls.env["account.tax"].create(
            {"name": "Nine", "amount": 9, "type_tax_use": "purchase"}
        )
        # Without account it would be part of the cost.
        cls.tax.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = cls.env["account.account"].search(
            [("account_type", "=", "asset_current")], limit=1
        )

    @classmethod
    def _create_pig(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "uom_id": cls.kg.id,
                "purchase_method": "receive",
                "jxc_aux_uom_id": cls.head.id,
                "jxc_aux_ratio": 100,
                "jxc_aux_tolerance": 10,
                **values,
            }
        )

    def _order(self, product, **values):
        return self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": 1000,
                            "tax_ids": [Command.set(self.tax.ids)],
                            **values,
                        }
                    )
                ],
            }
        )

    def _receive(self, order, quantity, head, reason=False):
        move = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        ).move_ids
        move.quantity = quantity
        move.jxc_aux_done = head
        move.jxc_aux_reason = reason
        move.picked = True
        move.picking_id.with_context(skip_backorder=True).button_validate()
        return move

    def test_both_quantities(self):
        order = self._order(self.pork, jxc_aux_qty=20)
        line = order.order_line
        self.assertEqual((line.product_qty, line.jxc_aux_qty), (2000, 20))
        line.product_qty = 1873.5
        self.assertEqual(line.jxc_aux_qty, 20)
        self.assertEqual(line.price_subtotal, 1873500)
        order.button_confirm()
        self.assertEqual(order.picking_ids.move_ids.jxc_aux_qty, 20)
        line.jxc_aux_qty = 21
        self.assertEqual(order.picking_ids.move_ids.jxc_aux_qty, 21)

    def test_form(self):
        with Form(self.env["purchase.order"]) as form:
            form.partner_id = self.vendor
            with form.order_line.new() as line:
                line.product_id = self.pig
                line.jxc_aux_qty = 7
                self.assertEqual(line.product_qty, 700)
                line.price_unit = 1000
        self.assertEqual(form.record.order_line.price_subtotal, 7000)

    def test_other_unit_is_refused(self):
        ton = self.env.ref("uom.product_uom_ton")
        with self.assertRaisesRegex(ValidationError, "Pig is priced by 头"):
            self._order(self.pig, product_qty=2, product_uom_id=ton.id)

    def test_receipt_and_bill(self):
        """20 head at 1,000 weigh 1,873.5 kg: the stock is worth 20,000, so is the
        bill."""
        order = self._order(self.pig, product_qty=2000, jxc_aux_qty=20)
        self.assertEqual((order.amount_untaxed, order.amount_total), (20000, 21800))
        order.button_confirm()
        move = self._receive(order, 1873.5, 20)
        line = order.order_line
        self.assertEqual(line.jxc_aux_received, 20)
        self.assertAlmostEqual(move.value, 20000, 2)
        order.action_create_invoice()
        bill = order.invoice_ids
        billed = bill.invoice_line_ids
        self.assertEqual((billed.quantity, billed.jxc_aux_qty), (1873.5, 20))
        self.assertEqual((bill.amount_untaxed, bill.amount_total), (20000, 21800))
        bill.invoice_date = bill.date
        bill.action_post()
        self.assertEqual(line.jxc_aux_invoiced, 20)
        self.assertAlmostEqual(move.value, 20000, 2)

    def test_parts(self):
        """Receipt and bill in two parts; the rest of the head comes with the rest."""
        order = self._order(self.pig, product_qty=2000, jxc_aux_qty=20)
        order.button_confirm()
        first = self._receive(order, 750, 8)
        self.assertAlmostEqual(first.value, 8000, 2)
        rest = order.picking_ids.move_ids - first
        self.assertEqual((rest.product_uom_qty, rest.jxc_aux_qty), (1250, 12))
        order.action_create_invoice()
        self.assertEqual(order.invoice_ids.amount_untaxed, 8000)
        order.invoice_ids.invoice_date = order.invoice_ids.date
        order.invoice_ids.action_post()
        self._receive(order, 1250, 12)
        order.action_create_invoice()
        bills = order.invoice_ids
        self.assertEqual(sum(bills.mapped("amount_untaxed")), 20000)
        self.assertEqual(sum(bills.invoice_line_ids.mapped("jxc_aux_qty")), 20)

    def test_tolerance(self):
        order = self._order(self.pork, product_qty=2000, jxc_aux_qty=20)
        order.button_confirm()
        with self.assertRaisesRegex(UserError, "off the ratio"), self.cr.savepoint():
            self._receive(order, 1500, 20)
        move = self._receive(order, 1500, 20, reason="Young animals")
        self.assertEqual(move.jxc_aux_reason, "Young animals")
        self.assertEqual(move.state, "done")

    def test_budget_sees_the_head(self):
        """More head at the same weight cost more, also for the budget."""
        budget = self._create_budget(
            {"partner_id": self.vendor.id, "amount_planned": 21000}
        )
        order = self._order(self.pig, product_qty=2000, jxc_aux_qty=20)
        order.button_confirm()
        line = budget.line_ids
        self.assertEqual(line.amount_committed, 20000)
        with self.assertRaises(UserError):
            order.order_line.jxc_aux_qty = 22
