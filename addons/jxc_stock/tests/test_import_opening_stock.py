# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.jxc_base.tools.importing import Row, Session

from .import_common import ImportCase


@tagged("post_install", "-at_install")
class TestImportOpeningStock(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env["product.category"].create(
            {"name": "Average", "property_cost_method": "average"}
        )
        cls.wine.categ_id = category
        cls.cheese = cls._create_product(
            "Cheese",
            {"轮": 2.5},
            uom_id=cls.kg.id,
            categ_id=category.id,
            default_code="CHEESE",
            tracking="lot",
            use_expiration_date=True,
        )
        cls.admin.tz = "Asia/Shanghai"

    def _row(self, **values):
        return {
            "warehouse": self.warehouse.code,
            "location": "",
            "code": "WINE",
            "lot": "",
            "expiry_date": "",
            "unit": "箱",
            "qty": "3",
            "unit_cost": "",
            **values,
        }

    def _moves(self, product):
        return self.env["stock.move"].search([("product_id", "=", product.id)])

    def test_units_and_value(self):
        """Three boxes at 96 are 36 bottles worth 288, whatever the cost is later."""
        report = self._import(opening_stock=[self._row(unit_cost="96")])
        self.assertEqual(self._counts(report), {"created": 1})
        self.assertEqual(self.wine.qty_available, 36)
        move = self._moves(self.wine)
        self.assertTrue(move.is_inventory)
        self.assertEqual(move.value, 288)
        self.assertEqual(self.wine.standard_price, 8)
        self.assertEqual(self.wine.total_value, 288)
        self.wine.standard_price = 20
        self.env.invalidate_all()
        self.assertEqual(move._get_value(), 288)
        self.assertEqual(move._get_value(at_date=move.date), 288)

    def test_again(self):
        """The same rows change nothing, not even when the stock was sold since."""
        rows = [self._row(unit_cost="96"), self._row(location="Hall 1/A", qty="5")]
        self._import(opening_stock=rows)
        out = self._create_move(
            self.wine, 30, location_id=self.shelf.id, location_dest_id=self.customers.id
        )
        out._action_confirm()
        out.quantity, out.picked = 30, True
        out._action_done()
        before = self._moves(self.wine)
        report = self._import(opening_stock=rows)
        self.assertEqual(self._counts(report), {"unchanged": 2})
        self.assertEqual(self._moves(self.wine), before)
        self.assertEqual(self.wine.qty_available, 36 + 60 - 30)

    def test_lots(self):
        """Lots come with their expiry, on the right day of the user."""
        self._import(
            opening_stock=[
                self._row(
                    code="CHEESE",
                    lot="L1",
                    expiry_date="2030-05-31",
                    unit="轮",
                    qty="3",
                    unit_cost="100",
                ),
                self._row(
                    code="CHEESE",
                    location="Cold",
                    lot="L1",
                    expiry_date="2030-05-31",
                    unit="kg",
                    qty="0.5",
                    unit_cost="40",
                ),
            ]
        )
        lot = self.env["stock.lot"].search([("product_id", "=", self.cheese.id)])
        self.assertEqual(lot.name, "L1")
        self.assertEqual(
            lot.expiration_date, datetime.datetime(2030, 5, 31, 15, 59, 59)
        )
        self.assertEqual(self.cheese.jxc_qty_available_text, "3轮0.5 kg")
        self.assertEqual(sum(self._moves(self.cheese).mapped("value")), 320)
        places = self.cheese.stock_quant_ids.filtered(lambda q: q.quantity > 0)
        self.assertEqual(
            sorted(places.location_id.mapped("complete_name")),
            [self.shelf.complete_name, f"{self.shelf.complete_name}/Cold"],
        )

    def test_existing_location(self):
        """A location is found by its path below the stock and by its full name."""
        shelf = self.env["stock.location"].create(
            {"name": "A", "location_id": self.shelf.id}
        )
        self._import(
            opening_stock=[
                self._row(location="A"),
                self._row(
                    location=shelf.complete_name, code="CHEESE", lot="L1", unit="kg"
                ),
            ]
        )
        quants = self.env["stock.quant"].search([("location_id", "=", shelf.id)])
        self.assertEqual(quants.product_id, self.wine + self.cheese)

    def test_with_new_products(self):
        self._import(
            products=[{"code": "W1", "name": "New", "base_unit": "瓶"}],
            product_units=[{"code": "W1", "unit": "箱", "factor": "24"}],
            opening_stock=[self._row(code="W1")],
        )
        self.assertEqual(self._product("W1").qty_available, 72)

    def test_without_cost(self):
        """Without a cost the product's own cost counts."""
        self.wine.standard_price = 5
        self._import(opening_stock=[self._row()])
        self.assertEqual(self._moves(self.wine).value, 180)
        self.assertFalse(
            self.env["product.value"].search(
                [("move_id", "in", self._moves(self.wine).ids)]
            )
        )

    def test_entry_has_the_value(self):
        """Where the platform makes an entry, it makes it with the given value."""
        company = self.env.company
        accounts = self.env["account.account"].search(
            [("company_ids", "in", company.ids)]
        )
        expense = accounts.filtered(lambda a: a.account_type == "expense")[:1]
        stock = accounts.filtered(lambda a: a.account_type == "asset_current")[:1]
        self.assertTrue(expense and stock)
        self.wine.categ_id.write(
            {
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": stock.id,
            }
        )
        self.wine.property_stock_inventory.valuation_account_id = expense
        self._import(opening_stock=[self._row(unit_cost="96")])
        entry = self._moves(self.wine).account_move_id
        self.assertEqual(sum(entry.line_ids.mapped("debit")), 288)

    def test_before_the_first_document(self):
        """With documents of the past, the stock is there the evening before."""
        handler = self.env["jxc.import.opening_stock"].with_user(self.admin)
        session = Session(handler.env)
        for file, day in (("purchase_orders", 3), ("sale_orders", 2)):
            values = {"date": datetime.date(2025, 1, day)}
            session.add_rows(file, [Row(file, 2, values, frozenset(values))])
        self.assertEqual(
            handler.with_env(session.env)._jxc_opening_date(session),
            datetime.datetime(2025, 1, 1, 15, 59, 59),
        )

    def test_dated_with_its_value(self):
        """A move of the past, with its value at that time."""
        date = datetime.datetime(2025, 1, 1, 15, 59, 59)
        handler = self.registry["jxc.import.opening_stock"]
        with patch.object(handler, "_jxc_opening_date", lambda *_args: date):
            self._import(opening_stock=[self._row(unit_cost="96")])
        move = self._moves(self.wine)
        self.assertEqual(move.date, date)
        self.assertEqual(move.move_line_ids.date, date)
        self.assertEqual(move._get_value(at_date=date), 288)
        quant = self.wine.stock_quant_ids.filtered(lambda q: q.quantity > 0)
        self.assertEqual(quant.in_date, date)
        past = self.wine.with_context(to_date=date + datetime.timedelta(seconds=1))
        self.assertEqual(past.qty_available, 36)

    def test_zero(self):
        report = self._import(opening_stock=[self._row(qty="0")])
        self.assertEqual(self._counts(report), {"unchanged": 1})
        self.assertFalse(self._moves(self.wine))

    def test_changed_rows_are_refused(self):
        self._import(opening_stock=[self._row(unit_cost="96")])
        self._assert_problems(
            {(2, "qty"): "3箱 were imported", (2, "unit_cost"): "288"},
            opening_stock=[self._row(qty="4", unit_cost="96")],
        )

    def test_other_stock_is_refused(self):
        """Stock of another origin is not overwritten."""
        self._receive(self.wine, 41)
        self._assert_problems(
            {(2, None): "3箱5瓶"}, opening_stock=[self._row(unit="瓶", qty="5")]
        )
        self.assertEqual(self.wine.qty_available, 41)

    def test_all_problems_at_once(self):
        serial = {"tracking": "serial", "default_code": "SERIAL"}
        self._create_product("Machine", {"箱": 2}, **serial)
        self.env["stock.lot"].create(
            {
                "name": "OLD",
                "product_id": self.cheese.id,
                "expiration_date": "2030-01-01 04:00:00",
            }
        )
        self._assert_problems(
            {
                (2, "warehouse"): "no warehouse NONE",
                (3, "code"): "no product has the code NONE",
                (4, "unit"): "accepted are: 瓶, 箱(12瓶), 箱, 提(6瓶), 提",
                (5, "qty"): "too fine",
                (6, "lot"): "is kept by lots",
                (7, "lot"): "is not kept by lots",
                (8, "expiry_date"): "has no expiry dates",
                (9, "qty"): "a serial number is one 瓶",
                (11, "lot"): "already in row 10",
                (12, "expiry_date"): "expires on 2030-01-01",
                (14, "expiry_date"): "in row 13",
                (15, "location"): "empty part",
            },
            opening_stock=[
                self._row(warehouse="NONE"),
                self._row(code="NONE"),
                self._row(unit="袋"),
                self._row(location="B", qty="0.001", unit="瓶"),
                self._row(code="CHEESE", unit="kg"),
                self._row(location="C", lot="L"),
                self._row(location="D", expiry_date="2030-01-01"),
                self._row(code="SERIAL", lot="S1", unit="箱", qty="1"),
                self._row(code="SERIAL", lot="S2", unit="瓶", qty="1"),
                self._row(code="SERIAL", lot="S2", unit="瓶", qty="1", location="E"),
                self._row(
                    code="CHEESE", lot="OLD", unit="kg", expiry_date="2030-02-01"
                ),
                self._row(code="CHEESE", lot="N", unit="kg", expiry_date="2030-02-01"),
                self._row(code="CHEESE", lot="N", unit="轮", location="F"),
                self._row(location="G//H"),
            ],
        )
        self.assertFalse(self._moves(self.cheese))
        self.assertFalse(self.env["stock.location"].search([("name", "=", "C")]))

    def test_other_company(self):
        """Warehouses of another company are not accepted."""
        other = self.env["res.company"].create({"name": "Other Company"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        warehouse.code = "OTHER"
        self._assert_problems(
            {(2, "warehouse"): "no warehouse OTHER"},
            opening_stock=[self._row(warehouse="OTHER")],
        )
