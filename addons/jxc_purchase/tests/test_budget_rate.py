# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon

NOW = datetime(2026, 6, 15, 4)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestBudgetRate(PurchaseBudgetCommon):
    """An order uses budgets at the rate of its day, not of a date anybody writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0}
        ).line_ids
        cls.dear = cls.env.ref("base.EUR")
        cls.dear.active = True
        # One of the company's is so many of the other: 100 cost 800 in 2026.
        cls._rate("2025-01-01", 1.0)
        cls._rate("2026-01-01", 0.125)
        cls.buyer = new_test_user(
            cls.env,
            "rate_buyer",
            "purchase.group_purchase_user",
            company_id=cls.company.id,
        )

    @classmethod
    def _rate(cls, day, rate):
        cls.env["res.currency.rate"].create(
            {
                "name": day,
                "currency_id": cls.dear.id,
                "company_id": cls.company.id,
                "rate": rate,
            }
        )

    def _own(self, price, **values):
        """An RFQ of a buyer in the dear currency, entered now."""
        order = self.env["purchase.order"].with_user(self.buyer)
        order = order.create(
            {
                "partner_id": self.vendor.id,
                "currency_id": self.dear.id,
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
        self.cr.execute(
            "UPDATE purchase_order SET create_date = %s WHERE id = %s", [NOW, order.id]
        )
        order.invalidate_recordset()
        return order

    def test_date_of_another_rate_is_no_way_past(self):
        for day in (datetime(2025, 6, 1), datetime(2020, 6, 1), NOW):
            with self.subTest(day=day):
                order = self._own(130.0, date_order=day)
                self.assertEqual(order.jxc_budget_state, "over")
                with self.assertRaisesRegex(UserError, "1,040.00"):
                    order.button_confirm()

    def test_date_of_a_confirmed_order_moves_no_amount(self):
        order = self._own(100.0)
        order.button_confirm()
        self.assertAmounts(self.line, committed=800.0)
        for day in (datetime(2025, 6, 1), NOW + timedelta(days=300), NOW):
            order.date_order = day
            self.assertAmounts(self.line, committed=800.0)

    def test_later_rate_changes_no_commitment(self):
        """Also where the order date is no day of the order: a deadline ahead."""
        order = self._own(100.0, date_order=NOW + timedelta(days=30))
        order.button_confirm()
        self.assertAmounts(self.line, committed=800.0)
        self._rate("2026-06-10", 0.1)
        self.assertAmounts(self.line, committed=800.0)
        with freeze_time(NOW + timedelta(days=5)):
            order.order_line.write({"product_qty": 0.5, "price_unit": 100.0})
            self.assertAmounts(self.line, committed=400.0)
            order.order_line.copy({"order_id": order.id, "price_unit": 10.0})
            self.assertEqual(order.order_line[1].price_subtotal, 5.0)
        self.assertAmounts(self.line, committed=440.0)
        order.date_order = datetime(2025, 6, 1)
        self.assertAmounts(self.line, committed=440.0)

    def test_later_rate_of_the_same_day(self):
        order = self._own(100.0)
        order.button_confirm()
        self._rate("2026-06-15", 0.1)
        order.date_order = datetime(2025, 6, 1)
        self.assertAmounts(self.line, committed=800.0)

    def test_bill_replaces_it(self):
        order = self._own(100.0, date_order=datetime(2025, 6, 1))
        order.button_confirm()
        self.assertAmounts(self.line, committed=800.0)
        self._create_bill(order.sudo()).action_post()
        self.assertAmounts(self.line, actual=800.0)

    def test_rates_cost_no_query_for_each_order(self):
        engine = self.env["jxc.budget.engine"]

        def queries(count):
            lines = self.env["purchase.order.line"]
            for _number in range(count):
                own = self._own(1.0, date_order=datetime(2025, 6, 1))
                lines |= own.sudo().order_line
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            engine._sync(lines, confirming=True, rematch=True)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(2)
        self.assertEqual(queries(2), queries(12))
