# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .aux_common import AuxCommon


@tagged("post_install", "-at_install")
class TestAuxReturn(AuxCommon):
    """Goods by weight and pieces come back with both."""

    def test_return(self):
        order = self._order(self.pig, product_uom_qty=2000, jxc_aux_qty=20)
        order.action_confirm()
        picking = self._deliver(order, 2000, 20).picking_id
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 500
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.quantity = 500
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(order.order_line.jxc_aux_delivered, 15)

    def _back(self, product, weight, head, accepted):
        """A return of so much, accepted in part, and settled."""
        reason = self.env.ref("jxc_sales.jxc_sale_return_reason_quality")
        line = {"product_id": product.id, "product_uom_qty": weight}
        back = self.env["jxc.sale.return"].create(
            {
                "partner_id": self.customer.id,
                "reason_id": reason.id,
                "line_ids": [Command.create({**line, "jxc_aux_qty": head})],
            }
        )
        back.action_confirm()
        back.line_ids.qty_restock = accepted
        back.action_accept()
        back.action_done()
        return back

    def test_return_document(self):
        """20 头 weighing 1,873.5 kg, priced by kg: half of the weight is accepted."""
        order = self._order(
            self.pork, product_uom_qty=5000, jxc_aux_qty=50, price_unit=15
        )
        order.action_confirm()
        self._deliver(order, 5000, 50)
        order._create_invoices().action_post()
        back = self._back(self.pork, 1873.5, 20, 936.75)
        self.assertEqual(back.line_ids.quantity_text, "1873.5 kg(20头)")
        self.assertEqual(back.picking_ids.move_ids.jxc_aux_done, 10)
        line = order.order_line
        self.assertEqual((line.qty_delivered, line.jxc_aux_delivered), (4063.25, 40))
        self.assertRecordValues(
            back.invoice_ids.invoice_line_ids,
            [{"quantity": 936.75, "jxc_aux_qty": 10, "price_total": 14051.25}],
        )
        self.assertEqual(self.account.exposure, 75000 - 14051.25)
        back.action_cancel()
        self.assertEqual((line.qty_delivered, line.jxc_aux_delivered), (5000, 50))

    def test_return_priced_by_head(self):
        """By the head, what comes back is worth its heads, however light they are."""
        order = self._order(
            self.pig, product_uom_qty=5000, jxc_aux_qty=50, price_unit=1500
        )
        order.action_confirm()
        move = self._deliver(order, 5000, 50)
        order._create_invoices().action_post()
        row = move.picking_id._jxc_note_lines()[0]
        self.assertEqual((row["price"], row["amount"]), (1500, 75000))
        self.assertEqual(row["price_unit"], self.head)
        back = self._back(self.pig, 1873.5, 20, 1873.5)
        self.assertEqual(back.line_ids.amount, 30000)
        self.assertEqual(back.invoice_ids.amount_total, 30000)
        self.assertEqual(self.account.exposure, 45000)

    def test_more_pieces_than_delivered_are_refused(self):
        """A weight that is still there does not bring pieces back that are not."""
        order = self._order(self.pork, product_uom_qty=2000, jxc_aux_qty=20)
        order.action_confirm()
        self._deliver(order, 2000, 20)
        self._back(self.pork, 1500, 16, 1500)
        reason = self.env.ref("jxc_sales.jxc_sale_return_reason_quality")
        line = {
            "product_id": self.pork.id,
            "product_uom_qty": 500,
            "jxc_aux_qty": 5,
        }
        back = self.env["jxc.sale.return"].create(
            {
                "partner_id": self.customer.id,
                "reason_id": reason.id,
                "line_ids": [Command.create(line)],
            }
        )
        with self.assertRaisesRegex(UserError, "Pork: 5 头 asked, 4 left"):
            back.action_confirm()
        back.line_ids.jxc_aux_qty = 4
        back.action_confirm()
        # What is on its way back is not there a second time.
        again = back.copy({"line_ids": [Command.clear()]})
        again.line_ids = [
            Command.create({**line, "product_uom_qty": 100, "jxc_aux_qty": 1})
        ]
        with self.assertRaises(UserError):
            again.action_confirm()
