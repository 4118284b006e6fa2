# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .count_common import CountCase


@tagged("post_install", "-at_install")
class TestCount(CountCase):
    def test_count_from_start_to_stock(self):
        count = self._start_count()
        self.assertRegex(count.name, r"^PD/2\d{3}/\d{4}")
        self.assertEqual(count.line_count, 2)
        self._enter(count, self.wine, "3箱2瓶")
        self._enter(count, self.beer, "2箱1瓶")
        self.assertEqual(count.counted_count, 2)
        self.assertIs(self._submit(count), True)
        wine, beer = self._line(count, self.wine), self._line(count, self.beer)
        self.assertEqual((wine.difference, beer.difference), (-2, 1))
        self.assertEqual(wine.shown_difference_text, "-2瓶")
        self._apply(count)
        self.assertEqual(count.state, "done")
        self.assertEqual(self._on_hand(self.wine), 38)
        self.assertEqual(self._on_hand(self.beer), 49)
        result = count.sudo()
        self.assertEqual((result.gain_value, result.loss_value), (2, -20))
        move = wine.move_id
        self.assertTrue(move.is_inventory)
        self.assertEqual(move.reference, f"{count.name}: Lost")
        self.assertEqual(move.location_dest_id.usage, "inventory")
        self.assertEqual(wine.applied_by_id, self.max)

    def test_nothing_differs_makes_no_move(self):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 40)
        self._submit(count)
        self._apply(count)
        self.assertEqual(count.state, "done")
        self.assertEqual(self._line(count, self.wine).state, "kept")
        self.assertFalse(self._line(count, self.wine).move_id)

    def test_valuation_account_of_the_loss_location(self):
        loss = self.env["account.account"].create(
            {"name": "Count", "code": "6901.99", "account_type": "expense"}
        )
        place = self.wine.with_company(self.env.company).property_stock_inventory
        place.valuation_account_id = loss
        self.wine.categ_id.property_valuation = "real_time"
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 37)
        self._submit(count)
        self._apply(count)
        entries = self.env["account.move.line"].search([("account_id", "=", loss.id)])
        self.assertEqual(sum(entries.mapped("balance")), 30)

    def test_unexpected_product_gets_a_line(self):
        count = self._start_count(product_ids=False, location_ids=self.shelf.ids)
        cider = self._create_product("Cider")
        self._enter(count, cider, 5, location_id=self.bin.id)
        line = self._line(count, cider, self.bin)
        self.assertEqual((line.snapshot_quantity, line.difference), (0, 5))

    def test_named_product_without_stock_is_on_the_list(self):
        cider = self._create_product("Cider")
        count = self._start_count(product_ids=cider.ids)
        self.assertEqual(count.line_ids.location_id, self.shelf)
        self._enter(count, cider, 4)
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(cider), 4)

    def test_scope_by_category_and_location(self):
        category = self.env["product.category"].create({"name": "Spirits"})
        child = self.env["product.category"].create(
            {"name": "Gin", "parent_id": category.id}
        )
        self.beer.categ_id = child
        self._transfer(self.beer, 8, self.shelf, self.bin)
        count = self._start_count(
            product_ids=False, category_ids=category.ids, location_ids=self.bin.ids
        )
        self.assertEqual(count.line_ids.product_id, self.beer)
        self.assertEqual(count.line_ids.location_id, self.bin)
        self.assertEqual(count.line_ids.snapshot_quantity, 8)

    def test_outside_of_the_scope_is_refused(self):
        count = self._start_count(product_ids=self.wine.ids)
        with self.assertRaisesRegex(UserError, "does not cover Beer"):
            self._enter(count, self.beer, 1)
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        with self.assertRaisesRegex(UserError, "does not cover OTH"):
            self._enter(count, self.wine, 1, location_id=other.lot_stock_id.id)

    def test_location_of_another_warehouse_is_refused(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        with self.assertRaisesRegex(ValidationError, "does not belong to"):
            self._create_count(location_ids=other.lot_stock_id.ids)

    def test_moves_are_named_in_the_company_s_language(self):
        """Whoever applies, everybody reads the same reason in the moves."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.company.partner_id.lang = "zh_CN"
        self.reason.with_context(lang="zh_CN").name = "丢失"
        self.max.lang = "fr_FR"
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 39)
        self._submit(count)
        self._apply(count)
        move = self.env["stock.move"].search(
            [("jxc_count_line_id", "in", count.line_ids.ids)]
        )
        self.assertEqual(move.reference, f"{count.name}: 丢失")

    def test_nothing_to_count(self):
        empty = self.env["stock.location"].create(
            {"name": "Empty", "location_id": self.shelf.id}
        )
        count = self._create_count(product_ids=False, location_ids=empty.ids)
        with self.assertRaisesRegex(UserError, "there is no stock"):
            count.action_start()

    # -- uncounted ------------------------------------------------------------------

    def test_uncounted_lines_are_refused(self):
        count = self._start_count()
        self._enter(count, self.wine, 40)
        with self.assertRaisesRegex(UserError, "1 lines have not been counted"):
            self._submit(count)

    def test_uncounted_lines_are_kept(self):
        count = self._start_count(uncounted="keep")
        self._enter(count, self.wine, 39)
        self._submit(count)
        self.assertEqual(self._line(count, self.beer).state, "kept")
        self._apply(count)
        self.assertEqual(self._on_hand(self.beer), 48)

    def test_uncounted_lines_are_not_there(self):
        count = self._start_count(uncounted="zero")
        self._enter(count, self.wine, 40)
        with self.after(minutes=1):
            self._deliver(self.beer, 8)
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(self.beer), 0)

    # -- several people ---------------------------------------------------------------

    def test_people_add_up(self):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, "1箱", self.uma)
        self._enter(count, self.wine, "2箱", self.ute)
        self._enter(count, self.wine, 4, self.uma)
        line = self._line(count, self.wine)
        self.assertEqual((line.counted_quantity, line.difference), (40, 0))
        self.assertEqual(len(count.sheet_ids), 2)
        self.assertEqual(count.sheet_ids.mapped("number"), [1, 2])

    def test_nobody_enters_on_other_sheets(self):
        count = self._start_count()
        entry = self._enter(count, self.wine, 3, self.uma)
        Entry = self.env["jxc.stock.count.entry"].with_user(self.ute)
        with self.assertRaisesRegex(AccessError, "belongs to somebody else"):
            Entry.create({**entry.line_id._key_values(), "sheet_id": entry.sheet_id.id})
        with self.assertRaisesRegex(AccessError, "ask them"):
            entry.with_user(self.ute).action_void()
        with self.assertRaises(AccessError):
            entry.with_user(self.uma).write({"quantity": 7})
        with self.assertRaises(AccessError):
            entry.with_user(self.uma).unlink()

    def test_entries_are_taken_back(self):
        count = self._start_count(product_ids=self.wine.ids)
        entry = self._enter(count, self.wine, 3)
        entry.action_void()
        line = self._line(count, self.wine)
        self.assertFalse(line.is_counted)
        self._enter(count, self.wine, 40)
        self.assertEqual(line.counted_quantity, 40)

    def test_result_fields_cannot_be_sent(self):
        count = self._start_count()
        entry = self._enter(
            count, self.wine, 3, book_quantity=3, round=9, user_id=self.ute.id
        ).sudo()
        self.assertEqual((entry.book_quantity, entry.round), (40, 1))
        self.assertEqual(entry.user_id, self.uma)

    def test_sheet_form(self):
        count = self._start_count()
        sheet = count.with_user(self.uma)._find_or_create_sheet()
        with Form(sheet) as form:
            form.location_id = self.shelf
            with form.entry_ids.new() as entry:
                entry.product_id = self.wine
                entry.quantity_text = "3箱"
        self.assertEqual(self._line(count, self.wine).counted_quantity, 36)
        self.assertEqual(sheet.entry_ids.user_id, self.uma)

    def test_closed_sheets_take_nothing(self):
        count = self._start_count()
        entry = self._enter(count, self.wine, 3)
        entry.sheet_id.action_close()
        values = {**entry.line_id._key_values(), "sheet_id": entry.sheet_id.id}
        with self.assertRaisesRegex(UserError, "is closed"):
            entry.create(values)
        with self.assertRaises(AccessError):
            entry.sheet_id.with_user(self.uma).write({"state": "closed"})
        entry.sheet_id.action_reopen()
        entry.create(values)

    def test_nothing_below_zero(self):
        count = self._start_count()
        with self.assertRaisesRegex(UserError, "less than nothing"):
            self._enter(count, self.wine, -3)
        with self.assertRaisesRegex(UserError, "is not a quantity"):
            self._enter(count, self.wine, "3 barrels")

    # -- tolerance ------------------------------------------------------------------

    def test_recount_above_the_tolerance(self):
        count = self._start_count(tolerance_percent=10)
        self._enter(count, self.wine, 30)
        self._enter(count, self.beer, 47)
        action = self._submit(count)
        self.assertEqual(action["tag"], "display_notification")
        wine, beer = self._line(count, self.wine), self._line(count, self.beer)
        self.assertEqual(count.state, "in_progress")
        self.assertEqual((wine.state, wine.needs_recount), ("open", True))
        self.assertEqual(beer.state, "settled")
        self.assertFalse(wine.is_counted)
        with self.assertRaisesRegex(UserError, "counted and settled"):
            self._enter(count, self.beer, 1)
        self._enter(count, self.wine, 31)
        self.assertIs(self._submit(count), True)
        self.assertEqual((count.state, wine.difference), ("submitted", -9))
        self.assertEqual(count.sudo().variance_value, 92)

    def test_recount_above_a_quantity(self):
        count = self._start_count(tolerance_quantity=2, product_ids=self.wine.ids)
        self._enter(count, self.wine, 38)
        self.assertIs(self._submit(count), True)

    def test_tolerances_of_the_company(self):
        self.env.company.jxc_count_tolerance_percent = 5
        self.assertEqual(self._create_count().tolerance_percent, 5)

    def test_stock_that_moves_between_entries_is_counted_again(self):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 20, self.uma)
        with self.after(minutes=1):
            self._deliver(self.wine, 5)
            self._receive(self.wine, 5)
        self._enter(count, self.wine, 20, self.ute)
        self.assertIsNot(self._submit(count), True)
        line = self._line(count, self.wine)
        self.assertTrue(line.needs_recount)
        self._enter(count, self.wine, 39)
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(self.wine), 39)

    # -- guards ---------------------------------------------------------------------

    def test_lots(self):
        milk = self._create_product("Milk", tracking="lot")
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": milk.id} for name in ("L1", "L2")]
        )
        for lot in lots:
            self._transfer(milk, 10, self.supplier, self.shelf, lot)
        count = self._start_count(product_ids=milk.ids, lot_ids=lots[0].ids)
        self.assertEqual(count.line_ids.lot_id, lots[0])
        with self.assertRaisesRegex(UserError, "kept by lots"):
            self._enter(count, milk, 9)
        with self.assertRaisesRegex(UserError, "does not cover this lot"):
            self._enter(count, milk, 9, lot_id=lots[1].id)
        self._enter(count, milk, 9, lot_id=lots[0].id)
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(milk, lot=lots[0]), 9)
        self.assertEqual(self._on_hand(milk, lot=lots[1]), 10)
        # Other lots may be counted at the same time.
        self._start_count(product_ids=milk.ids, lot_ids=lots[0].ids)
        self._start_count(product_ids=milk.ids, lot_ids=lots[1].ids)

    def test_serial_numbers_are_there_once(self):
        phone = self._create_product("Phone", tracking="serial")
        serial = self.env["stock.lot"].create({"name": "S1", "product_id": phone.id})
        self._transfer(phone, 1, self.supplier, self.shelf, serial)
        count = self._start_count(product_ids=phone.ids)
        self._enter(count, phone, 1, lot_id=serial.id)
        with self.assertRaisesRegex(UserError, "once or not at all"):
            self._enter(count, phone, 1, lot_id=serial.id)

    # -- companies ------------------------------------------------------------------

    def test_companies_do_not_see_each_other(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._new_user(
            "stranger",
            "stock.group_stock_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        count = self._start_count()
        entry = self._enter(count, self.wine, 4)
        for record in (count, count.line_ids, entry, entry.sheet_id):
            with self.assertRaises(AccessError):
                record.with_user(stranger).check_access("read")
        theirs = self.env["jxc.stock.count"].with_user(stranger).create({})
        self.assertEqual(theirs.warehouse_id.company_id, other)
        with self.assertRaises(UserError):
            theirs.warehouse_id = self.warehouse

    def test_queries_do_not_grow_with_lines(self):
        def queries(number):
            products = self.env["product.product"].create(
                [
                    {"name": f"P{i}", "is_storable": True, "uom_id": self.bottle.id}
                    for i in range(number)
                ]
            )
            for product in products:
                self.env["stock.quant"]._update_available_quantity(
                    product, self.shelf, 10
                )
            count = self._create_count(product_ids=products.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            count.action_start()
            sheet = count._find_or_create_sheet()
            self.env["jxc.stock.count.entry"].with_user(self.max).create(
                [
                    {
                        "sheet_id": sheet.id,
                        "product_id": product.id,
                        "location_id": self.shelf.id,
                        "quantity": 10,
                    }
                    for product in products
                ]
            )
            count.action_submit()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(2)
        few, many = queries(2), queries(40)
        self.assertLessEqual(many, few + 5)
