# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestMoveUnits(UnitCase):
    def test_refused(self):
        """Kilograms of bottles are refused on a new and on a changed move."""
        with self.assertRaisesRegex(
            ValidationError, "Wine is counted in 瓶, and kg does not"
        ):
            self._create_move(self.wine, 1, self.kg)
        move = self._create_move(self.wine, 1)
        with self.assertRaisesRegex(ValidationError, "kg does not convert"):
            move.product_uom = self.kg

    def test_refused_in_bypassing_context(self):
        """No value a client can send switches the check off."""
        context = {"jxc_base_unit_change": True, "skip_uom_conversion": True}
        Move = self.env["stock.move"].with_context(**context)
        values = self._create_move(self.wine, 1).copy_data()[0]
        with self.assertRaisesRegex(ValidationError, "kg does not convert"):
            Move.create({**values, "product_uom": self.kg.id})

    def test_refused_on_operations(self):
        move = self._create_move(self.wine, 1)
        with self.assertRaisesRegex(ValidationError, "kg does not convert"):
            self.env["stock.move.line"].create(
                {
                    "move_id": move.id,
                    "product_id": self.wine.id,
                    "product_uom_id": self.kg.id,
                    "quantity": 1,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                }
            )

    def test_refused_on_scraps(self):
        with self.assertRaisesRegex(ValidationError, "Wine"):
            self.env["stock.scrap"].create(
                {
                    "product_id": self.wine.id,
                    "product_uom_id": self.kg.id,
                    "location_id": self.shelf.id,
                }
            )

    def test_units_of_the_product(self):
        """Boxes are received as boxes and kept as bottles."""
        self._receive(self.wine, 3, self._unit(self.wine, "箱").uom_id)
        self.assertEqual(self.wine.qty_available, 36)

    def test_prints(self):
        """Slips, content of packages and labels of boxes speak of boxes."""

        def text(report, records):
            html, _type = self.env["ir.actions.report"]._render_qweb_html(
                report, records.ids
            )
            return html.decode()

        box = self._unit(self.wine, "箱")
        box.barcode = "W-BOX"
        self._receive(self.wine, 41)
        package = self.env["stock.package"].create({"name": "P41"})
        quant = self.env["stock.quant"]._gather(self.wine, self.shelf)
        quant.package_id = package
        self.assertEqual(package.quant_ids.quantity, 41)
        self.assertIn("3箱5瓶", text("stock.report_package_barcode", package))
        self.env["ir.config_parameter"].set_param(
            "stock.show_expected_quantity_count", "True"
        )
        self.assertIn("3箱5瓶", text("stock.report_inventory", package.quant_ids))
        label = text("product.report_packagingbarcode", self.wine.product_uom_ids)
        self.assertIn("箱(12瓶)", label)
        self.assertIn("W-BOX", label)
        move = self._create_move(
            self.wine,
            40,
            picking_type_id=self.warehouse.out_type_id.id,
            location_id=self.shelf.id,
            location_dest_id=self.customers.id,
        )
        move._action_confirm()
        self.assertIn("3箱4瓶", text("stock.report_deliveryslip", move.picking_id))
        move._action_assign()
        self.assertIn("3箱4瓶", text("stock.report_picking", move.picking_id))

    def test_box_of_another_product(self):
        """A box of 24 beers is none of wine, though both hold bottles."""
        beer = self._create_product("Beer", {"箱": 24})
        crate = self._unit(beer, "箱")
        with self.assertRaisesRegex(ValidationError, "not of Wine"):
            self._create_move(self.wine, 1, crate.uom_id)
        move = self._create_move(self.wine, 1)
        with self.assertRaisesRegex(ValidationError, "not of Wine"):
            move.product_uom = crate.uom_id
        # Who has a unit of the same content shares it.
        tea = self._create_product("Tea", {"箱": 12})
        shared = self._unit(tea, "箱").uom_id
        self.assertEqual(self._create_move(self.wine, 1, shared).product_qty, 12)
        # A unit that is not offered any more stays good for what is open.
        box = self._unit(self.wine, "提")
        move = self._create_move(self.wine, 2, box.uom_id)
        box.active = False
        self.assertEqual(move.copy().product_qty, 12)

    def test_platform_base_unit_change(self):
        """The platform still changes the base unit of products without units."""
        water = self._create_product("Water")
        move = self._create_move(water, 5)
        water.product_tmpl_id.uom_id = self.kg
        self.assertEqual(move.product_uom, self.kg)

    def test_query_count(self):
        """Checking 40 moves costs no more queries than checking 2."""
        box = self._unit(self.wine, "箱").uom_id
        moves = self.env["stock.move"].union(
            *(self._create_move(self.wine, 1, box) for _number in range(40))
        )
        counts = []
        for some in (moves[:2], moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._check_jxc_unit()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
