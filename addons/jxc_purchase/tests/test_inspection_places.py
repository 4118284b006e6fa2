# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionPlaces(InspectionCommon):
    """Places that a stock user writes on a receipt lead around no inspection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        places = cls.env["stock.location"]
        cls.transit = places.create(
            {"name": "On the Road", "usage": "transit", "company_id": cls.company.id}
        )
        cls.shelf = places.create({"name": "Shelf", "location_id": cls.stock.id})
        cls.customers = cls.env.ref("stock.stock_location_customers")

    def _receipt(self, user=None):
        order = self._buy((self.wine, 10))
        receipt = order.picking_ids.with_user(user or self.inspector)
        return order, receipt, receipt.move_ids, receipt.move_line_ids

    def assertHeld(self, order):
        self.env.invalidate_all()
        self.assertEqual((self._free(), self._in(self.place)), (0, 10))
        line = order.order_line
        self.assertEqual((line.jxc_qty_inspecting, line.qty_received), (10, 0))
        self.assertEqual(line.qty_to_invoice, 0)

    def test_line_says_another_place_than_its_move(self):
        order, receipt, move, line = self._receipt()
        move.location_dest_id = self.transit
        line.location_dest_id = self.stock
        move.picked = True
        receipt.button_validate()
        self.assertHeld(order)
        self._decide(self._inspection(order), accepted=10)
        self.assertEqual(self._free(), 10)

    def test_by_way_of_another_place(self):
        """What is received on the road, or by a customer, is inspected there."""
        for place in (self.transit, self.customers):
            with self.subTest(place.name):
                order, receipt, move, line = self._receipt()
                move.location_dest_id = place
                line.location_dest_id = place
                move.picked = True
                receipt.button_validate()
                self.assertHeld(order)
                self.assertFalse(self._in(place))
                self._decide(self._inspection(order), rejected=10)
                self.assertFalse(self._in(place))

    def test_from_a_place_of_our_own(self):
        """Goods of an order that are said to come from here were not delivered."""
        self.env["stock.quant"]._update_available_quantity(self.wine, self.shelf, 10)
        _order, receipt, move, line = self._receipt()
        move.location_id = self.shelf
        move.move_line_ids.unlink()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.wine.id,
                    "product_uom_id": self.bottle.id,
                    "quantity": 10,
                    "location_id": self.shelf.id,
                    "location_dest_id": self.stock.id,
                }
            )
        ]
        move.picked = True
        with self.assertRaisesRegex(UserError, "Shelf"):
            receipt.button_validate()
        _order, receipt, move, line = self._receipt()
        line.location_id = self.shelf
        move.picked = True
        with self.assertRaisesRegex(UserError, "Shelf"):
            receipt.button_validate()
        self.assertEqual(self._in(self.shelf), 10)

    def test_from_the_inspection_place_itself(self):
        """Goods that wait are not received a second time."""
        order, receipt, move, _line = self._receipt()
        move.picked = True
        receipt.button_validate()
        _order, second, move, line = self._receipt()
        line.location_id = self.place
        move.picked = True
        with self.assertRaises(UserError):
            second.button_validate()
        self.assertHeld(order)

    def test_to_the_inspection_place_itself(self):
        """Accepted goods do not stay where they were to be inspected."""
        order, receipt, move, line = self._receipt()
        self.warehouse._jxc_inspection_place()
        move.location_dest_id = self.place
        line.location_dest_id = self.place
        move.picked = True
        receipt.button_validate()
        self.assertHeld(order)
        self._decide(self._inspection(order), accepted=10)
        self.assertEqual((self._free(), self._in(self.place)), (10, 0))

    def test_packed_and_put_away(self):
        order, receipt, move, line = self._receipt()
        move.location_dest_id = self.transit
        line.result_package_id = self.env["stock.package"].create({"name": "P1"})
        line.location_dest_id = self.shelf
        move.picked = True
        receipt.button_validate()
        self.assertHeld(order)
        package = line.result_package_id
        self.assertEqual(package.location_id, self.place)
        with self.assertRaises(UserError):
            package.quant_ids.with_user(self.keeper).move_quants(
                location_dest_id=self.shelf
            )
        self.assertHeld(order)

    def test_floor_device(self):
        order, receipt, move, _line = self._receipt()
        move.location_dest_id = self.transit
        self.env["jxc.floor.operation"].with_user(self.inspector).submit(
            "p" * 16,
            "receive",
            {
                "picking_id": receipt.id,
                "finish": True,
                "lines": [
                    {
                        "product_id": self.wine.id,
                        "quantity_text": "10",
                        "location_dest_id": self.shelf.id,
                    }
                ],
            },
        )
        self.assertEqual(receipt.state, "done")
        self.assertHeld(order)

    def test_unordered_goods(self):
        """Without an order the vendor's place says whose goods they are."""
        picking = self.env["stock.picking"].with_user(self.inspector)
        picking = picking.create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.vendor.id,
                "location_dest_id": self.transit.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 10,
                            "location_id": self.vendor.property_stock_supplier.id,
                            "location_dest_id": self.transit.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = 10
        picking.move_line_ids.location_dest_id = self.stock
        picking.move_ids.picked = True
        picking.button_validate()
        self.env.invalidate_all()
        self.assertEqual((self._free(), self._in(self.place)), (0, 10))

    def test_return_that_stays_here(self):
        """A return goes to the vendor; corrected afterwards, it brings nothing in."""
        self.rule.mode = "never"
        _order, receipt, move, _line = self._receipt()
        move.picked = True
        receipt.button_validate()
        self.rule.mode = "always"
        wizard = self.env["stock.return.picking"].with_user(self.keeper)
        wizard = wizard.with_context(
            active_id=receipt.id, active_ids=receipt.ids, active_model="stock.picking"
        ).create({"picking_id": receipt.id})
        wizard.product_return_moves.quantity = 10
        back = wizard._create_return()
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        self.assertEqual(self._free(), 0)
        for record in (back.move_line_ids, back.move_ids):
            with self.assertRaises(UserError):
                record.location_dest_id = self.shelf
        self.assertEqual(self._free(), 0)

    def test_order_named_afterwards(self):
        """A transfer that is done becomes no receipt of an order."""
        self.env["stock.quant"]._update_available_quantity(self.wine, self.stock, 10)
        order = self._buy((self.wine, 10))
        picking = self.env["stock.picking"].with_user(self.keeper)
        picking = picking.create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.shelf.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 10,
                            "location_id": self.stock.id,
                            "location_dest_id": self.shelf.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        with self.assertRaises(UserError):
            picking.move_ids.purchase_line_id = order.order_line
        self.assertEqual(order.order_line.qty_received, 0)

    def test_drop_shipped_goods(self):
        """Only the order says that the vendor delivers to a customer."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.env["stock.picking.type"]
                .search(
                    [("code", "=", "dropship"), ("company_id", "=", self.company.id)],
                    limit=1,
                )
                .id,
                "dest_address_id": self.env["res.partner"].create({"name": "X"}).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_qty": 10,
                            "price_unit": 10.0,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        picking = order.picking_ids.with_user(self.inspector)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(order.order_line.qty_received, 10)
        self.assertFalse(self._inspection(order))
