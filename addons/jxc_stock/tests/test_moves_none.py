# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What happens when the platform works on no move at all."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestNoMoves(TransactionCase):
    def setUp(self):
        super().setUp()
        self.none = self.env["stock.move"]
        self.warehouse = self.env.ref("stock.warehouse0")
        self.product = self.env["product.product"].create(
            {"name": "Screw M6", "is_storable": True}
        )

    def receive(self, quantity):
        place = self.warehouse.in_type_id
        return self.none.create(
            {
                "product_id": self.product.id,
                "product_uom_qty": quantity,
                "picking_type_id": place.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": place.default_location_dest_id.id,
                "origin": "P00042",
            }
        )

    def test_costs_nothing(self):
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertTrue(self.none.write({"state": "confirmed"}))
            self.none._update_orderpoints()
            self.none._action_assign()
            self.assertFalse(self.none._action_confirm())
            self.env.flush_all()

    def test_moves_to_merge_into_still_merge(self):
        """Merging is asked for with no move of one's own, too."""
        moves = self.receive(3) | self.receive(4)
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": moves[0].location_id.id,
                "location_dest_id": moves[0].location_dest_id.id,
            }
        )
        moves.picking_id = picking
        moves._action_confirm(merge=False)
        self.assertEqual(len(picking.move_ids), 2)
        self.none._action_confirm(merge_into=moves)
        self.assertEqual(picking.move_ids.product_uom_qty, 7)

    def test_same_state_once_more(self):
        """A move that is assigned already is not written again, others are."""
        moves = self.receive(3) | self.receive(4)
        moves.write({"state": "confirmed"})
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertTrue(moves.write({"state": "confirmed"}))
            self.env.flush_all()
        moves[0].write({"state": "assigned"})
        moves.write({"state": "confirmed"})
        self.assertEqual(moves.mapped("state"), ["confirmed", "confirmed"])
        moves.write({"state": "confirmed", "origin": "P00043"})
        self.assertEqual(moves.mapped("origin"), ["P00043", "P00043"])
