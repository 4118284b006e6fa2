# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date, Datetime
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetDay(PurchaseBudgetCommon):
    """No order leaves the budget of today by the date that is written on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = Date.today()
        cls.company.jxc_budget_missing = "allow"
        cls.today_line = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0, "control": "block"},
            date_from=today.replace(month=1, day=1),
            date_to=today.replace(month=12, day=31),
        ).line_ids
        cls.buyer = new_test_user(
            cls.env,
            "day_buyer",
            "purchase.group_purchase_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _own(self, price=90000.0, **values):
        return (
            self.env["purchase.order"]
            .with_user(self.buyer)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.bread.id,
                                "product_qty": 1,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def test_far_dates_are_refused_like_today(self):
        for day in ("2019-01-05 04:00:00", "2199-01-05 04:00:00", Datetime.now()):
            order = self._own(date_order=day)
            self.assertEqual(order.jxc_budget_state, "over")
            with self.assertRaisesRegex(UserError, "90,000.00"), self.cr.savepoint():
                order.button_confirm()
            self.assertEqual(order.state, "draft")

    def test_the_date_moves_nothing_afterwards(self):
        order = self._own(900.0)
        order.button_confirm()
        for day in ("2019-01-05 04:00:00", "2199-01-05 04:00:00"):
            order.date_order = day
            self.assertAmounts(self.today_line, committed=900.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._own(900.0).button_confirm()

    def test_deadline_ahead(self):
        """On an RFQ the date is a deadline; the order counts when it is confirmed."""
        order = self._own(100.0, date_order=Datetime.now() + timedelta(days=700))
        order.button_confirm()
        self.assertAmounts(self.today_line, committed=100.0)
        self._create_bill(order.sudo()).action_post()
        self.assertAmounts(self.today_line, actual=100.0)

    def test_day_between_entry_and_confirmation(self):
        """Within these the date decides, and stays what it was."""
        order = self._own(100.0).sudo()
        begin = Datetime.now().replace(hour=4)
        self.cr.execute(
            "UPDATE purchase_order SET create_date = %s WHERE id = %s",
            [begin - timedelta(days=30), order.id],
        )
        order.invalidate_recordset()
        order.date_order = begin - timedelta(days=10)
        wanted = (begin - timedelta(days=10)).date()
        self.assertEqual(order._jxc_budget_day(), wanted)
        order.date_order = begin - timedelta(days=40)
        self.assertEqual(order._jxc_budget_day(), (begin - timedelta(days=30)).date())
        order.date_order = begin + timedelta(days=40)
        with freeze_time(begin + timedelta(days=5)):
            order.button_confirm()
        for later in (5, 20, 60):
            with freeze_time(begin + timedelta(days=later)):
                self.assertEqual(
                    order._jxc_budget_day(), (begin + timedelta(days=5)).date()
                )

    def _over_two_quarters(self, planned=1000.0):
        """An ordinary order entered on 20 March and confirmed on 10 April.

        :return: (order of 28 March, line of the first, line of the second quarter)
        """
        year = Date.today().year
        budget = self._create_budget(
            *(
                {
                    "category_id": self.office.id,
                    "date_from": date(year, first, 1),
                    "date_to": date(year, last, 30 if last == 6 else 31),
                    "amount_planned": planned,
                }
                for first, last in ((1, 3), (4, 6))
            ),
            date_from=date(year, 1, 1),
            date_to=date(year, 12, 31),
        )
        order = self._own(90.0, date_order=datetime(year, 3, 28, 4)).sudo()
        order.order_line.product_id = self.paper
        order.order_line.write({"price_unit": 90.0, "tax_ids": [Command.clear()]})
        self.cr.execute(
            "UPDATE purchase_order SET create_date = %s WHERE id = %s",
            [datetime(year, 3, 20, 4), order.id],
        )
        order.invalidate_recordset()
        with freeze_time(datetime(year, 4, 10, 4)):
            order.button_confirm()
        return order, *budget.line_ids.sorted("date_from")

    def _booked(self, line):
        entries = self.env["jxc.budget.entry"].search([("line_id", "=", line.id)])
        return entries.sorted("id").mapped("amount")

    def test_date_of_a_confirmed_order_moves_over_two_periods(self):
        """Its amount leaves one period and counts in the other, entry by entry."""
        order, first, second = self._over_two_quarters()
        self.assertAmounts(first, committed=90.0)
        order.date_order = order.date_order.replace(month=4, day=5)
        self.assertAmounts(first)
        self.assertAmounts(second, committed=90.0)
        self.assertEqual(self._booked(first), [90.0, -90.0])
        self.assertEqual(self._booked(second), [90.0])
        order.date_order = order.date_order.replace(month=3, day=30)
        self.assertAmounts(first, committed=90.0)
        self.assertAmounts(second)
        self.assertEqual(self._booked(first), [90.0, -90.0, 90.0])
        self.assertEqual(self._booked(second), [90.0, -90.0])

    def test_date_moves_into_no_full_period(self):
        """Refused by the other period, the first one keeps it."""
        order, first, second = self._over_two_quarters(100.0)
        year = order.date_order.year
        other = self._create_order(
            (self.paper, 1, 20.0), date_order=datetime(year, 5, 5)
        )
        other.button_confirm()
        with self.assertRaisesRegex(UserError, "90.00"), self.cr.savepoint():
            order.date_order = order.date_order.replace(month=4, day=5)
        order.invalidate_recordset()
        self.assertAmounts(first, committed=90.0)
        self.assertAmounts(second, committed=20.0)

    def test_what_is_billed_moves_with_the_order(self):
        order, first, second = self._over_two_quarters()
        order.order_line.product_qty = 2
        self._create_bill(order, {order.order_line: 1}).action_post()
        self.assertAmounts(first, committed=90.0, actual=90.0)
        order.date_order = order.date_order.replace(month=4, day=5)
        self.assertAmounts(first)
        self.assertAmounts(second, committed=90.0, actual=90.0)

    def test_nobody_says_it_was_imported(self):
        order = self._own()
        for values in ({"jxc_import_number": "X"}, {"jxc_import_number": False}):
            with self.assertRaises(AccessError):
                order.write(values)
        with self.assertRaises(AccessError):
            self._own(jxc_import_number="X")
        marked = order.with_context(default_jxc_import_number="X")
        self.assertFalse(marked.copy().jxc_import_number)

    def test_new_budget_takes_over_by_the_day(self):
        """A budget that is confirmed later finds orders with far dates as well."""
        order = self._own(100.0, date_order="2199-01-05 04:00:00")
        order.order_line.product_id = self.paper
        order.order_line.price_unit = 100.0
        order.button_confirm()
        line = self._create_budget(
            {"category_id": self.paper.categ_id.id, "amount_planned": 500.0},
            date_from=Date.today().replace(day=1),
            date_to=Date.today() + timedelta(days=40),
        ).line_ids
        self.assertAmounts(line, committed=100.0)
