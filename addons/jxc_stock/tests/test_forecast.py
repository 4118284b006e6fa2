# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestForecast(UnitCase):
    """The platform's forecast page says its quantities in units, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._new_user("jxc_forecast", "stock.group_stock_user")
        cls.oil = cls._create_product("Oil", {"箱": 12})
        cls._receive(cls.oil, 41)
        for quantity in (5, 60):
            delivery = cls._create_move(
                cls.oil,
                quantity,
                location_id=cls.shelf.id,
                location_dest_id=cls.customers.id,
            )
            delivery._action_confirm()
            if quantity == 5:
                delivery._action_assign()

    def _header(self, model, record):
        report = self.env[f"stock.forecasted_{model}"].with_user(self.keeper)
        report = report.with_context(warehouse_id=self.warehouse.id)
        return report.get_report_values(record.ids)["docs"]["jxc_quantities"]

    def test_quantities(self):
        expected = {
            "quantity_on_hand": "3箱5瓶",
            "free_qty": "3箱",
            "virtual_available": "-2箱",
        }
        self.assertEqual(self._header("product_product", self.oil), expected)
        template = self.oil.product_tmpl_id
        self.assertEqual(self._header("product_template", template), expected)

    def test_variants_add_up(self):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [Command.create({"name": name}) for name in "SL"],
            }
        )
        template = self._create_product("Tea", {"箱": 12}).product_tmpl_id
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": attribute.id,
                    "value_ids": attribute.value_ids.ids,
                }
            )
        ]
        small, large = template.product_variant_ids
        self._receive(small, 41)
        self._receive(large, 12)
        header = self._header("product_template", template)
        self.assertEqual(header["quantity_on_hand"], "4箱5瓶")

    def test_goods_without_units(self):
        salt = self._create_product("Salt", {})
        self.assertFalse(self._header("product_product", salt))
        self.assertFalse(self._header("product_product", salt | self.oil))
