# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestProductUnitBarcode(UnitCase):
    def _platform_barcodes(self, product):
        return {row.barcode: row.uom_id.name for row in product.product_uom_ids}

    def test_kept_on_the_platform(self):
        """Set, changed and removed where the scanner looks for it."""
        box = self._unit(self.wine, "箱")
        box.barcode = "6900000000012"
        self.assertEqual(
            self._platform_barcodes(self.wine), {"6900000000012": "箱(12瓶)"}
        )
        # What the platform's point of sale enters for this barcode.
        row = self.env["product.uom"].search([("product_id", "=", self.wine.id)])
        self.assertEqual(row.uom_id.factor / self.wine.uom_id.factor, 12)
        box.barcode = "6900000000029"
        self.assertEqual(
            self._platform_barcodes(self.wine), {"6900000000029": "箱(12瓶)"}
        )
        box.barcode = False
        self.assertFalse(self.wine.product_uom_ids)

    def test_units_of_other_goods(self):
        """A barcode of a weight, or of another product's box, would sell nonsense."""
        beer = self._create_product("Beer", {"箱": 24})
        for uom in (self.kg, self._unit(beer, "箱").uom_id):
            with self.assertRaisesRegex(ValidationError, "Wine"):
                self.env["product.uom"].create(
                    {
                        "product_id": self.wine.id,
                        "uom_id": uom.id,
                        "barcode": f"W-{uom.id}",
                    }
                )

    def test_set_on_the_platform(self):
        """A barcode given in the platform's list shows on the unit."""
        box = self._unit(self.wine, "箱")
        row = self.env["product.uom"].create(
            {"product_id": self.wine.id, "uom_id": box.uom_id.id, "barcode": "X-1"}
        )
        self.assertEqual(box.barcode, "X-1")
        self.assertFalse(self._unit(self.wine, "提").barcode)
        row.unlink()
        self.assertFalse(box.barcode)

    def test_made_with_the_product(self):
        product = self._create_product("Water")
        template = self.env["product.template"].create(
            {
                "name": "Juice",
                "uom_id": self.bottle.id,
                "jxc_unit_ids": [
                    Command.create({"name": "提", "factor": 6}),
                    Command.create({"name": "箱", "factor": 12, "barcode": "J-12"}),
                ],
            }
        )
        self.assertEqual(
            self._platform_barcodes(template.product_variant_id), {"J-12": "箱(12瓶)"}
        )
        self.assertFalse(product.product_uom_ids)
        variant = self.env["product.product"].create(
            {
                "name": "Tea",
                "uom_id": self.bottle.id,
                "jxc_unit_ids": [
                    Command.create({"name": "箱", "factor": 12, "barcode": "T-12"})
                ],
            }
        )
        self.assertEqual(self._platform_barcodes(variant), {"T-12": "箱(12瓶)"})

    def test_follows_the_content(self):
        """The barcode stays on the unit when its content is corrected."""
        box = self._unit(self.wine, "箱")
        box.barcode = "6900000000012"
        box.factor = 24
        self.assertEqual(box.barcode, "6900000000012")
        self.assertEqual(
            self._platform_barcodes(self.wine), {"6900000000012": "箱(24瓶)"}
        )

    def test_gone_with_the_unit(self):
        """An archived or deleted unit frees its barcode."""
        box, pack = self._unit(self.wine, "箱"), self._unit(self.wine, "提")
        box.barcode, pack.barcode = "B-1", "B-2"
        box.action_archive()
        pack.unlink()
        self.assertFalse(self.wine.product_uom_ids)
        other = self._create_product("Other", {"箱": 12})
        other.jxc_unit_ids.barcode = "B-1"

    def test_search(self):
        box = self._unit(self.wine, "箱")
        self._create_product("Other Wine", {"箱": 12}).jxc_unit_ids.barcode = "B-2"
        box.barcode = "B-1"
        Unit = self.env["jxc.product.unit"]
        self.assertEqual(Unit.search([("barcode", "=", "B-1")]), box)
        self.assertEqual(Unit.search([("barcode", "ilike", "b-1")]), box)

    def test_unique(self):
        self.wine.barcode = "W-1"
        with self.assertRaisesRegex(ValidationError, "already uses the barcode"):
            self._unit(self.wine, "箱").barcode = "W-1"

    def test_variants(self):
        """Each variant has a barcode of its own for the unit."""
        colour = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [
                    Command.create({"name": "red"}),
                    Command.create({"name": "white"}),
                ],
            }
        )
        template = self.wine.product_tmpl_id
        template.attribute_line_ids = [
            Command.create(
                {
                    "attribute_id": colour.id,
                    "value_ids": [Command.set(colour.value_ids.ids)],
                }
            )
        ]
        red, white = template.product_variant_ids
        box = self._unit(red, "箱")
        with self.assertRaisesRegex(UserError, "2 variants"):
            box.barcode = "B-1"
        box._jxc_set_barcodes({(box, red): "B-R", (box, white): "B-W"})
        box.factor = 24
        self.assertEqual(self._platform_barcodes(red), {"B-R": "箱(24瓶)"})
        self.assertEqual(self._platform_barcodes(white), {"B-W": "箱(24瓶)"})
        self.assertFalse(box.barcode)
        box.unlink()
        self.assertFalse((red + white).product_uom_ids)
