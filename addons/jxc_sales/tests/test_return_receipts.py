# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnReceipts(ReturnCommon):
    """Goods that come back in several times, by backorders of the warehouse."""

    def _come(self, back, quantity):
        """The warehouse takes so much in; the rest comes later."""
        picking = back.picking_ids.filtered(lambda one: one.state == "assigned")
        picking.move_ids.write({"quantity": quantity, "picked": True})
        picking._action_done()
        self.assertEqual(picking.state, "done")

    def _promised(self, quantity=5, price=100):
        order = self._sell(quantity, price=price)
        order._create_invoices().action_post()
        back = self._create_return(quantity)
        back.action_confirm()
        return order, back

    def _settled(self, back):
        back.action_done()
        back.invoice_ids.action_post()
        return back.invoice_ids.amount_total

    def test_all_of_it_counts(self):
        order, back = self._promised()
        for quantity, exposure, state in (
            (2, 300, "confirmed"),
            (1, 200, "confirmed"),
            (2, 0, "accepted"),
        ):
            self._come(back, quantity)
            self.assertEqual(self._exposure(), exposure)
            self.assertEqual(back.state, state)
        self.assertEqual(self._parts(), {"receivable": 500, "returned": 500})
        self.assertEqual(len(back.picking_ids), 3)
        line = back.line_ids
        self.assertEqual((line.qty_restock, line.amount_accepted), (5, 500))
        self.assertEqual(self._settled(back), 500)
        self.assertEqual(self._exposure(), 0)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_rest_that_does_not_come(self):
        _order, back = self._promised()
        self._come(back, 2)
        self._come(back, 1)
        rest = back.picking_ids.filtered(lambda one: one.state == "assigned")
        rest.move_ids.write({"quantity": 1, "picked": True})
        rest.with_context(cancel_backorder=True)._action_done()
        self.assertEqual((back.state, back.line_ids.qty_restock), ("accepted", 4))
        self.assertEqual(self._settled(back), 400)
        self.assertEqual(self._exposure(), 100)

    def test_rest_is_accepted_by_the_document(self):
        _order, back = self._promised()
        self._come(back, 2)
        back.with_user(self.storekeeper).action_accept()
        self.assertEqual((back.state, back.line_ids.qty_restock), ("accepted", 5))
        self.assertEqual(set(back.picking_ids.mapped("state")), {"done"})
        self.assertEqual(self._settled(back), 500)
        back.action_cancel()
        self.assertEqual(self._exposure(), 500)

    def test_outcome_of_all_of_it(self):
        """The document says what became of what came, and of what comes with it."""
        _order, back = self._promised()
        before = self.product.qty_available
        self._come(back, 2)
        back.line_ids.write({"qty_restock": 1, "qty_defective": 1})
        with self.assertRaises(UserError) as refused:
            back.action_accept()
        self.assertIn("came in already", str(refused.exception))
        back.line_ids.write({"qty_restock": 2, "qty_defective": 1, "qty_scrap": 1})
        back.action_accept()
        self.product.invalidate_recordset()
        self.assertEqual(self.product.qty_available, before + 3)
        self.assertEqual(self._settled(back), 400)
        self.assertEqual(self._exposure(), 100)

    def test_several_deliveries(self):
        """What came of one delivery is worth what was charged for it."""
        old, new = self._sell(2, price=80), self._sell(2, price=100)
        self._date(old, "2026-01-05")
        self._date(new, "2026-03-05")
        (old | new)._create_invoices().action_post()
        back = self._create_return(4)
        back.action_confirm()
        first, second = back.line_ids.allocation_ids.return_move_id
        self.assertEqual(first.origin_returned_move_id.sale_line_id, new.order_line)
        second.write({"quantity": 1, "picked": True})
        second.picking_id._action_done()
        back.line_ids.qty_restock = 2
        back.action_accept()
        self.assertEqual(back.line_ids.amount_accepted, 180)
        self.assertEqual(self._settled(back), 180)

    def test_lots(self):
        self.product.tracking = "lot"
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.product.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self._add_stock(self.product, 3, lot)
        _order, back = self._promised(6)
        picking = back.picking_ids
        lines = picking.move_line_ids
        lines.filtered(lambda line: line.lot_id == lots[0]).quantity = 1
        lines.filtered(lambda line: line.lot_id == lots[1]).quantity = 2
        picking.move_ids.picked = True
        picking._action_done()
        back.line_ids.write({"qty_restock": 3, "qty_defective": 3})
        back.action_accept()
        for lot, good, bad in ((lots[0], 1, 2), (lots[1], 2, 1)):
            held = lot.quant_ids.filtered(
                lambda quant: quant.location_id.usage == "internal" and quant.quantity
            )
            broken = held.filtered(lambda one: one.location_id == self.defective)
            self.assertEqual(sum(broken.mapped("quantity")), bad)
            self.assertEqual(sum((held - broken).mapped("quantity")), good)
        self.assertEqual(self._settled(back), 600)
