# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Returns reverse the original cost, and are undone at exactly that."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .return_common import ReturnCommon


class ReturnCostCommon(ReturnCommon):
    """Goods that are bought at costs of their own, come back, and leave again."""

    @classmethod
    def _create_valued(cls, method, **values):
        category = cls.env["product.category"].create(
            {"name": "Valued", "property_cost_method": method}
        )
        return cls._create_lamp(stock=0, name="Vase", categ_id=category.id, **values)

    def _buy(self, product, quantity, cost, lot=None):
        """Goods from a supplier at a cost of their own."""
        warehouse = self.warehouse
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "price_unit": cost,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        if lot:
            move.move_line_ids.lot_id = lot
        move.picked = True
        move._action_done()
        move.value_manual = quantity * cost
        return move

    def _accept(self, product, quantity, **line):
        back = self._create_return(quantity, product=product)
        back.line_ids.write(line)
        back.action_confirm()
        back.action_accept()
        return back

    def _past(self, product):
        """Let it all have happened before: not within one second, as in a test."""
        moves = self.env["stock.move"].search([("product_id", "=", product.id)])
        for hours, move in enumerate(moves.sorted("id", reverse=True), start=1):
            move.date = fields.Datetime.now() - timedelta(hours=hours)
        values = self.env["product.value"].search([("product_id", "=", product.id)])
        values.date = fields.Datetime.now() - timedelta(days=9)

    def _undo(self, back):
        """Cancel a return; its goods leave at the cost they came with."""
        receipt = back.picking_ids.move_ids
        came = sum(receipt.mapped("value"))
        back.action_cancel()
        sent = back.picking_ids.move_ids - receipt
        self.assertAlmostEqual(sum(sent.mapped("value")), came, 2)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestReturnCost(ReturnCostCommon):
    def test_original_cost(self):
        """Goods come back at the cost they left with."""
        product = self._create_valued("average", standard_price=40)
        self._add_stock(product, 10)
        self._sell(4, product=product)
        product.standard_price = 60
        back = self._accept(product, 2)
        self.assertEqual(back.picking_ids.move_ids.value, 80)

    def test_undone_at_average_cost(self):
        """Undone returns leave the value of stock as it was, though costs moved."""
        product = self._create_valued("average")
        self._buy(product, 10, 40)
        delivery = self._sell(4, product=product).picking_ids.move_ids
        self.assertEqual(product.total_value, 240)
        back = self._accept(product, 2)
        self.assertEqual(product.total_value, 320)
        # Dearer goods come in meanwhile: 12 for 720.
        self._buy(product, 4, 100)
        self._past(product)
        self.assertEqual(product.total_value, 720)
        self._undo(back)
        self.assertEqual(product.total_value, 640)
        self.assertEqual(product.standard_price, 64)
        self.assertEqual(delivery.value, 160)

    def test_undone_first_in_first_out(self):
        """The very goods that were there before are sold next, in their order."""
        product = self._create_valued("fifo")
        self._buy(product, 10, 40)
        self._buy(product, 10, 60)
        self._sell(12, product=product)
        self.assertEqual(product.total_value, 480)
        back = self._accept(product, 12)
        self.assertEqual(product.total_value, 1000)
        self._buy(product, 4, 100)
        self._past(product)
        self.assertEqual(product.total_value, 1400)
        self._undo(back)
        self.assertEqual(product.total_value, 880)
        self.assertAlmostEqual(product.standard_price, 880 / 12, 2)
        remaining = product._get_remaining_moves()[product]
        self.assertEqual(
            {move.value / move.quantity: left for move, left in remaining.items()},
            {60: 8, 100: 4},
        )
        self.assertEqual(self._sell(9, product=product).picking_ids.move_ids.value, 580)
        self.assertEqual(product.total_value, 300)

    def test_undone_with_scrap(self):
        """What was scrapped comes back with its value, whichever way it is valued."""
        for method in ("standard", "average", "fifo"):
            with self.subTest(method):
                product = self._create_valued(method, standard_price=50)
                self._buy(product, 6, 40)
                self._buy(product, 10, 60)
                self._sell(8, product=product)
                worth, stock = product.total_value, product.qty_available
                back = self._accept(product, 5, qty_restock=2, qty_scrap=3)
                self.assertEqual(product.qty_available, stock + 2)
                scrapped = back.scrap_ids.move_ids
                self._past(product)
                back.action_cancel()
                self.env.invalidate_all()
                self.assertEqual(product.qty_available, stock)
                self.assertAlmostEqual(product.total_value, worth)
                undone = back.scrap_ids.move_ids - scrapped
                self.assertAlmostEqual(undone.value, scrapped.value)
                if method == "fifo":
                    remaining = product._get_remaining_moves()[product]
                    self.assertEqual(
                        {m.value / m.quantity: left for m, left in remaining.items()},
                        {60: 8},
                    )
                sold = self._sell(8, product=product).picking_ids.move_ids
                self.assertAlmostEqual(sold.value, worth)
                self.assertAlmostEqual(product.total_value, 0)

    def test_undone_with_scrap_by_lot(self):
        for method in ("average", "fifo"):
            with self.subTest(method):
                product = self._create_valued(method, tracking="lot", lot_valuated=True)
                lot = self.env["stock.lot"].create(
                    {"name": "L1", "product_id": product.id}
                )
                self._buy(product, 10, 40, lot=lot)
                self._sell(4, product=product)
                self.env.invalidate_all()
                worth = lot.total_value
                self.assertEqual(worth, 240)
                back = self._accept(product, 3, qty_scrap=3)
                self._past(product)
                back.action_cancel()
                self.env.invalidate_all()
                self.assertAlmostEqual(lot.total_value, worth)
                self.assertAlmostEqual(product.qty_available, 6)

    def test_one_of_two_undone(self):
        """What another return brought stays, with its cost."""
        product = self._create_valued("fifo")
        self._buy(product, 10, 40)
        self._buy(product, 10, 60)
        self._sell(10, product=product)
        first = self._accept(product, 2)
        second = self._accept(product, 3)
        self._past(product)
        self.assertEqual(product.total_value, 600 + 5 * 40)
        self._undo(first)
        self.assertEqual(product.total_value, 600 + 3 * 40)
        # Stock at a moment of the past is what it was then.
        then = product.with_context(to_date=fields.Datetime.now() - timedelta(days=1))
        self.assertEqual(then.total_value, 0)
        self._undo(second)
        self.assertEqual(product.total_value, 600)

    def test_undone_by_lot(self):
        """Each lot keeps its own cost, whichever way it is valued."""
        for method in ("average", "fifo"):
            with self.subTest(method):
                product = self._create_valued(method, tracking="lot", lot_valuated=True)
                one, other = self.env["stock.lot"].create(
                    [{"name": name, "product_id": product.id} for name in ("B1", "B2")]
                )
                self._buy(product, 10, 40, lot=one)
                self._buy(product, 10, 60, lot=other)
                sold = self._sell(4, product=product)
                self.assertEqual(sold.picking_ids.move_line_ids.lot_id, one)
                back = self._accept(product, 2, lot_id=one.id)
                self.assertEqual((one.total_value, other.total_value), (320, 600))
                self._buy(product, 4, 100, lot=one)
                self._past(product)
                self.env.invalidate_all()
                self.assertEqual((one.total_value, other.total_value), (720, 600))
                self._undo(back)
                self.assertEqual((one.total_value, other.total_value), (640, 600))
                self.assertEqual(product.total_value, 1240)
                # What was delivered cost what it cost.
                self.assertEqual(sold.picking_ids.move_ids.sorted("id")[0].value, 160)

    def test_lots_of_one_delivery_come_back_at_their_own_costs(self):
        """Not at the mean cost of what left together, which no lot had."""
        for method in ("average", "fifo"):
            with self.subTest(method):
                product = self._create_valued(method, tracking="lot", lot_valuated=True)
                one, other = self.env["stock.lot"].create(
                    [{"name": name, "product_id": product.id} for name in ("M1", "M2")]
                )
                self._buy(product, 10, 40, lot=one)
                self._buy(product, 10, 60, lot=other)
                self._sell(15, product=product)
                self.env.invalidate_all()
                self.assertEqual((one.total_value, other.total_value), (0, 300))
                back = self._accept(product, 12)
                self.env.invalidate_all()
                came = {
                    lot: sum(
                        line.quantity
                        for line in back.picking_ids.move_line_ids
                        if line.lot_id == lot
                    )
                    for lot in (one, other)
                }
                self.assertEqual(sum(came.values()), 12)
                self.assertEqual(one.total_value, came[one] * 40)
                self.assertEqual(other.total_value, 300 + came[other] * 60)
                self._past(product)
                self._undo(back)
                self.assertEqual((one.total_value, other.total_value), (0, 300))
