# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .import_common import ImportCase


@tagged("post_install", "-at_install")
class TestImportProductUnits(ImportCase):
    def test_with_new_products(self):
        """Units of products that the same import makes."""
        self._import(
            products=[
                {"code": "W1", "name": "Wine", "base_unit": "瓶"},
                {"code": "B1", "name": "Beer", "base_unit": "瓶"},
            ],
            product_units=[
                {"code": "W1", "unit": "箱", "factor": "12", "use": "purchase;sale"},
                {"code": "W1", "unit": "提", "factor": "6", "barcode": "U-6"},
                {"code": "B1", "unit": "箱", "factor": "24", "list_price": "72.5"},
            ],
        )
        wine, beer = self._product("W1"), self._product("B1")
        self.assertEqual(wine.jxc_format_qty(41), "3箱5瓶")
        self.assertEqual(beer.jxc_format_qty(41), "1箱17瓶")
        box = self._unit(wine, "箱")
        self.assertRecordValues(
            box, [{"use_purchase": True, "use_sale": True, "in_compound": True}]
        )
        self.assertEqual(self._unit(wine, "提").barcode, "U-6")
        self.assertEqual(beer.jxc_unit_ids.list_price, 72.5)

    def test_again(self):
        """The same rows change nothing, other rows what they say."""
        rows = [
            {"code": "WINE", "unit": "箱", "factor": "12", "list_price": "100"},
            {"code": "WINE", "unit": "板", "factor": "480", "barcode": "U-480"},
        ]
        report = self._import(product_units=rows)
        self.assertEqual(self._counts(report), {"created": 1, "updated": 1})
        report = self._import(product_units=rows)
        self.assertEqual(self._counts(report), {"unchanged": 2})
        rows[1].update(barcode="U-481", factor="240")
        report = self._import(product_units=rows)
        self.assertEqual(self._counts(report), {"unchanged": 1, "updated": 1})
        pallet = self._unit(self.wine, "板")
        self.assertEqual((pallet.factor, pallet.barcode), (240, "U-481"))
        self.assertEqual(len(self.wine.jxc_unit_ids), 3)

    def test_absent_columns_stay(self):
        box = self._unit(self.wine, "箱")
        box.write({"list_price": 100, "barcode": "U-12", "use_sale": True})
        self._import(product_units=[{"code": "WINE", "unit": "箱", "factor": "12"}])
        self.assertEqual(
            (box.list_price, box.barcode, box.use_sale), (100, "U-12", True)
        )
        self._import(
            product_units=[
                {"code": "WINE", "unit": "箱", "factor": "12", "barcode": ""}
            ]
        )
        self.assertFalse(box.barcode)

    def test_base_unit_row(self):
        """A row for the base unit itself says nothing new."""
        report = self._import(
            product_units=[{"code": "WINE", "unit": "瓶", "factor": "1"}]
        )
        self.assertEqual(self._counts(report), {"unchanged": 1})

    def test_all_problems_at_once(self):
        self._receive(self.wine, 41)
        self.wine.barcode = "W-1"
        self._assert_problems(
            {
                (2, "code"): "no product has the code NONE",
                (3, "factor"): "2 decimals",
                (4, "factor"): "in use",
                (5, "unit"): "base unit",
                (6, "barcode"): "belongs to",
                (7, "unit"): "digits may only stand in front",
                (9, "barcode"): "already in row 8",
            },
            product_units=[
                {"code": "NONE", "unit": "箱", "factor": "12", "barcode": ""},
                {"code": "WINE", "unit": "份", "factor": "0.333", "barcode": ""},
                {"code": "WINE", "unit": "箱", "factor": "24", "barcode": ""},
                {"code": "WINE", "unit": "瓶", "factor": "2", "barcode": ""},
                {"code": "WINE", "unit": "袋", "factor": "2", "barcode": "W-1"},
                {"code": "WINE", "unit": "箱24", "factor": "24", "barcode": ""},
                {"code": "WINE", "unit": "包", "factor": "3", "barcode": "U-1"},
                {"code": "WINE", "unit": "板", "factor": "480", "barcode": "U-1"},
            ],
        )
        self.assertEqual(len(self.wine.jxc_unit_ids), 2)
