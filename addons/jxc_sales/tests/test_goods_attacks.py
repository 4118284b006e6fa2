# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .return_common import ReturnCommon
from .unordered_common import UnorderedCommon


@tagged("post_install", "-at_install")
class TestGoodsAttacks(ReturnCommon, UnorderedCommon):
    """What left, and what came back, is written by nobody: goods move, or do not."""

    def _try(self, record, values):
        with suppress(AccessError, UserError):
            record.with_user(self.shipper).write(values)
        self.env.invalidate_all()

    def test_status_of_transfers(self):
        order = self._create_order(3)
        order.action_confirm()
        picking = order.picking_ids
        self._try(picking, {"state": "done"})
        self.assertEqual(picking.state, "assigned")
        self._deliver(order)
        for state in ("cancel", "draft"):
            self._try(picking, {"state": state})
            self.assertEqual(picking.state, "done")
        # What is empty is still cancelled by whoever ships.
        empty = picking.copy({"move_ids": []}).with_user(self.shipper)
        empty.action_cancel()
        self.assertEqual(empty.state, "cancel")

    def test_goods_of_an_order_that_left(self):
        order = self._sell(5)
        self.assertEqual(self._exposure(), 500)
        move = order.picking_ids.move_ids
        for values in (
            {"state": "cancel"},
            {"state": "draft"},
            {"location_dest_id": self.warehouse.lot_stock_id.id},
            {"location_id": self.customers.id},
        ):
            with self.subTest(values):
                self._try(move, values)
                self.assertEqual(self._exposure(), 500)
        for values in (
            {"state": "cancel"},
            {"quantity_product_uom": 1},
            {"location_dest_id": self.warehouse.lot_stock_id.id},
        ):
            with self.subTest(line=values):
                self._try(move.move_line_ids, values)
                self.assertEqual(self._exposure(), 500)
                self.assertEqual(move.move_line_ids.quantity_product_uom, 5)

    def test_goods_without_order_that_left(self):
        picking = self._leave(3)
        self.assertEqual(self._exposure(), 300)
        move = picking.move_ids
        for values in (
            {"state": "cancel"},
            {"state": "draft"},
            {"location_dest_id": self.warehouse.lot_stock_id.id},
            {"location_id": self.customers.id},
        ):
            with self.subTest(values):
                self._try(move, values)
                self.assertEqual(self._exposure(), 300)

    def test_receipt_that_is_no_return(self):
        """What a supplier brings is not what a customer gives back."""
        move = self._leave(3).move_ids
        supplier = self.env.ref("stock.stock_location_suppliers")
        receipt = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 3,
                "location_id": supplier.id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
            }
        )
        receipt._action_confirm()
        receipt.write({"quantity": 3, "picked": True})
        receipt._action_done()
        self._try(receipt, {"origin_returned_move_id": move.id})
        self._try(receipt, {"to_refund": True})
        self.assertEqual(self._exposure(), 300)

    def test_over_return_by_lots(self):
        self.product.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L1", "product_id": self.product.id}
        )
        self._add_stock(self.product, 5, lot)
        order = self._sell(2)
        line = order.picking_ids.move_line_ids
        self._try(line, {"quantity_product_uom": 9})
        self.assertEqual(sum(line.mapped("quantity_product_uom")), 2)
