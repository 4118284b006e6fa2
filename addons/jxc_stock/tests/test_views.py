# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestViews(UnitCase):
    def _fields(self, model, view, view_type, user):
        view = self.env.ref(view)
        arch = self.env[model].with_user(user).get_view(view.id, view_type)["arch"]
        return {node.get("name") for node in etree.fromstring(arch).iter("field")}

    def test_compound_columns(self):
        """Every list of stock shows the compound quantity to stock users."""
        user = self._new_user("jxc_views", "stock.group_stock_manager")
        for model, view, kind, name in (
            (
                "product.template",
                "product.product_template_tree_view",
                "list",
                "jxc_qty_available_text",
            ),
            (
                "product.template",
                "product.product_template_form_view",
                "form",
                "jxc_qty_available_text",
            ),
            (
                "product.template",
                "product.product_template_only_form_view",
                "form",
                "jxc_unit_ids",
            ),
            (
                "product.template",
                "product.product_template_kanban_view",
                "kanban",
                "jxc_qty_available_text",
            ),
            (
                "product.product",
                "product.product_product_tree_view",
                "list",
                "jxc_qty_available_text",
            ),
            (
                "product.product",
                "product.product_normal_form_view",
                "form",
                "jxc_unit_ids",
            ),
            (
                "product.product",
                "stock.product_product_stock_tree",
                "list",
                "jxc_qty_available_text",
            ),
            (
                "stock.quant",
                "stock.view_stock_quant_tree",
                "list",
                "jxc_quantity_text",
            ),
            (
                "stock.quant",
                "stock.view_stock_quant_tree_simple",
                "list",
                "jxc_quantity_text",
            ),
            (
                "stock.quant",
                "stock.view_stock_quant_tree_editable",
                "list",
                "jxc_available_text",
            ),
            (
                "stock.quant",
                "stock.view_stock_quant_tree_inventory_editable",
                "list",
                "jxc_quantity_text",
            ),
        ):
            with self.subTest(view=view):
                self.assertIn(name, self._fields(model, view, kind, user))

    def test_form_without_stock_rights(self):
        """Who has no business with stock opens products all the same."""
        user = self._new_user("jxc_views_sales", "base.group_user")
        names = self._fields(
            "product.template", "product.product_template_only_form_view", "form", user
        )
        self.assertIn("jxc_unit_ids", names)
        self.assertNotIn("jxc_qty_available_text", names)

    def test_units_menu(self):
        """Units by product are found under Configuration, by stock managers."""
        menu = self.env.ref("jxc_stock.jxc_product_unit_menu")
        manager = self._new_user("jxc_menu_manager", "stock.group_stock_manager")
        user = self._new_user("jxc_menu_user", "stock.group_stock_user")
        Menu = self.env["ir.ui.menu"]
        self.assertIn(menu.id, Menu.with_user(manager)._visible_menu_ids())
        root = self.env.ref("stock.menu_stock_config_settings").id
        self.assertNotIn(root, Menu.with_user(user)._visible_menu_ids())

    def test_units_list(self):
        action = self.env.ref("jxc_stock.jxc_product_unit_action")
        user = self._new_user("jxc_units_list", "base.group_user")
        views = (
            self.env[action.res_model]
            .with_user(user)
            .get_views(
                [(False, "list"), (False, "kanban"), (False, "form"), (False, "search")]
            )
        )
        self.assertEqual(set(views["views"]), {"list", "kanban", "form", "search"})

    def test_portal_sees_nothing(self):
        portal = self._new_user("jxc_views_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.wine.jxc_unit_ids.with_user(portal).read(["factor"])
