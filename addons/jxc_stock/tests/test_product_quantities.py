# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestProductQuantities(UnitCase):
    def test_format(self):
        self.assertEqual(self.wine.jxc_format_qty(41), "3箱5瓶")
        self.assertEqual(self.wine.jxc_format_qty(-43.5), "-3箱1提1.5瓶")
        self.assertEqual(self._create_product("Water").jxc_format_qty(41), "41瓶")
        self.assertEqual(self.wine.jxc_format_qty("1e-9999999"), "0瓶")

    def test_parse(self):
        self.assertEqual(self.wine.jxc_parse_qty("３箱５瓶"), 41)
        self.assertEqual(self.wine.jxc_parse_qty("-1.5箱"), -18)
        self.assertEqual(self.wine.jxc_parse_qty(41), 41)
        self.assertIsInstance(self.wine.jxc_parse_qty("41"), float)

    def test_base_unit_in_all_languages(self):
        """People of two languages read and write the same stock."""
        for language in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(language)
        piece = self.env["uom.uom"].create({"name": "Piece"})
        piece.with_context(lang="zh_CN").name = "件"
        product = self._create_product("Pen", {"盒": 10}, uom_id=piece.id)
        chinese = product.with_context(lang="zh_CN")
        self.assertEqual(chinese.jxc_format_qty(12), "1盒2件")
        self.assertEqual(product.jxc_format_qty(12), "1盒2 Piece")
        for text in ("1盒2件", "1盒2 Piece"):
            self.assertEqual(product.jxc_parse_qty(text), 12)
            self.assertEqual(chinese.jxc_parse_qty(text), 12)

    def test_refused_text(self):
        """The message names product, text, reason and accepted units."""
        for text, reason in {
            "3条": "no unit of this product",
            "3箱5": "write the unit of 5",
            "箱": "a number is expected",
            "1箱2箱": "twice",
            "0.001瓶": "2 decimals",
            "": "a number is expected",
            None: "a number is expected",
            True: "a number is expected",
            float("nan"): "a number is expected",
            float("inf"): "a number is expected",
        }.items():
            with self.subTest(text=text), self.assertRaises(UserError) as refused:
                self.wine.jxc_parse_qty(text)
            message = str(refused.exception)
            for fragment in ("Wine", str(text), reason, "箱, 提, 瓶"):
                self.assertIn(fragment, message)

    def test_refused_quantity(self):
        for quantity in ("x", None, float("nan"), float("inf"), "1e999", "-1e9999999"):
            with self.subTest(quantity=quantity), self.assertRaises(UserError):
                self.wine.jxc_format_qty(quantity)

    def test_rpc_shape(self):
        """Callable for a user who may read products, on one product."""
        user = self._new_user("jxc_quantity", "base.group_user")
        wine = self.wine.with_user(user)
        self.assertEqual(wine.jxc_parse_qty(wine.jxc_format_qty(41)), 41)
        with self.assertRaises(ValueError):
            (wine + self._create_product("Water").with_user(user)).jxc_format_qty(1)

    def test_on_hand_texts(self):
        """On hand, forecast and stock lists show the compound quantity."""
        self._receive(self.wine, 41)
        self._create_move(
            self.wine, 1, self._unit(self.wine, "箱").uom_id
        )._action_confirm()
        template = self.wine.product_tmpl_id
        for record in (self.wine, template):
            self.assertEqual(record.jxc_qty_available_text, "3箱5瓶")
            self.assertEqual(record.jxc_virtual_available_text, "4箱5瓶")
        quant = self.wine.stock_quant_ids.filtered(
            lambda q: q.location_id == self.shelf
        )
        quant.reserved_quantity = 5
        self.assertEqual(quant.jxc_quantity_text, "3箱5瓶")
        self.assertEqual(quant.jxc_available_text, "3箱")

    def test_texts_only_with_units(self):
        """Products without larger units show nothing twice."""
        water = self._create_product("Water", {"半": 0.5})
        self._receive(water, 5)
        self.assertFalse(water.jxc_qty_available_text)
        self.assertFalse(water.product_tmpl_id.jxc_qty_available_text)
        self.assertFalse(water.stock_quant_ids[0].jxc_quantity_text)
        service = self._create_product(
            "Service", {"箱": 12}, type="service", is_storable=False
        )
        self.assertFalse(service.jxc_qty_available_text)

    def test_texts_follow(self):
        """A changed unit shows at once."""
        self._receive(self.wine, 41)
        self.assertEqual(self.wine.jxc_qty_available_text, "3箱5瓶")
        self._unit(self.wine, "箱").in_compound = False
        self.assertEqual(self.wine.jxc_qty_available_text, "6提5瓶")
        self.assertEqual(self.wine.product_tmpl_id.jxc_qty_available_text, "6提5瓶")

    def test_texts_of_a_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self._receive(self.wine, 41)
        self.assertEqual(self.wine.jxc_qty_available_text, "3箱5瓶")
        there = self.wine.with_context(warehouse_id=other.id)
        self.assertEqual(there.jxc_qty_available_text, "0瓶")

    def test_new_product(self):
        """The form of a product that is not saved yet opens."""
        form = Form(self.env["product.template"])
        form.name = "New"
        self.assertFalse(form.jxc_qty_available_text)

    def test_query_count(self):
        """As many queries for 80 records as for one."""
        products = self.env["product.product"]
        for number in range(80):
            products += self._create_product(f"P{number}", {"箱": 12, "提": 6})
        for product in products:
            self.env["stock.quant"]._update_available_quantity(product, self.shelf, 41)
        quants = self.env["stock.quant"].search(
            [("product_id", "in", products.ids), ("location_id", "=", self.shelf.id)]
        )
        for records, names in (
            (products, ["jxc_qty_available_text", "jxc_virtual_available_text"]),
            (products.product_tmpl_id, ["jxc_qty_available_text"]),
            (quants, ["jxc_quantity_text", "jxc_available_text"]),
        ):
            with self.subTest(model=records._name):
                self.assertEqual(len(records), 80)
                one = self._count_queries(records[:1], names)
                many = self._count_queries(records, names)
                self.assertLessEqual(many, one, records._name)

    def _count_queries(self, records, names):
        self.env.flush_all()
        records = records.browse(records.ids)
        records[:1].read(names)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        values = records.read(names)
        self.assertTrue(all(value[names[0]] == "3箱5瓶" for value in values))
        return self.cr.sql_log_count - before
