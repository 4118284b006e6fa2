# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestStockSnapshot(BookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._user("month_end_user", "account.group_account_user")

    def test_difference_of_goods_that_were_sold(self):
        """Half is sold before the bill comes at another price."""
        line = self._buy("2026-01-05", 2000, 70)
        self._move("2026-01-05", line, 2000)
        sale = self._sell("2026-01-10", 1000)
        self._move("2026-01-10", sale, 1000)
        self._invoice("2026-01-10", sale, 1000, 100)
        self._invoice("2026-01-20", line, 2000, 74)
        self._assert_books(stock=78000, cost=70000)
        snapshot = self._take("2026-01-31")
        self._assert_tied(snapshot)
        self._assert_books(stock=74000, cost=74000)
        self.assertRecordValues(
            snapshot.line_ids,
            [
                {
                    "product_id": self.goods.id,
                    "quantity": 1000,
                    "value": 74000,
                    "unit_cost": 74,
                    "amount_booked": 78000,
                    "amount_adjusted": -4000,
                }
            ],
        )

    def test_month_taken_late_keeps_its_own_value(self):
        """What happens in February does not reach January."""
        line = self._buy("2026-01-05", 100, 10)
        self._move("2026-01-05", line, 100)
        sale = self._sell("2026-01-10", 50)
        self._move("2026-01-10", sale, 50)
        self._invoice("2026-02-02", line, 100, 12)
        self._move("2026-02-03", self._sell("2026-02-03", 20), 20)
        january = self._take("2026-01-31", "2026-02-05")
        self._assert_tied(january)
        self.assertEqual(january.stock_value, 500)
        self._assert_books("2026-01-31", stock=500, accrual=-1000, shipped=500)
        february = self._take("2026-02-28")
        self._assert_tied(february)
        self.assertEqual(february.stock_value, 30 * 12)
        self.assertEqual(january.stock_value, 500)

    def test_value_of_a_taken_day_is_not_computed_again(self):
        line = self._buy("2026-01-05", 10, 10)
        self._move("2026-01-05", line, 10)
        self._take("2026-01-31")
        with self._on("2026-02-03"):
            line.price_unit = 20
        goods = self.goods.with_company(self.company)
        self.assertEqual(goods.with_context(to_date="2026-01-31").total_value, 100)
        self.assertEqual(goods.with_context(to_date="2026-01-31").avg_cost, 10)
        self.assertEqual(
            goods.with_context(to_date="2026-01-31 15:59:59").total_value, 100
        )
        self.assertEqual(goods.total_value, 200)

    def test_days_are_chinese(self):
        """At half past seven in the morning of the first, UTC is still last month."""
        line = self._buy("2026-01-05", 10, 10)
        moves = line.move_ids
        moves.write({"quantity": 10, "picked": True})
        with freeze_time("2026-01-31 23:30:00"):
            moves.picking_id.button_validate()
        self.assertEqual(line.jxc_accrual_ids.date.isoformat(), "2026-02-01")
        january = self._take("2026-01-31")
        self.assertEqual((january.stock_value, january.stock_balance), (0.0, 0.0))
        self._assert_tied(self._take("2026-02-28"))

    def test_opening_stock(self):
        """It has no entry: the opening balances contain it."""
        with self._on("2025-12-30"):
            self.goods.standard_price = 7
        self._count("2025-12-31", 10)
        self._assert_books()
        self._entry("2025-12-31", ("140500", 70, 0), ("300100", 0, 70))
        self._count_account()
        snapshot = self._take("2026-01-31")
        self._assert_tied(snapshot)
        self.assertFalse(snapshot.entry_ids)
        self._entry("2026-02-01", ("140500", 5, 0), ("300100", 0, 5))
        february = self._take("2026-02-28")
        self.assertEqual(february.stock_difference, -5)
        self.assertFalse(february.is_tied)

    def test_opening_stock_that_gets_its_cost_later(self):
        """Worth nothing when it came, so the first month-end books it like a gain."""
        self._count("2025-12-31", 10)
        with self._on("2026-01-10"):
            self.goods.standard_price = 7
        self._count_account()
        snapshot = self._take("2026-01-31")
        self._assert_tied(snapshot)
        self.assertEqual(snapshot.line_ids.amount_adjusted, 70)
        self._assert_books("2026-01-31", stock=70, cost=-70)

    def test_opening_stock_of_before_booking(self):
        """What was counted before booking is switched on keeps its value, too."""
        self.company.jxc_books_stock = False
        with self._on("2026-01-09"):
            self.goods.standard_price = 10
        self._count("2026-01-10", 100)
        bought = self._buy("2026-01-11", 10, 10)
        self._move("2026-01-11", bought, 10)
        self.company.jxc_books_stock = True
        values = self.env["product.value"].search([("move_id", "!=", False)])
        self.assertRecordValues(
            values,
            [
                {
                    "value": 1000,
                    "date": values.move_id.date,
                    "company_id": self.company.id,
                    "user_id": self.env.uid,
                }
            ],
        )
        self.assertEqual(values.move_id.location_id.usage, "inventory")
        with self._on("2026-02-02"):
            self.goods.standard_price = 11
        self.company.jxc_books_stock = False
        self.company.jxc_books_stock = True
        self.assertEqual(values.search([("move_id", "!=", False)]), values)
        moment = self.company._jxc_stock_day_end(fields.Date.to_date("2026-01-31"))
        for found in (
            self.goods.with_context(to_date=moment).total_value,
            self.goods._jxc_values_at(self.company, moment)[self.goods][1],
        ):
            self.assertEqual(found, 1100)

    def test_counts_without_an_account(self):
        """They have no entry: after the opening, the month-end books them."""
        line = self._buy("2026-01-05", 10, 7)
        self._move("2026-01-05", line, 10)
        self._assert_tied(self._take("2026-01-31"))
        self._count("2026-02-10", 12)
        found = self._take("2026-02-28")
        self._assert_tied(found)
        self.assertEqual(found.line_ids.amount_adjusted, 14)
        self._assert_books("2026-02-28", stock=84, accrual=-70, cost=-14)
        self._count("2026-03-10", 9)
        lost = self._take("2026-03-31")
        self._assert_tied(lost)
        self.assertEqual(lost.line_ids.amount_adjusted, -21)
        self._assert_books(stock=63, accrual=-70, cost=7)

    def test_history_from_before_is_caught_up(self):
        self.company.jxc_books_stock = False
        line = self._buy("2026-01-05", 100, 10)
        self._move("2026-01-05", line, 100)
        self._invoice("2026-01-06", line, 40, 10)
        sale = self._sell("2026-01-10", 30)
        self._move("2026-01-10", sale, 30)
        self._invoice("2026-01-10", sale, 20, 100)
        self._assert_books(stock=200, cost=200)
        self.company.jxc_books_stock = True
        self._assert_tied(self._take("2026-01-31"))
        self._assert_books(stock=700, accrual=-600, shipped=100, cost=200)

    def test_closed_months_stay_closed(self):
        line = self._buy("2026-01-05", 10, 10)
        self._move("2026-01-05", line, 10)
        bill = self._invoice("2026-01-20", line, 4, 10)
        late = self._invoice("2026-01-25", line, 6, 10, post=False)
        snapshot = self._take("2026-01-31")
        with self.assertRaisesRegex(UserError, "was taken"):
            late.action_post()
        with self.assertRaisesRegex(UserError, "was taken"):
            bill.button_draft()
        late.date = "2026-02-01"
        late.action_post()
        self._assert_tied(snapshot)
        self._assert_tied(self._take("2026-02-28"))

    def test_goods_stay_in_months_that_were_taken(self):
        """Neither date nor quantity of a transfer changes one, with an order or not."""
        self._count_account()
        line = self._buy("2026-01-05", 10, 10)
        received = self._move("2026-01-05", line, 10)
        self._count("2026-01-08", 12)
        counted = self.env["stock.move"].search(
            [
                ("product_id", "=", self.goods.id),
                ("location_id.usage", "=", "inventory"),
            ]
        )
        later = self._buy("2026-02-05", 4, 10)
        late = self._move("2026-02-05", later, 4)
        snapshot = self._take("2026-01-31")
        for move in received | counted:
            with self.assertRaisesRegex(UserError, "was taken"):
                move.date = "2026-02-03 04:00:00"
            with self.assertRaisesRegex(UserError, "was taken"):
                move.move_line_ids.quantity += 1
        with self.assertRaisesRegex(UserError, "was taken"):
            received.picking_id.date_done = "2026-02-03 04:00:00"
        with self.assertRaisesRegex(UserError, "was taken"):
            late.date = "2026-01-20 04:00:00"
        # As the request that fails, all of it is undone.
        with (
            self.assertRaisesRegex(UserError, "was taken"),
            self.env.cr.savepoint(),
        ):
            self._count("2026-01-20", 30)
        self._assert_tied(snapshot)
        late.date = "2026-02-09 04:00:00"
        self._assert_tied(self._take("2026-02-28"))

    def test_transfer_given_another_date(self):
        """Its accrual moves to the other month with the goods."""
        line = self._buy("2026-01-20", 10, 10)
        move = self._move("2026-01-20", line, 10)
        move.picking_id.date_done = "2026-02-03 04:00:00"
        self._assert_books("2026-01-31")
        self._assert_books("2026-02-03", stock=100, accrual=-100)
        move.picking_id.date_done = "2026-01-25 04:00:00"
        self._assert_books("2026-01-25", stock=100, accrual=-100)
        self._assert_books(stock=100, accrual=-100)
        for end in ("2026-01-31", "2026-02-28"):
            snapshot = self._take(end)
            self._assert_tied(snapshot)
            self.assertFalse(snapshot.entry_ids)

    def test_taken_again_after_a_correction(self):
        line = self._buy("2026-01-05", 10, 10)
        self._move("2026-01-05", line, 10)
        first = self._take("2026-01-31")
        manager = self._user("month_end_manager", "account.group_account_manager")
        with self.assertRaises(AccessError):
            first.with_user(self.accountant).action_reopen()
        first.with_user(manager).action_reopen()
        self._invoice("2026-01-25", line, 10, 11)
        with self._on("2026-02-10"):
            second = self.snapshots.with_user(self.accountant).take("2026-01-31")
            again = self.snapshots.browse(second.action_take_again()["res_id"])
        self._assert_tied(again)
        self.assertEqual(again.stock_value, 110)
        self._assert_books(stock=110)
        self._take("2026-02-28")
        with self.assertRaisesRegex(UserError, "after it"):
            again.with_user(manager).action_reopen()

    def test_which_days_can_be_taken(self):
        with self._on("2026-03-10"):
            take = self.snapshots.with_user(self.accountant).take
            for day, message in (
                ("2026-01-30", "not the end"),
                ("2026-03-31", "not over"),
                (True, "2024-01-31"),
                ("abc", "2024-01-31"),
                (None, "a last day"),
                ("9999-12-31", "9000"),
            ):
                with self.assertRaisesRegex(UserError, message):
                    take(day)
            for company in (True, "abc", -1, 2**40):
                with self.assertRaisesRegex(UserError, "no such company"):
                    take("2026-01-31", company)
            take("2026-01-31")
            with self.assertRaisesRegex(UserError, "the next one"):
                take("2025-12-31")
            take("2026-02-28")
            clerk = self._user("month_end_clerk", "account.group_account_invoice")
            with self.assertRaises(AccessError):
                self.snapshots.with_user(clerk).take("2026-02-28")
            with self.assertRaises(AccessError):
                self.snapshots.with_user(self.accountant).create(
                    {"company_id": self.company.id, "date": "2026-03-31"}
                )
        with self._on("2026-04-10"):
            wizards = self.env["jxc.stock.snapshot.take"].with_user(self.accountant)
            with Form(wizards) as form:
                self.assertEqual(form.date.isoformat(), "2026-03-31")
            taken = self.snapshots.browse(form.record.action_take()["res_id"])
            self.assertEqual(taken.date.isoformat(), "2026-03-31")
            self.assertTrue(Form(taken.with_user(self.accountant)).is_tied)

    def test_lots_with_a_cost_each(self):
        wine = self._goods("Wine", tracking="lot", lot_valuated=True)
        for name, price in (("A", 10), ("B", 20)):
            line = self._buy("2026-01-05", 10, price, wine)
            move = line.move_ids
            move.move_line_ids.unlink()
            with self._on("2026-01-05"):
                move.move_line_ids = [
                    (0, 0, {"product_id": wine.id, "lot_name": name, "quantity": 10})
                ]
                move.picked = True
                move.picking_id.button_validate()
        sale = self._sell("2026-01-10", 4, product=wine)
        lot = self.env["stock.lot"].search(
            [("product_id", "=", wine.id), ("name", "=", "B")]
        )
        move = sale.move_ids
        move.move_line_ids.lot_id = lot
        self._move("2026-01-10", sale, 4)
        snapshot = self._take("2026-01-31")
        self._assert_tied(snapshot)
        self.assertEqual(snapshot.stock_value, 10 * 10 + 6 * 20)
        self._assert_books(stock=220, accrual=-300, shipped=80)

    def test_fifo(self):
        category = self.env["product.category"].create(
            {"name": "FIFO", "property_cost_method": "fifo"}
        )
        fifo = self._goods("First in", categ_id=category.id)
        for price in (10, 20):
            line = self._buy("2026-01-05", 10, price, fifo)
            self._move("2026-01-05", line, 10)
        self._move("2026-01-10", self._sell("2026-01-10", 15, product=fifo), 15)
        snapshot = self._take("2026-01-31")
        self._assert_tied(snapshot)
        self.assertEqual(snapshot.stock_value, 100)
        self._assert_books(stock=100, accrual=-300, shipped=200)
