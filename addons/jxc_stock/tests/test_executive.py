# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestExecutive(UnitCase):
    """The executive role reads the stock side and changes none of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._receive(cls.wine, 41)
        cls.picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.in_type_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": cls.wine.id,
                            "product_uom": cls.bottle.id,
                            "product_uom_qty": 1,
                            "location_id": cls.supplier.id,
                            "location_dest_id": cls.shelf.id,
                        }
                    )
                ],
            }
        )
        cls.rule = cls.env["stock.warehouse.orderpoint"].create(
            {"product_id": cls.wine.id, "location_id": cls.shelf.id}
        )
        cls.executive = cls._new_user("jxc_executive", "jxc_base.group_executive")

    def _records(self):
        return [
            self.wine.jxc_unit_ids,
            self.wine.stock_quant_ids,
            self.move,
            self.move.move_line_ids,
            self.picking,
            self.rule,
            self.warehouse,
            self.shelf,
        ]

    def test_reads(self):
        for records in self._records():
            with self.subTest(model=records._name):
                records = records.with_user(self.executive)
                self.assertEqual(records.search([("id", "in", records.ids)]), records)
                self.assertTrue(records.read(["display_name"]))
        wine = self.wine.with_user(self.executive)
        self.assertEqual(wine.jxc_qty_available_text, "3箱5瓶")
        self.assertEqual(wine.product_tmpl_id.jxc_qty_available_text, "3箱5瓶")

    def test_changes_nothing(self):
        for records in self._records():
            records = records.with_user(self.executive)
            with self.subTest(model=records._name):
                for operation in ("write", "unlink", "create"):
                    self.assertFalse(records.has_access(operation), operation)
        line = self.move.move_line_ids.with_user(self.executive)
        with self.assertRaises(AccessError):
            line.quantity = 1
        with self.assertRaises(AccessError):
            line.create(line.copy_data())
        with self.assertRaises(AccessError):
            self.picking.with_user(self.executive).button_validate()

    def test_stock_user_still_works(self):
        """The rule for executives stops nobody else, nor one who is both."""
        for groups in (
            "stock.group_stock_user",
            "stock.group_stock_user,jxc_base.group_executive",
        ):
            login = f"jxc_stock_{len(groups)}"
            user = self._new_user(login, groups)
            line = self.move.move_line_ids.with_user(user)
            self.assertTrue(line.has_access("write"), groups)

    def test_floor_and_distances(self):
        """What was done on the floor, and how far warehouses are: read, not changed."""
        for model in ("jxc.floor.operation", "jxc.stock.distance"):
            records = self.env[model].with_user(self.executive)
            self.assertTrue(records.has_access("read"), model)
            for operation in ("write", "unlink", "create"):
                self.assertFalse(records.has_access(operation), model)

    def test_app(self):
        """The Inventory app opens, with its reports; settings stay closed."""
        visible = self.env["ir.ui.menu"].with_user(self.executive)._visible_menu_ids()
        for menu in (
            "stock.menu_stock_root",
            "stock.menu_product_stock",
            "stock.in_picking",
            "stock.out_picking",
        ):
            self.assertIn(self.env.ref(menu).id, visible, menu)
        for menu in (
            "stock.menu_stock_config_settings",
            "stock.menu_action_inventory_tree",
        ):
            self.assertNotIn(self.env.ref(menu).id, visible, menu)

    def test_stock_report(self):
        """The stock report can be read with all its columns."""
        view = self.env.ref("stock.product_product_stock_tree")
        Product = self.env["product.product"].with_user(self.executive)
        views = Product.get_views([(view.id, "list")])
        fields = list(views["models"]["product.product"]["fields"])
        self.assertIn("jxc_qty_available_text", fields)
        arch = views["views"]["list"]["arch"]
        names = [name for name in fields if f'name="{name}"' in arch]
        self.assertTrue(self.wine.with_user(self.executive).read(names))
