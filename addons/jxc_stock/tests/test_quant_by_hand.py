# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import Command, fields
from odoo.tests import tagged

from .control_common import ControlCase

BY_HAND = "transfers, relocations and counts only"


@tagged("post_install", "-at_install")
class TestQuantByHand(ControlCase):
    """Nobody writes stock: movements change it."""

    def setUp(self):
        super().setUp()
        self.other = self._place("Other")
        self.mine = self.quant.with_user(self.keeper)

    def _moved(self):
        return self.env["stock.move"].search_count(
            [("product_id", "=", self.product.id), ("is_inventory", "=", True)]
        )

    def test_written(self):
        lot = self._create_lot(self.product, "L1")
        boss = self._new_user("boss", "stock.group_stock_manager")
        for vals in (
            {"quantity": 673},
            {"quantity": 0},
            {"reserved_quantity": 4},
            {"location_id": self.customers.id},
            {"location_id": self.other.id},
            {"product_id": self.wine.id},
            {"lot_id": lot.id},
            {"owner_id": self.env.user.partner_id.id},
            {"in_date": "2020-01-01 00:00:00"},
            {"removal_date": "2030-01-01 00:00:00"},
            {"jxc_release_end": "2030-01-01 00:00:00"},
            {"company_id": False},
        ):
            for user in (self.keeper, boss):
                with self.subTest(vals, user=user.login):
                    with self._refused(BY_HAND):
                        self.quant.with_user(user).write(vals)
        # A context of the client says nothing.
        counting = self.mine.with_context(inventory_mode=True)
        with self._refused(BY_HAND):
            counting.quantity = 673
        with self._refused():
            counting.location_id = self.other
        self.assertEqual(self.quant.quantity, 10)

    def test_written_from_elsewhere(self):
        """Lines of other records are the same quants."""
        boss = self._new_user(
            "boss", "stock.group_stock_manager,product.group_product_manager"
        )
        package = self.env["stock.package"].create({"name": "P"})
        product = self.product.with_user(boss)
        place = self.other.with_user(boss)
        for record, name in (
            (package.with_user(boss), "quant_ids"),
            (place, "quant_ids"),
            (product, "stock_quant_ids"),
        ):
            for command in (
                Command.update(self.quant.id, {"quantity": 673}),
                Command.link(self.quant.id),
            ):
                if record == product and command[0] == Command.LINK:
                    continue  # it is already there
                with self.subTest(record=record, command=command):
                    with self._refused(BY_HAND):
                        record.write({name: [command]})

    def test_created(self):
        goods = {"product_id": self.product.id, "location_id": self.other.id}
        Quants = self.mine.browse()
        counting = {"inventory_mode": True}
        for quants in (Quants, Quants.with_context(**counting)):
            for name, value in (
                ("quantity", 77),
                ("reserved_quantity", -5),
                ("removal_date", "2030-01-01 00:00:00"),
            ):
                with self.subTest(name), self._refused(BY_HAND):
                    quants.create({**goods, name: value})
        empty = Quants.with_context(default_quantity=77).create(goods)
        self.assertEqual(empty.quantity, 0, "a default is no way around")
        self.env["ir.default"].set(
            "stock.quant", "quantity", 77, user_id=self.keeper.id
        )
        found = Quants.with_context(**counting, default_quantity=77).create(
            {**goods, "location_id": self._place("Third").id, "inventory_quantity": 5}
        )
        self.assertEqual(found.quantity, 0)

    def test_counted(self):
        """What is counted moves goods, as ever: on the screen and by import."""
        counting = self.mine.with_context(inventory_mode=True)
        counting.write(
            {
                "inventory_quantity": 7,
                "user_id": self.keeper.id,
                "inventory_date": fields.Date.today(),
            }
        )
        counting.action_apply_inventory()
        self.assertEqual((self.quant.quantity, self._moved()), (7, 1))
        counting.action_set_inventory_quantity()
        counting.action_clear_inventory_quantity()
        counting.browse().create(
            {
                "product_id": self.product.id,
                "location_id": self.other.id,
                "inventory_quantity": 5,
            }
        ).action_apply_inventory()
        self.assertEqual(self._quant(self.product, self.other).quantity, 5)
        imported = self.mine.browse().load(
            ["location_id", "product_id", "inventory_quantity"],
            [[self._place("Third").complete_name, self.product.display_name, "3"]],
        )
        self.assertTrue(imported["ids"], imported["messages"])
        quant = self.env["stock.quant"].browse(imported["ids"])
        self.assertEqual((quant.quantity, quant.inventory_quantity), (0, 3))

    def test_relocated_and_removed(self):
        boss = self._new_user("boss", "stock.group_stock_manager")
        self.quant.with_user(boss).move_quants(location_dest_id=self.other)
        moved = self._quant(self.product, self.other)
        self.assertEqual(moved.quantity, 10)
        moved.with_user(boss).with_context(
            inventory_mode=True
        ).inventory_quantity_auto_apply = 8
        self.assertEqual((moved.quantity, self._moved()), (8, 2))
