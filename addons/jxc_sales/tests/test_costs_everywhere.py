# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .price_common import PriceCommon

#: Names of fields that would tell costs, margins or the value of stock.
TELLING = re.compile(
    r"cost|margin|profit|avco|valuation|purchase_price|standard_price|remaining_value"
)
#: Addons whose models salespeople work with.
OURS = {"account", "jxc", "loyalty", "product", "purchase", "report", "sale", "stock"}
#: Named alike, but: layout of paper, points that rewards cost, bounds of a formula.
HARMLESS = {
    ("product.pricelist.item", "price_max_margin"),
    ("product.pricelist.item", "price_min_margin"),
    ("report.paperformat", "margin_bottom"),
    ("report.paperformat", "margin_left"),
    ("report.paperformat", "margin_right"),
    ("report.paperformat", "margin_top"),
    ("sale.order.line", "points_cost"),
}
NUMBERS = ("char", "float", "html", "integer", "monetary", "text")


@tagged("post_install", "-at_install")
class TestCostsEverywhere(PriceCommon):
    """Not one model that salespeople reach tells what things cost."""

    def test_no_field_of_any_model(self):
        open_fields, closed = set(), []
        for name in self.env.registry:
            model = self.env[name].with_user(self.salesman)
            if name.split(".")[0] not in OURS or not model.has_access("read"):
                continue
            for field in model._fields.values():
                if field.type not in NUMBERS or not TELLING.search(field.name):
                    continue
                if model._has_field_access(field, "read"):
                    open_fields.add((name, field.name))
                elif field.store and not model._abstract:
                    closed.append((model, field.name))
        self.assertFalse(open_fields - HARMLESS)
        self.assertTrue(closed)
        for model, name in closed:
            with self.subTest(model=model._name, field=name):
                for attempt in (
                    lambda m=model, n=name: m.search_count([(n, ">", 0)]),
                    lambda m=model, n=name: m.search([], order=n, limit=1),
                    lambda m=model, n=name: m.search_read([], [n], limit=1),
                    lambda m=model, n=name: m.formatted_read_group(
                        [], [], [f"{n}:max"]
                    ),
                    lambda m=model, n=name: m.web_search_read([], {n: {}}, limit=1),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
