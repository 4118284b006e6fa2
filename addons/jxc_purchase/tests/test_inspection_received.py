# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionReceived(InspectionCommon):
    """The received quantity of an order is what was accepted, for every reader."""

    def _figures(self, order):
        line = order.order_line
        return (
            line.jxc_qty_arrived,
            line.qty_received,
            line.jxc_qty_inspecting,
            line.jxc_qty_rejected,
        )

    def _open_transfers(self, order):
        return order.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        )

    def test_one_truth(self):
        order = self._buy((self.wine, 10))
        line = order.order_line
        self._come(order, 8)
        self.assertEqual(self._figures(order), (8, 0, 8, 0))
        self._decide(
            self._inspection(order, self.keeper),
            accepted=5,
            concession=1,
            rejected=2,
            concession_reason="Agreed",
        )
        # A concession is accepted.
        self.assertEqual(self._figures(order), (8, 6, 0, 2))
        self.assertEqual(line.jxc_qty_accepted, 6)
        self.assertEqual(line.qty_to_invoice, 6)
        self.env.flush_all()
        report = self.env["purchase.report"].search([("order_id", "=", order.id)])
        self.assertEqual((report.qty_received, report.qty_to_be_billed), (6, 6))
        self._come(order, 2)
        self.assertEqual(self._figures(order), (10, 6, 2, 2))
        self._decide(self._inspection(order), accepted=2)
        self.assertEqual(self._figures(order), (10, 8, 0, 2))

    def test_receipt_status(self):
        order = self._buy((self.wine, 10))
        self.assertEqual(order.receipt_status, "pending")
        self._come(order)
        self.assertEqual(order.receipt_status, "pending")
        self._decide(self._inspection(order), accepted=6, rejected=4)
        self.assertEqual(order.receipt_status, "partial")
        order.action_jxc_close_short()
        self.assertEqual(
            (order.order_line.product_qty, order.receipt_status), (6, "full")
        )

    def test_receipt_status_of_accepted_goods(self):
        order = self._buy((self.wine, 10), (self.water, 5))
        self._come(order)
        self.assertEqual(order.receipt_status, "partial")
        self._decide(self._inspection(order), accepted=10)
        self.assertEqual(order.receipt_status, "full")

    def test_ordered_less_than_is_here(self):
        """No transfer is planned for goods that are here and not accepted."""
        for accepted, wanted in ((0, 8), (4, 6), (4, 10)):
            with self.subTest(accepted=accepted, wanted=wanted):
                order = self._buy((self.wine, 12))
                self._come(order, 10)
                self._open_transfers(order).action_cancel()
                if accepted:
                    self._decide(
                        self._inspection(order),
                        accepted=accepted,
                        rejected=10 - accepted,
                    )
                order.order_line.product_qty = wanted
                self.assertFalse(self._open_transfers(order))
                self.assertEqual(order.order_line.qty_received, accepted)

    def test_ordered_more_than_is_here(self):
        order = self._buy((self.wine, 10))
        self._come(order)
        order.order_line.product_qty = 13
        coming = self._open_transfers(order)
        self.assertEqual(sum(coming.move_ids.mapped("product_qty")), 3)

    def test_ordered_less_than_billed(self):
        """Who lowers an order below its bills is told, as without inspections."""
        order = self._buy((self.wine, 10))
        order.order_line.product_id.purchase_method = "purchase"
        self._come(order)
        order.action_create_invoice()
        order.order_line.product_qty = 8
        self.assertFalse(self._open_transfers(order))
        self.assertIn("refund", order.invoice_ids.activity_ids.note)

    def test_notes_tell_what_is_received(self):
        order = self._buy((self.wine, 10))
        before = order.message_ids
        self._come(order)
        self._decide(self._inspection(order), accepted=7, rejected=3)
        told = [
            "".join(message.body.split())
            for message in order.message_ids - before
            if "Received Quantity" in (message.body or "")
        ]
        self.assertEqual(len(told), 1)
        self.assertIn("ReceivedQuantity:0.0-&gt;7.0", told[0])

    def test_rejected_goods_that_go_back(self):
        """Their return takes nothing off what was accepted."""
        order = self._buy((self.wine, 10))
        self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=7, rejected=3, reject_to="return")
        back = inspection.move_ids.picking_id
        back.move_ids.picked = True
        back.with_user(self.inspector).button_validate()
        self.assertEqual(self._figures(order), (7, 7, 0, 3))

    def test_accrual_of_an_earlier_day(self):
        """Of what was here then counts what is decided today."""
        order = self._buy((self.wine, 10))
        self._come(order)
        self._decide(self._inspection(order), accepted=7, rejected=3)
        day = fields.Date.subtract(fields.Date.context_today(order), days=1)
        order.order_line.move_ids.date = fields.Datetime.to_datetime(
            fields.Date.subtract(day, days=1)
        )
        line = order.order_line.with_context(accrual_entry_date=str(day))
        self.assertEqual(line.qty_received_at_date, 7)
        self.assertEqual(line.amount_to_invoice_at_date, 70)

    def test_two_quantities(self):
        """The auxiliary quantity to bill is that of the accepted goods."""
        head = self.env["uom.uom"].create({"name": "Head"})
        kilo = self.env.ref("uom.product_uom_kgm")
        pork = self._product("Pork")
        pork.write({"uom_id": kilo.id})
        pork.product_tmpl_id.write(
            {
                "jxc_aux_uom_id": head.id,
                "jxc_aux_ratio": 95.0,
                "jxc_aux_tolerance": 20.0,
            }
        )
        self._rule(product_id=pork.id)
        order = self._buy((pork, 1900, kilo))
        receipt = order.picking_ids.with_user(self.inspector)
        receipt.move_line_ids.write({"quantity": 1900, "jxc_aux_qty": 20})
        receipt.move_ids.picked = True
        receipt.button_validate()
        line = order.order_line
        self.assertEqual((line.qty_received, line.jxc_aux_received), (0, 0))
        self._decide(self._inspection(order), accepted=1520, rejected=380)
        self.assertEqual((line.qty_received, line.jxc_aux_received), (1520, 16))
        order.action_create_invoice()
        billed = order.invoice_ids.invoice_line_ids
        self.assertEqual((billed.quantity, billed.jxc_aux_qty), (1520, 16))

    def test_two_orders_lines_of_one_receipt(self):
        """Each line receives its own goods."""
        order = self._buy((self.wine, 10), (self.wine, 4))
        self._come(order)
        inspection = self._inspection(order)
        for line in inspection.line_ids:
            line.write({"qty_accepted": line.qty_received - 1, "qty_rejected": 1})
        inspection.action_done()
        self.assertEqual(order.order_line.mapped("qty_received"), [9, 3])

    def test_what_a_client_may_not_write(self):
        order = self._buy((self.wine, 10))
        with self.assertRaises(AccessError):
            order.with_user(self.buyer).write(
                {
                    "order_line": [
                        Command.update(order.order_line.id, {"jxc_qty_arrived": 10})
                    ]
                }
            )
