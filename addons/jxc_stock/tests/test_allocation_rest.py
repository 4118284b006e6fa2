# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestAllocationRest(UnitCase):
    """A transfer of an allocation is closed without a backorder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.east = cls.env["stock.warehouse"].create({"name": "East", "code": "EAST"})
        cls.env["stock.quant"]._update_available_quantity(
            cls.wine, cls.warehouse.lot_stock_id, 100
        )

    def _create_allocation(self):
        line = {
            "product_id": self.wine.id,
            "source_id": self.warehouse.id,
            "target_id": self.east.id,
            "quantity": 20,
        }
        return self.env["jxc.stock.allocation"].create(
            {"line_ids": [Command.create(line)]}
        )

    def _validate(self, picking, quantity=None):
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking._action_done()

    def test_no_backorder(self):
        """What is not sent is not waited for; what may come still is."""
        allocation = self._create_allocation()
        allocation.action_confirm()
        delivery, receipt = allocation.picking_ids.sorted("id")
        self._validate(delivery, 12)
        delivery.backorder_ids.move_ids.quantity = 3
        delivery.backorder_ids.move_ids.picked = True
        delivery.backorder_ids.with_context(
            cancel_backorder=True, skip_backorder=True
        )._action_done()
        self.assertEqual(receipt.move_ids.product_qty, 15)
        self.assertEqual((receipt.state, receipt.move_ids.quantity), ("assigned", 15))
        self.assertIn("5", receipt.message_ids[0].body)
        self._validate(receipt)
        line = allocation.line_ids
        self.assertEqual((line.received_quantity, line.in_transit_quantity), (15, 0))
        self.assertFalse(
            allocation.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        )

    def test_no_backorder_of_steps(self):
        """Less is picked: neither the dispatch nor the receipt waits for more."""
        self.warehouse.delivery_steps = "pick_ship"
        allocation = self._create_allocation()
        allocation.action_confirm()
        pick, ship, receipt = allocation.picking_ids.sorted("id")
        pick.move_ids.quantity = 7
        pick.move_ids.picked = True
        pick.with_context(cancel_backorder=True)._action_done()
        self.assertEqual(ship.move_ids.mapped("product_qty"), [7])
        self.assertEqual(receipt.move_ids.mapped("product_qty"), [7])
        self._validate(ship)
        self._validate(receipt)
        self.assertEqual(allocation.line_ids.received_quantity, 7)
