# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestPutaway(UnitCase):
    """Shelves are looked for where there may be any."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.shelf_stock = cls.warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(cls.wine, cls.shelf_stock, 20)

    def _place(self, name, parent):
        return self.env["stock.location"].create(
            {"name": name, "location_id": parent.id, "usage": parent.usage}
        )

    def _rule(self, source, target):
        return self.env["stock.putaway.rule"].create(
            {
                "location_in_id": source.id,
                "location_out_id": target.id,
                "product_id": self.wine.id,
                "company_id": self.warehouse.company_id.id,
            }
        )

    def _deliver(self, quantity=5):
        move = self.env["stock.move"].create(
            {
                "product_id": self.wine.id,
                "product_uom_qty": quantity,
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.shelf_stock.id,
                "location_dest_id": self.customers.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        return move

    def test_delivery(self):
        """To the customer, wherever else there are places at customers."""
        self._place("Branch", self.customers)
        move = self._deliver()
        self.assertEqual(move.state, "assigned")
        self.assertEqual(move.move_line_ids.location_dest_id, self.customers)

    def test_delivery_with_rule(self):
        """A rule for goods at customers is followed."""
        branch = self._place("Branch", self.customers)
        self._rule(self.customers, branch)
        move = self._deliver()
        self.assertEqual(move.move_line_ids.location_dest_id, branch)

    def test_line_that_goes_elsewhere(self):
        """What is not at the destination of its move is brought there."""
        branch = self._place("Branch", self.customers)
        line = self._deliver().move_line_ids
        line.location_dest_id = branch
        line._apply_putaway_strategy()
        self.assertEqual(line.location_dest_id, self.customers)

    def test_receipt(self):
        """Goods that come in go to their shelf."""
        shelf = self._place("Shelf W", self.shelf_stock)
        self._rule(self.shelf_stock, shelf)
        move = self._create_move(self.wine, 4)
        move._action_confirm()
        self.assertEqual(move.move_line_ids.location_dest_id, shelf)
