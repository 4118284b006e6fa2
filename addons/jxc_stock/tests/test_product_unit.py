# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from psycopg2 import errors

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestProductUnit(UnitCase):
    def test_platform_unit(self):
        """The platform can convert the unit exactly, and offers it."""
        box = self._unit(self.wine, "箱")
        self.assertEqual(box.uom_id.name, "箱(12瓶)")
        self.assertEqual(box.display_name, "箱(12瓶)")
        self.assertEqual(box.uom_id.relative_uom_id, self.bottle)
        self.assertTrue(box.uom_id._has_common_reference(self.bottle))
        self.assertEqual(box.uom_id._compute_quantity(3, self.bottle), 36)
        self.assertEqual(self.wine.uom_ids, self.wine.jxc_unit_ids.uom_id)

    def test_own_content_per_product(self):
        """A box of 12 and a box of 24, on two products and on one."""
        beer = self._create_product("Beer", {"箱": 24})
        small, large = self._unit(self.wine, "箱"), self._unit(beer, "箱")
        self.assertNotEqual(small.uom_id, large.uom_id)
        self.env["jxc.product.unit"].create(
            {"product_tmpl_id": beer.product_tmpl_id.id, "name": "箱", "factor": 12}
        )
        self.assertEqual(beer.uom_ids, small.uom_id + large.uom_id)
        self.assertEqual(beer.jxc_format_qty(41), "1箱(24瓶) 1箱(12瓶) 5瓶")
        self.assertEqual(beer.jxc_parse_qty("1箱(24瓶) 1箱(12瓶) 5瓶"), 41)
        with self.assertRaisesRegex(UserError, "several ways"):
            beer.jxc_parse_qty("1箱")

    def test_platform_unit_is_shared(self):
        """Products of one content share the platform's unit."""
        other = self._create_product("Other Wine", {"箱": 12})
        self.assertEqual(
            self._unit(other, "箱").uom_id, self._unit(self.wine, "箱").uom_id
        )

    def test_platform_unit_is_reused(self):
        """The platform's own dozen is taken, even when it is archived."""
        dozen = self.env.ref("uom.product_uom_dozen")
        dozen.action_archive()
        pieces = self.env.ref("uom.product_uom_unit")
        product = self._create_product("Eggs", {"Dozens": 12}, uom_id=pieces.id)
        self.assertEqual(product.jxc_unit_ids.uom_id, dozen)
        self.assertTrue(dozen.active)

    def test_given_platform_unit(self):
        """A unit may name its platform unit, but only one of that content."""
        template = self.wine.product_tmpl_id
        five = self.env["uom.uom"].create(
            {"name": "V", "relative_uom_id": self.bottle.id, "relative_factor": 5}
        )
        values = {"product_tmpl_id": template.id, "name": "五", "uom_id": five.id}
        unit = self.env["jxc.product.unit"].create({**values, "factor": 5})
        self.assertEqual(unit.uom_id, five)
        with self.assertRaisesRegex(ValidationError, "does not hold"):
            self.env["jxc.product.unit"].create({**values, "name": "六", "factor": 6})
        with self.assertRaisesRegex(ValidationError, "does not hold"):
            unit.uom_id = self.kg

    def test_factor_changes(self):
        """Another content: another platform unit, the old one is not offered."""
        box = self._unit(self.wine, "箱")
        old = box.uom_id
        box.factor = 24
        self.assertEqual(box.uom_id.name, "箱(24瓶)")
        self.assertEqual(self.wine.uom_ids, self.wine.jxc_unit_ids.uom_id)
        self.assertNotIn(old, self.wine.uom_ids)
        self.assertEqual(old.relative_factor, 12)

    def test_rename(self):
        box = self._unit(self.wine, "箱")
        box.name = "件"
        self.assertEqual(box.uom_id.name, "件(12瓶)")
        self.assertEqual(self.wine.jxc_format_qty(41), "3件5瓶")

    def test_removed(self):
        """Gone from the packagings; packagings of other origin stay."""
        foreign = self.env["uom.uom"].create(
            {"name": "Tray", "relative_uom_id": self.bottle.id, "relative_factor": 4}
        )
        self.wine.product_tmpl_id.uom_ids = [Command.link(foreign.id)]
        self.wine.jxc_unit_ids.unlink()
        self.assertEqual(self.wine.uom_ids, foreign)

    def test_archived(self):
        box = self._unit(self.wine, "箱")
        box.action_archive()
        self.assertNotIn(box.uom_id, self.wine.uom_ids)
        self.assertEqual(self.wine.jxc_format_qty(41), "6提5瓶")
        box.action_unarchive()
        self.assertIn(box.uom_id, self.wine.uom_ids)

    def test_base_unit_changes(self):
        """Without stock the units relate to the new base unit."""
        can = self.env["uom.uom"].create({"name": "罐"})
        self.wine.product_tmpl_id.uom_id = can
        self.assertEqual(
            sorted(self.wine.jxc_unit_ids.uom_id.mapped("name")),
            ["提(6罐)", "箱(12罐)"],
        )
        self.assertEqual(self.wine.uom_ids, self.wine.jxc_unit_ids.uom_id)
        self.assertEqual(self.wine.uom_ids.relative_uom_id, can)

    def test_base_unit_with_name_of_unit(self):
        box = self.env["uom.uom"].create({"name": "箱"})
        with self.assertRaisesRegex(ValidationError, "is the base unit"):
            self.wine.product_tmpl_id.uom_id = box

    def test_copy(self):
        """A copied product has the units, without the barcodes."""
        self._unit(self.wine, "箱").barcode = "6900000000012"
        copy = self.wine.product_tmpl_id.copy()
        self.assertEqual(
            copy.jxc_unit_ids.mapped("display_name"),
            self.wine.jxc_unit_ids.mapped("display_name"),
        )
        self.assertEqual(copy.uom_ids, self.wine.uom_ids)
        self.assertFalse(any(copy.jxc_unit_ids.mapped("barcode")))

    def test_fractions(self):
        """Contents need not be whole."""
        cheese = self._create_product("Cheese", {"轮": 2.5}, uom_id=self.kg.id)
        self.assertEqual(cheese.jxc_unit_ids.uom_id.name, "轮(2.5 kg)")
        self.assertEqual(cheese.jxc_format_qty(8), "3轮0.5 kg")
        self.assertEqual(cheese.jxc_parse_qty("1轮2.5kg"), 5)

    def test_refused_factors(self):
        box = self._unit(self.wine, "箱")
        with mute_logger("odoo.sql_db"):
            result = self.env["jxc.product.unit"].load(
                ["product_tmpl_id/.id", "name", "factor"],
                [[str(self.wine.product_tmpl_id.id), "托", "nan"]],
            )
        self.assertFalse(result["ids"])
        self.assertIn("more than 0", result["messages"][0]["message"])
        with self.assertRaisesRegex(ValidationError, "kept with 2 decimals"):
            box.factor = 1 / 3
        for factor in (0, -12, math.nan, math.inf):
            with (
                self.subTest(factor=factor),
                self.assertRaisesRegex(ValidationError, "more than 0"),
            ):
                box.factor = factor

    def test_precision_is_the_platforms(self):
        precision = self.env["decimal.precision"].search(
            [("name", "=", "Product Unit")]
        )
        precision.digits = 4
        box = self._unit(self.wine, "箱")
        box.factor = 0.3333
        self.assertTrue(box.uom_id._has_common_reference(self.bottle))
        self.assertEqual(box.uom_id._compute_quantity(3, self.bottle), 0.9999)

    def test_refused_names(self):
        box = self._unit(self.wine, "箱")
        for name in ("箱24", "12", "瓶", " 瓶 "):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                box.name = name

    def test_refused_twice(self):
        with self.assertRaisesRegex(ValidationError, "has the unit"):
            self.env["jxc.product.unit"].create(
                {
                    "product_tmpl_id": self.wine.product_tmpl_id.id,
                    "name": "箱 ",
                    "factor": 12,
                }
            )

    def test_stays_with_product(self):
        other = self._create_product("Other")
        with self.assertRaisesRegex(UserError, "stays with its product"):
            self._unit(self.wine, "箱").product_tmpl_id = other.product_tmpl_id

    def test_refused_prices(self):
        box = self._unit(self.wine, "箱")
        box.write({"list_price": 100, "min_price": 90})
        with self.assertRaisesRegex(ValidationError, "above the"):
            box.min_price = 101
        for name in ("list_price", "min_price"):
            for price in (math.nan, math.inf, -math.inf):
                with (
                    self.subTest(name=name, price=price),
                    self.assertRaisesRegex(ValidationError, "must be a number"),
                    self.cr.savepoint(),
                ):
                    box[name] = price
        with (
            self.assertRaises(errors.CheckViolation),
            mute_logger("odoo.sql_db"),
        ):
            box.write({"list_price": -1, "min_price": -2})
            box.flush_recordset()

    def test_platform_side_is_guarded(self):
        """Nobody changes a unit of a product behind its back."""
        uom = self._unit(self.wine, "箱").uom_id
        with self.assertRaisesRegex(UserError, "Wine"):
            uom.relative_factor = 10
        with self.assertRaisesRegex(UserError, "Wine"):
            uom.relative_uom_id = self.kg
        with self.assertRaisesRegex(UserError, "Wine"):
            uom.unlink()
        with self.assertRaisesRegex(UserError, "Wine"):
            self.wine.product_tmpl_id.uom_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "archived.*Wine"):
            uom.action_archive()
        uom.write({"relative_factor": 12, "relative_uom_id": self.bottle.id})

    def test_form(self):
        """Units are added on the product's form."""
        with Form(self.wine.product_tmpl_id) as form, form.jxc_unit_ids.new() as line:
            line.name = "板"
            line.factor = 480
        pallet = self._unit(self.wine, "板")
        self.assertEqual(pallet.uom_id.name, "板(480瓶)")
        self.assertIn(pallet.uom_id, self.wine.uom_ids)

    def test_default_unit(self):
        template = self.wine.product_tmpl_id
        self.assertEqual(template._jxc_default_uom("sale"), self.bottle)
        self.wine.jxc_unit_ids.use_sale = True
        box = self._unit(self.wine, "箱")
        self.assertEqual(template._jxc_default_uom("sale"), box.uom_id)
        self.assertEqual(template._jxc_default_uom("purchase"), self.bottle)

    def test_uom_map(self):
        """Names of files and people lead to platform units."""
        beer = self._create_product("Beer", {"箱": 24})
        templates = (self.wine + beer).product_tmpl_id
        wine, beer = templates
        found = self.env["jxc.product.unit"]._jxc_uom_map(templates)
        self.assertEqual(found[wine.id, "瓶"], self.bottle)
        self.assertEqual(found[wine.id, "箱"].relative_factor, 12)
        self.assertEqual(found[beer.id, "箱"].relative_factor, 24)
        self.assertEqual(found[beer.id, "箱(24瓶)"], found[beer.id, "箱"])
        self.assertNotIn((beer.id, "提"), found)
        self.env["jxc.product.unit"].create(
            {"product_tmpl_id": beer.id, "name": "箱", "factor": 12}
        )
        found = self.env["jxc.product.unit"]._jxc_uom_map(templates)
        self.assertNotIn((beer.id, "箱"), found)
        self.assertEqual(found[beer.id, "箱(12瓶)"].relative_factor, 12)

    # -- rights -------------------------------------------------------------------

    def test_rights(self):
        """Who may not change products may not change their units."""
        user = self._new_user("jxc_unit_user", "stock.group_stock_manager")
        box = self._unit(self.wine, "箱").with_user(user)
        self.assertEqual(box.factor, 12)
        with self.assertRaises(AccessError):
            box.list_price = 1
        with self.assertRaises(AccessError):
            box.unlink()
        with self.assertRaises(AccessError):
            box.create({"product_tmpl_id": box.product_tmpl_id.id, "name": "板"})

    def test_product_manager_needs_no_more(self):
        """Who may change products may change units; platform units come along."""
        user = self._new_user(
            "jxc_unit_manager", "product.group_product_manager,base.group_user"
        )
        template = self.wine.product_tmpl_id.with_user(user)
        template.jxc_unit_ids = [
            Command.create({"name": "板", "factor": 480, "barcode": "6900000000480"})
        ]
        self.assertIn("板(480瓶)", template.uom_ids.mapped("name"))

    def test_companies(self):
        """Units of another company's product are out of sight."""
        other = self.env["res.company"].create({"name": "Other Company"})
        self.env.user.company_ids += other
        theirs = self._create_product("Theirs", {"箱": 12}, company_id=other.id)
        user = self._new_user(
            "jxc_unit_company",
            "product.group_product_manager,base.group_user",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        units = self.env["jxc.product.unit"].with_user(user)
        self.assertFalse(units.search([("id", "in", theirs.jxc_unit_ids.ids)]))
        with self.assertRaises(AccessError):
            theirs.jxc_unit_ids.with_user(user).list_price = 1
        shared = self._unit(self.wine, "箱")
        self.assertIn(shared, units.search([]))
