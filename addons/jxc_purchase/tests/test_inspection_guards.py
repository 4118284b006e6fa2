# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionGuards(InspectionCommon):
    """Every way around an inspection that somebody could think of."""

    def _arrived(self, quantity=10):
        order = self._buy((self.wine, quantity))
        receipt = self._come(order)
        return order, receipt, self._inspection(order)

    def assertStillHeld(self, quantity=10):
        self.env.invalidate_all()
        self.assertEqual((self._free(), self._in(self.place)), (0, quantity))

    def test_transfer_by_hand(self):
        self._arrived()
        picking = self.env["stock.picking"].with_user(self.keeper)
        picking = picking.create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.place.id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 10,
                            "location_id": self.place.id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        self.assertEqual(picking.move_ids.quantity, 0, "nothing is reserved")
        picking.move_ids.quantity = 10
        picking.move_ids.picked = True
        with self.assertRaises(UserError) as caught:
            picking.button_validate()
        self.assertIn("RI/", str(caught.exception))
        self.assertStillHeld()

    def test_together_with_another_receipt(self):
        """The mark of a receipt does not cover what is validated with it."""
        self._arrived()
        order = self._buy((self.wine, 1))
        transfer = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": self.place.id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 10,
                            "location_id": self.place.id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                ],
            }
        )
        transfer.action_confirm()
        both = (transfer | order.picking_ids).with_user(self.inspector)
        transfer.move_ids.quantity = 10
        both.move_ids.picked = True
        with self.assertRaises(UserError):
            both.button_validate()
        self.assertStillHeld()

    def test_count_scrap_and_relocation(self):
        self._arrived()
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.wine.id), ("location_id", "=", self.place.id)]
        )
        quant = quant.with_user(self.keeper)
        counted = quant.with_context(inventory_mode=True)
        counted.inventory_quantity = 4
        with self.assertRaises(UserError):
            counted.action_apply_inventory()
        with self.assertRaises(UserError):
            quant.move_quants(location_dest_id=self.stock)
        scrap = self.env["stock.scrap"].with_user(self.keeper)
        with self.assertRaises(UserError):
            scrap.create(
                {
                    "product_id": self.wine.id,
                    "scrap_qty": 2,
                    "location_id": self.place.id,
                }
            ).do_scrap()
        for values in ({"location_id": self.stock.id}, {"quantity": 1}):
            with self.assertRaises(UserError):
                quant.write(values)
        with self.assertRaises(UserError):
            self.env["stock.quant"].with_user(self.keeper).create(
                {
                    "product_id": self.wine.id,
                    "location_id": self.place.id,
                    "quantity": 5,
                }
            )
        self.assertStillHeld()

    def test_done_receipt(self):
        """Nothing of a done receipt brings the goods somewhere else."""
        _order, receipt, _inspection = self._arrived()
        other = self._buy((self.wine, 1)).picking_ids.move_ids
        receipt = receipt.with_user(self.keeper)
        move, line = receipt.move_ids, receipt.move_line_ids
        for record, values in (
            (line, {"location_dest_id": self.stock.id}),
            (move, {"location_dest_id": self.stock.id}),
            (line, {"move_id": other.id}),
        ):
            with self.assertRaises(UserError):
                record.write(values)
        for values in (
            {"move_id": move.id, "quantity": 3, "location_dest_id": self.stock.id},
            {"picking_id": receipt.id, "quantity": 3},
        ):
            with self.assertRaises(UserError):
                self.env["stock.move.line"].with_user(self.keeper).create(
                    {
                        "product_id": self.wine.id,
                        "product_uom_id": self.bottle.id,
                        "location_id": receipt.location_id.id,
                        "location_dest_id": self.stock.id,
                        **values,
                    }
                )
        self.assertStillHeld()

    def test_state_is_not_written(self):
        """A receipt that is done by writing its status brings no accepted goods."""
        order = self._buy((self.wine, 10))
        move = order.picking_ids.move_ids.with_user(self.keeper)
        with self.assertRaises(UserError):
            move.write({"state": "done"})
        with self.assertRaises(UserError):
            move.create(
                {
                    "product_id": self.wine.id,
                    "product_uom_qty": 10,
                    "location_id": move.location_id.id,
                    "location_dest_id": self.stock.id,
                    "purchase_line_id": order.order_line.id,
                    "state": "done",
                }
            )
        _order, _receipt, inspection = self._arrived()
        for user in (self.inspector, self.keeper, self.manager):
            with self.assertRaises(AccessError):
                inspection.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                inspection.line_ids.with_user(user).write({"qty_received": 3})
        for values in (
            {"jxc_qty_accepted": 10},
            {"qty_received": 10},
            {"qty_received_method": "manual", "qty_received_manual": 10},
        ):
            with self.assertRaises(AccessError):
                order.order_line.with_user(self.manager).write(values)

    def test_asked_inspection_is_not_called_off(self):
        """Who receives the goods does not take back that they are inspected."""
        order = self._buy((self.water, 10))
        move = order.picking_ids.move_ids
        move.picking_id.with_user(self.buyer).action_jxc_ask_inspection()
        self.assertTrue(move.jxc_inspect)
        with self.assertRaises(AccessError):
            move.with_user(self.inspector).write({"jxc_inspect": False})
        with self.assertRaises(AccessError):
            move.picking_id.with_user(self.inspector).write(
                {"move_ids": [Command.update(move.id, {"jxc_inspect": False})]}
            )
        with self.assertRaises(AccessError):
            move.with_user(self.inspector).write({"jxc_inspect": None})
        self._come(order)
        self.assertEqual((self._free(self.water), len(self._inspection(order))), (0, 1))
        # Who makes the rules decides on this, too.
        order = self._buy((self.water, 10))
        move = order.picking_ids.move_ids
        move.with_user(self.inspector).write({"jxc_inspect": True})
        move.with_user(self.keeper).write({"jxc_inspect": False})
        self._come(order)
        self.assertEqual(self._free(self.water), 10)

    def test_asked_inspection_is_not_gone_around(self):
        """Nor do the goods come in a line of their own beside the one asked for."""
        for of_order in (False, True):
            order = self._buy((self.water, 10))
            receipt = order.picking_ids
            receipt.with_user(self.buyer).action_jxc_ask_inspection()
            asked = receipt.move_ids
            beside = {
                "product_id": self.water.id,
                "product_uom_qty": 0,
                "quantity": 10,
                "location_id": receipt.location_id.id,
                "location_dest_id": self.stock.id,
                "purchase_line_id": of_order and order.order_line.id,
            }
            receipt.with_user(self.inspector).write(
                {
                    "move_ids": [
                        Command.update(asked.id, {"quantity": 0}),
                        Command.create(beside),
                    ]
                }
            )
            self._come(order)
            self.assertEqual(self._free(self.water), 0)
            self._decide(self._inspection(order), rejected=10)

    def test_what_stays_possible(self):
        """Copies, and goods that came without being ordered."""
        order, _receipt, _inspection = self._arrived()
        copied = order.with_user(self.manager).copy()
        self.assertEqual(copied.order_line.qty_received, 0)
        order = self._buy((self.wine, 10))
        order.picking_ids.move_ids = [
            Command.create(
                {
                    "product_id": self.water.id,
                    "product_uom_qty": 0,
                    "quantity": 3,
                    "location_id": order.picking_ids.location_id.id,
                    "location_dest_id": self.stock.id,
                }
            )
        ]
        self._come(order, user=self.env.user)
        added = order.order_line.filtered(lambda line: line.product_id == self.water)
        self.assertEqual((added.qty_received, added.jxc_qty_accepted), (3, 3))

    def test_what_is_no_number(self):
        """Counted and measured is a number: nothing compares with NaN."""
        self.env["jxc.inspection.characteristic"].create(
            {"name": "Alcohol", "product_tmpl_id": self.wine.product_tmpl_id.id}
        )
        _order, _receipt, inspection = self._arrived()
        line = inspection.line_ids
        measure = line.measure_ids
        self.assertIn(inspection.name, line.display_name)
        self.assertEqual(measure.display_name, "Alcohol")
        numbers = (
            (line, "qty_accepted"),
            (line, "qty_concession"),
            (line, "qty_rejected"),
            (line, "qty_checked"),
            (line, "qty_nonconforming"),
            (measure, "value"),
        )
        for record, name in numbers:
            for value in (float("nan"), float("inf"), "-inf"):
                with self.assertRaises(ValidationError) as caught:
                    record.write({name: value})
                self.assertRegex(str(caught.exception), r"^\w.* must be a number")

    def test_context_of_clients(self):
        """No context opens a door: marks are no JSON, defaults are not ours."""
        context = {
            "jxc_purchase_inspection": True,
            "jxc_purchase_finishing": {"is_open": True},
            "default_state": "done",
            "default_qty_accepted": 10,
            "default_jxc_inspection_id": 1,
        }
        order = self._buy((self.wine, 10))
        picking = order.picking_ids.with_user(self.inspector)
        picking.move_ids.picked = True
        picking.with_context(**context).button_validate()
        inspection = self._inspection(order)
        self.assertEqual(
            (inspection.state, inspection.line_ids.qty_accepted), ("draft", 0)
        )
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.wine.id), ("location_id", "=", self.place.id)]
        )
        with self.assertRaises(UserError):
            quant.with_user(self.keeper).with_context(**context).move_quants(
                location_dest_id=self.stock
            )
        self.assertStillHeld()

    def test_other_destination(self):
        """Where the receipt was to bring the goods makes no difference."""
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        order = self._buy((self.wine, 10))
        order.picking_ids.move_ids.location_dest_id = shelf
        self._come(order)
        self.assertStillHeld()
        self._decide(self._inspection(order), accepted=10)
        self.assertEqual(self._in(shelf), 10)

    def test_floor_device(self):
        order = self._buy((self.wine, 10))
        receipt = order.picking_ids
        floor = self.env["jxc.floor.operation"].with_user(self.inspector)
        floor.submit(
            "k" * 16,
            "receive",
            {
                "picking_id": receipt.id,
                "finish": True,
                "lines": [{"product_id": self.wine.id, "quantity_text": "10"}],
            },
        )
        self.assertEqual(receipt.state, "done")
        self.assertStillHeld()
        self.assertTrue(self._inspection(order))
        with self.assertRaises(UserError):
            floor.submit(
                "m" * 16,
                "put_away",
                {
                    "location_id": self.place.id,
                    "location_dest_id": self.stock.id,
                    "lines": [{"product_id": self.wine.id, "quantity_text": "10"}],
                },
            )
        self.assertStillHeld()

    def test_places_stay(self):
        """Naming another place, or freeing this one, sets no goods free."""
        self._arrived()
        other = self.place.copy({"name": "Elsewhere"})
        warehouse = self.warehouse.with_user(self.keeper)
        with self.assertRaises(UserError):
            warehouse.jxc_inspection_location_id = other
        with self.assertRaises(ValidationError):
            self.place.with_user(self.keeper).jxc_stock_status = "available"
        with self.assertRaises(ValidationError):
            warehouse.jxc_defective_location_id = self.stock
        self.assertStillHeld()

    def test_rights(self):
        order, _receipt, inspection = self._arrived()
        inspection.line_ids.qty_accepted = 10
        for user in (self.manager, self.buyer, self.executive):
            self.assertEqual(inspection.with_user(user).name, inspection.name)
            with self.assertRaises(AccessError):
                inspection.with_user(user).action_done()
            with self.assertRaises(AccessError):
                inspection.line_ids.with_user(user).qty_accepted = 9
        with self.assertRaises(AccessError):
            inspection.with_user(self.outsider).read(["name"])
        rules = self.env["jxc.receipt.inspection.rule"]
        for user in (self.keeper, self.manager):
            rules.with_user(user).create({"mode": "never"}).unlink()
        for user in (self.inspector, self.buyer):
            with self.assertRaises(AccessError):
                rules.with_user(user).create({"mode": "never"})
        for user in (self.inspector, self.keeper):
            with self.assertRaises(AccessError):
                inspection.with_user(user).copy()
            with self.assertRaises(AccessError):
                inspection.line_ids.with_user(user).unlink()

    def test_two_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "ins_stranger",
            groups="stock.group_stock_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        _order, _receipt, inspection = self._arrived()
        with self.assertRaises(AccessError):
            inspection.with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            inspection.with_user(stranger).action_done()
        with self.assertRaises(AccessError):
            self.rule.with_user(stranger).read(["mode"])
        # The rule of one company is none of the other's.
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        order = self._buy(
            (self.wine, 4),
            company_id=other.id,
            picking_type_id=warehouse.in_type_id.id,
        )
        self._come(order, user=stranger)
        self.assertFalse(self._inspection(order, stranger))
        self.rule.company_id = False
        order = self._buy(
            (self.wine, 4),
            company_id=other.id,
            picking_type_id=warehouse.in_type_id.id,
        )
        self._come(order, user=stranger)
        there = self._inspection(order, stranger)
        self.assertEqual(there.company_id, other)
        self.assertEqual(there.warehouse_id, warehouse)
        self.assertNotEqual(warehouse.jxc_inspection_location_id, self.place)
        self._decide(there, accepted=4)
        self.assertEqual(self._in(warehouse.lot_stock_id), 8)
