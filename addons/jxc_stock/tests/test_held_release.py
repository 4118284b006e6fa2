# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .held_common import HeldCase


@tagged("post_install", "-at_install")
class TestHeldRelease(HeldCase):
    """Held goods become available by somebody with the right, and with a reason."""

    def test_transfer_needs_the_right(self):
        """Nobody without it, whatever reason he gives; also with rights of the code."""
        picking = self._transfer(self.keeper, jxc_release_reason="Looks fine")
        for record in (picking, picking.sudo()):
            with self._refused("“Stock Control”", AccessError):
                self._done(record)
        self.assertHeld()

    def test_transfer_needs_a_reason(self):
        for reason in (False, "  "):
            picking = self._transfer(self.controller, jxc_release_reason=reason)
            with self._refused("Reason of Release"):
                self._done(picking)
            picking.action_cancel()
        self.assertHeld()

    def test_transfer_keeps_its_reason(self):
        picking = self._transfer(self.keeper)
        self.assertTrue(picking.jxc_is_release)
        picking = picking.with_user(self.controller)
        picking.jxc_release_reason = "Tested again"
        self._done(picking)
        self.assertHeld(2, 13)
        self.assertRecordValues(
            self._records(),
            [
                {
                    "user_id": self.controller.id,
                    "quantity": 3,
                    "reason": "Tested again",
                    "location_id": self.bad.id,
                    "location_dest_id": self.shelf.id,
                    "picking_id": picking.id,
                }
            ],
        )
        told = picking.message_ids.filtered(lambda one: "Tested again" in one.body)
        self.assertEqual(told.author_id, self.controller.partner_id)
        self.assertIn("Oil", told.body)
        with self._refused("is done", AccessError):
            picking.with_user(self.keeper).jxc_release_reason = "Something else"
        self.assertFalse(picking.copy().jxc_release_reason)

    def test_ways_that_release_nothing(self):
        """Into held places, among them, to the vendor, and away as scrap."""
        worse = self._place("Worse", "inspect")
        supplier = self.env.ref("stock.stock_location_suppliers")
        self._done(self._transfer(self.keeper, self.shelf, self.bad, 1))
        self._done(self._transfer(self.keeper, self.bad, worse, 1))
        self._done(self._transfer(self.keeper, self.bad, supplier, 1))
        self._scrap(1)
        self.assertHeld(3, 9)
        self.assertFalse(self._records())

    def _scrap(self, quantity):
        scrap = self.env["stock.scrap"].with_user(self.keeper)
        scrap = scrap.create(
            {
                "product_id": self.product.id,
                "scrap_qty": quantity,
                "location_id": self.bad.id,
            }
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")
        return scrap

    def test_by_way_of_transit(self):
        transit = self.env["stock.location"].create(
            {
                "name": "On the Road",
                "usage": "transit",
                "company_id": self.env.company.id,
            }
        )
        with self._refused("“Stock Control”", AccessError):
            self._done(self._transfer(self.keeper, dest=transit))
        self.assertHeld()

    def test_lines_name_other_places(self):
        """What an operation does counts, not what its move or transfer says."""
        other = self._place("Other")
        picking = self._transfer(self.keeper, self.shelf, other)
        picking.move_line_ids.location_id = self.bad
        with self._refused("“Stock Control”", AccessError):
            self._done(picking)
        worse = self._place("Worse", "defective")
        picking = self._transfer(self.keeper, self.bad, worse)
        picking.move_line_ids.location_dest_id = self.shelf
        with self._refused("“Stock Control”", AccessError):
            self._done(picking)
        self.assertHeld()

    def test_done_lines_changed(self):
        """A way into a held place that is undone is a way out of it."""
        picking = self._done(self._transfer(self.keeper, self.shelf, self.bad, 4))
        self.assertHeld(9, 6)
        line = picking.move_line_ids
        other = self._place("Other")
        changes = (
            lambda: line.write({"location_dest_id": other.id}),
            lambda: line.write({"quantity": 1}),
            lambda: picking.move_ids.write({"quantity": 1}),
            lambda: line.write(
                {"location_id": self.bad.id, "location_dest_id": other.id}
            ),
            lambda: line.create(
                {
                    "move_id": picking.move_ids.id,
                    "product_id": self.product.id,
                    "quantity": 3,
                    "location_id": self.bad.id,
                    "location_dest_id": self.shelf.id,
                }
            ),
        )
        for number, change in enumerate(changes):
            with self.subTest(number), self._refused("“Stock Control”", AccessError):
                change()
            self.assertHeld(9, 6)
        with self._refused("Reason of Release"):
            line.with_user(self.controller).quantity = 1
        picking.with_user(self.controller).jxc_release_reason = "Typed too many"
        line.with_user(self.controller).quantity = 1
        self.assertHeld(6, 9)
        self.assertEqual(self._records().mapped("quantity"), [3])

    def test_corrections_that_release_nothing(self):
        picking = self._transfer(
            self.controller, jxc_release_reason="Tested again", quantity=3
        )
        self._done(picking)
        line = picking.move_line_ids.with_user(self.keeper)
        line.quantity = 1
        self.assertHeld(4, 11)
        with self._refused("“Stock Control”", AccessError):
            line.quantity = 2

    def test_state_written(self):
        """A movement that is said to be done has moved nothing that could come back."""
        picking = self._transfer(self.keeper, self.shelf, self.bad, 4)
        with self._refused("“Stock Control”", AccessError):
            picking.move_ids.write({"state": "done"})
            picking.move_line_ids.write({"quantity": 0})

    def test_returned(self):
        picking = self._done(self._transfer(self.keeper, self.shelf, self.bad, 4))
        wizard = self.env["stock.return.picking"].with_user(self.keeper)
        wizard = wizard.with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
        ).create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 4
        back = wizard._create_return()
        back.action_assign()
        with self._refused("“Stock Control”", AccessError):
            self._done(back)
        self.assertHeld(9, 6)

    def test_relocated(self):
        quant = self._quant(self.product, self.bad)
        manager = self._new_user("manager", "stock.group_stock_manager")

        def relocate(user, message=False):
            wizard = self.env["stock.quant.relocate"].with_user(user)
            wizard.create(
                {
                    "quant_ids": quant.ids,
                    "dest_location_id": self.shelf.id,
                    "message": message,
                }
            ).action_relocate_quants()

        with self._refused("Administrator", AccessError):
            relocate(self.controller, "Looks fine")
        with self._refused("Say why"):
            relocate(manager)
        with self._refused("“Stock Control”", AccessError):
            quant.with_user(self.keeper).move_quants(self.shelf, message="Fine")
        self.assertHeld()
        relocate(manager, "Tested again")
        self.assertHeld(0, 15)
        self.assertEqual(self._records().reason, "Tested again")

    def test_lot_moved_by_its_form(self):
        milk = self._create_product("Milk", tracking="lot")
        lot = self._create_lot(milk, "L1")
        self._stock(milk, 4, self.bad, lot=lot)
        with self._refused("“Stock Control”", AccessError):
            lot.with_user(self.keeper).location_id = self.shelf
        with self._refused("Say why"):
            lot.with_user(self.controller).location_id = self.shelf

    def test_lots_exchanged(self):
        """One lot goes in, another comes out: that one was released."""
        milk = self._create_product("Milk", tracking="lot")
        good, bad = (self._create_lot(milk, name) for name in ("L1", "L2"))
        self._stock(milk, 4, lot=good)
        self._stock(milk, 4, self.bad, lot=bad)
        self.product = milk
        picking = self._transfer(self.keeper, self.shelf, self.bad, 4)
        self._done(picking)
        picking.move_line_ids.write({"quantity": 4})
        with self._refused("L1", AccessError):
            picking.move_line_ids.write({"lot_id": bad.id})

    def test_quants_written(self):
        quant = self._quant(self.product, self.bad).with_user(self.keeper)
        for vals in ({"location_id": self.shelf.id}, {"quantity": 2}):
            with self.subTest(vals), self._refused("transfers, relocations"):
                quant.write(vals)
            self.assertHeld()

    def test_counted(self):
        """Who may not release does not count held goods off, either."""
        quant = self._quant(self.product, self.bad).with_context(inventory_mode=True)
        with self._refused("“Stock Control”", AccessError):
            quant.with_user(self.keeper).inventory_quantity = 2
            quant.with_user(self.keeper).action_apply_inventory()
        self.assertHeld()
        quant.with_user(self.keeper).inventory_quantity = 6
        quant.with_user(self.keeper).action_apply_inventory()
        self.assertHeld(6)
        quant.with_user(self.controller).inventory_quantity = 4
        quant.with_user(self.controller).action_apply_inventory()
        self.assertHeld(4)

    def test_scrap_undone(self):
        scrap = self._scrap(3)
        move = scrap.move_ids
        with self._refused("“Stock Control”", AccessError):
            self._done(
                self._transfer(self.keeper, move.location_dest_id, self.shelf, 3)
            )
        with self._refused("“Stock Control”", AccessError):
            move.move_line_ids.write({"location_dest_id": self.shelf.id})
        self.assertHeld(2)
        # Back to where it came from is no way out.
        self._done(self._transfer(self.keeper, move.location_dest_id, self.bad, 3))
        self.assertHeld()

    def test_count_undone(self):
        """What was counted off held goods does not come back as available."""
        quant = self._quant(self.product, self.bad).with_context(inventory_mode=True)
        quant.with_user(self.controller).inventory_quantity = 2
        quant.with_user(self.controller).action_apply_inventory()
        line = self.env["stock.move.line"].search(
            [("product_id", "=", self.product.id), ("is_inventory", "=", True)]
        )
        for vals in (
            {"location_dest_id": self.shelf.id},
            {"location_id": self.shelf.id, "location_dest_id": self.shelf.id},
        ):
            with self.subTest(vals), self._refused("“Stock Control”", AccessError):
                line.with_user(self.keeper).write({"location_dest_id": self.shelf.id})
            self.assertHeld(2)

    def test_places_made_available(self):
        manager = self._new_user("manager", "stock.group_stock_manager")
        place = self.bad.with_user(manager)
        with self._refused("Reason of Release"):
            place.jxc_stock_status = "available"
        with self._refused("follows from", AccessError):
            place.jxc_status = "available"
        with Form(place) as form:
            form.jxc_stock_status = "available"
            form.jxc_release_reason = "Sorted"
        self.assertEqual(place.jxc_status, "available")
        self.assertEqual(
            (self._records().reason, self._records().quantity), ("Sorted", 5)
        )

    def test_places_moved(self):
        parent = self._place("Quality", "inspect")
        box = self._place("Box", location_id=parent.id)
        self._stock(self.product, 1, box)
        with self._refused("Box"):
            box.location_id = self.shelf
        with self._refused("Box"):
            parent.jxc_stock_status = False

    def test_nobody_forges_records(self):
        with self._refused("made by"):
            self.env["jxc.stock.freeze"].with_user(self.controller).sudo().create(
                {"kind": "release"}
            )

    def test_queries_do_not_grow(self):
        """A release of many lines reads and writes as often as one of few."""
        counts = []
        for number in (3, 12):
            products = [
                self._create_product(f"P{number}-{one}") for one in range(number)
            ]
            for product in products:
                self._stock(product, 5, self.bad)
            picking = self._transfer(
                self.controller,
                jxc_release_reason="Sorted",
                move_ids=[
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom": product.uom_id.id,
                            "product_uom_qty": 2,
                            "location_id": self.bad.id,
                            "location_dest_id": self.shelf.id,
                        }
                    )
                    for product in products
                ],
            )
            self._done(picking)
            lines = picking.move_line_ids.browse(picking.move_line_ids.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines._jxc_check_released({})
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 3)
