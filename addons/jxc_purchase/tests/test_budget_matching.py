# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetMatching(PurchaseBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dimensions = [
            {},
            {"category_id": cls.food.id},
            {"category_id": cls.drinks.id},
            {"partner_id": cls.vendor.id},
            {"partner_id": cls.vendor.id, "category_id": cls.food.id},
            {"analytic_account_id": cls.shop.id},
        ]
        cls.budget = cls._create_budget(
            *({"amount_planned": 1000.0, **values} for values in dimensions)
        )
        (
            cls.any_line,
            cls.food_line,
            cls.drinks_line,
            cls.vendor_line,
            cls.vendor_food_line,
            cls.shop_line,
        ) = cls.budget.line_ids.sorted("id")

    def _confirm_and_get_line(self, product, **values):
        order = self._create_order((product, 1, 10.0, values.pop("line", {})), **values)
        order.button_confirm()
        entries = self.env["jxc.budget.entry"].search([("res_id", "=", order.id)])
        self.assertEqual(sum(entries.mapped("amount")), 10.0)
        return entries.line_id

    def test_category_before_any(self):
        other = {"partner_id": self.other_vendor.id}
        self.assertEqual(
            self._confirm_and_get_line(self.bread, **other), self.food_line
        )
        self.assertEqual(self._confirm_and_get_line(self.paper, **other), self.any_line)

    def test_nearest_category_wins(self):
        line = self._confirm_and_get_line(self.juice, partner_id=self.other_vendor.id)
        self.assertEqual(line, self.drinks_line)

    def test_vendor_before_category(self):
        self.assertEqual(self._confirm_and_get_line(self.paper), self.vendor_line)
        self.assertEqual(self._confirm_and_get_line(self.juice), self.vendor_food_line)

    def test_contact_of_vendor(self):
        contact = self.env["res.partner"].create(
            {"name": "Sales desk", "parent_id": self.vendor.id}
        )
        line = self._confirm_and_get_line(self.paper, partner_id=contact.id)
        self.assertEqual(line, self.vendor_line)

    def test_analytic_first(self):
        line = self._confirm_and_get_line(
            self.juice, line={"analytic_distribution": {str(self.shop.id): 100.0}}
        )
        self.assertEqual(line, self.shop_line)

    def test_split_distribution(self):
        """The web has no line of its own: its 40 % follow vendor and category."""
        distribution = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        order = self._create_order(
            (self.juice, 1, 100.01, {"analytic_distribution": distribution})
        )
        order.button_confirm()
        self.assertAmounts(self.shop_line, committed=60.01)
        self.assertAmounts(self.vendor_food_line, committed=40.0)

    def test_date_outside_of_lines(self):
        order = self._create_order(
            (self.bread, 1, 10.0), date_order=datetime(2027, 1, 1, 12, 0)
        )
        order.button_confirm()
        self.assertFalse(
            self.env["jxc.budget.entry"].search([("res_id", "=", order.id)])
        )

    def test_day_is_local(self):
        """New Year's morning in Shanghai is still the old year in UTC."""
        buyer = self.env.user
        buyer.tz = "Asia/Shanghai"
        order = self._create_order(
            (self.bread, 1, 10.0),
            date_order=datetime(2026, 12, 31, 20, 0),
            user_id=buyer.id,
        )
        self.assertEqual(order._jxc_budget_day(), date(2027, 1, 1))
        order.button_confirm()
        self.assertFalse(
            self.env["jxc.budget.entry"].search([("res_id", "=", order.id)])
        )

    def test_category_change_moves_no_used_budget(self):
        order = self._create_order(
            (self.paper, 1, 10.0), partner_id=self.other_vendor.id
        )
        order.button_confirm()
        self.assertAmounts(self.any_line, committed=10.0)
        self.paper.categ_id = self.food
        order.order_line.product_qty = 2
        self.assertAmounts(self.any_line, committed=20.0)

    def test_ambiguous_in_one_budget(self):
        with self.assertRaisesRegex(ValidationError, "Office"):
            self._create_budget(
                {"category_id": self.office.id, "amount_planned": 1.0},
                {
                    "category_id": self.office.id,
                    "amount_planned": 1.0,
                    "date_from": date(2026, 12, 31),
                },
            )

    def test_ambiguous_with_other_budget(self):
        with self.assertRaises(ValidationError):
            self._create_budget(1.0)
        later = self._create_budget(
            1.0, date_from=date(2027, 1, 1), date_to=date(2027, 12, 31)
        )
        self.assertEqual(later.state, "confirmed")

    def test_closed_budget_still_occupies_its_days(self):
        self.budget.action_close()
        with self.assertRaises(ValidationError):
            self._create_budget(1.0)
