# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from odoo.exceptions import UserError, ValidationError
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

    def _combined(self, account, *dimensions):
        """Lines of one account with more dimensions, in a budget of their own."""
        return self._create_budget(
            *(
                {"analytic_account_id": account.id, "amount_planned": 1000.0, **values}
                for values in dimensions
            )
        ).line_ids.sorted("id")

    def _line_of(self, product, vendor, account):
        distribution = {"analytic_distribution": {str(account.id): 100.0}}
        return self._confirm_and_get_line(
            product, partner_id=vendor.id, line=distribution
        )

    def test_account_with_more_dimensions(self):
        """Each of them is nearer than the account alone, all three are nearest."""
        vendor, food = {"partner_id": self.vendor.id}, {"category_id": self.food.id}
        with_vendor, with_food, with_both = self._combined(
            self.shop, vendor, food, {**vendor, **food}
        )
        for product, partner, account, wanted in (
            (self.paper, self.vendor, self.shop, with_vendor),
            (self.bread, self.other_vendor, self.shop, with_food),
            (self.bread, self.vendor, self.shop, with_both),
            (self.juice, self.vendor, self.shop, with_both),
            (self.paper, self.other_vendor, self.shop, self.shop_line),
            (self.juice, self.vendor, self.web, self.vendor_food_line),
        ):
            with self.subTest(
                product=product.name, vendor=partner.name, account=account.name
            ):
                self.assertEqual(self._line_of(product, partner, account), wanted)
        self.assertAmounts(with_vendor, committed=10.0)
        self.assertAmounts(with_food, committed=10.0)
        self.assertAmounts(with_both, committed=20.0)

    def test_of_one_account_the_vendor_comes_before_the_category(self):
        with_vendor, with_food = self._combined(
            self.shop, {"partner_id": self.vendor.id}, {"category_id": self.food.id}
        )
        self.assertEqual(self._line_of(self.bread, self.vendor, self.shop), with_vendor)
        self.assertEqual(
            self._line_of(self.bread, self.other_vendor, self.shop), with_food
        )

    def test_split_distribution(self):
        """The web has no line of its own: its 40 % follow vendor and category."""
        distribution = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        order = self._create_order(
            (self.juice, 1, 100.01, {"analytic_distribution": distribution})
        )
        order.button_confirm()
        self.assertAmounts(self.shop_line, committed=60.01)
        self.assertAmounts(self.vendor_food_line, committed=40.0)

    def _project(self, sequence, with_line=True):
        """An account of a second plan, with a budget line of its own."""
        departments = self.shop.root_plan_id
        departments.sequence = 10
        plan = self.env["account.analytic.plan"].create(
            {"name": "Projects", "sequence": sequence}
        )
        project = self.shop.create({"name": "Fair", "plan_id": plan.id})
        line = self.env["jxc.purchase.budget.line"]
        if with_line:
            line = self._create_budget(
                {"analytic_account_id": project.id, "amount_planned": 1000.0}
            ).line_ids
        return project, line

    def _assert_counted_by(self, project, wanted):
        """Have a share of two accounts counted, in whatever order they are named."""
        for accounts in (
            f"{self.shop.id},{project.id}",
            f"{project.id},{self.shop.id}",
        ):
            found = self._confirm_and_get_line(
                self.juice, line={"analytic_distribution": {accounts: 100.0}}
            )
            self.assertEqual(found, wanted)

    def test_two_plans_the_other_one_comes_first(self):
        project, project_line = self._project(5)
        self._assert_counted_by(project, project_line)

    def test_two_plans_the_other_one_comes_later(self):
        project, _line = self._project(20)
        self._assert_counted_by(project, self.shop_line)

    def test_two_plans_the_second_one_has_the_line(self):
        """Where no budget is for the first account, the next one is looked at."""
        project, _line = self._project(5, with_line=False)
        accounts = f"{project.id},{self.shop.id}"
        found = self._confirm_and_get_line(
            self.juice, line={"analytic_distribution": {accounts: 100.0}}
        )
        self.assertEqual(found, self.shop_line)

    def test_two_plans_one_by_one(self):
        """100 % of each of two plans is one purchase: the first plan counts it."""
        project, project_line = self._project(5)
        distribution = {str(self.shop.id): 100.0, str(project.id): 100.0}
        found = self._confirm_and_get_line(
            self.juice, line={"analytic_distribution": distribution}
        )
        self.assertEqual(found, project_line)

    def test_two_plans_one_by_one_the_second_one_has_the_line(self):
        """A row of its own for a project does not hide the shop from its budget."""
        project, _line = self._project(5, with_line=False)
        distribution = {str(self.shop.id): 100.0, str(project.id): 100.0}
        more = {"analytic_distribution": distribution}
        order = self._create_order((self.juice, 1, 1000.01, more))
        self.assertEqual(order.jxc_budget_state, "over")
        with self.assertRaisesRegex(UserError, "Shop"), self.cr.savepoint():
            order.button_confirm()
        found = self._confirm_and_get_line(self.juice, line=more)
        self.assertEqual(found, self.shop_line)
        self.assertAmounts(self.shop_line, committed=10.0)

    def test_two_plans_one_by_one_split(self):
        """60 % shop and 40 % web, all of a project: the web has no line."""
        project, _line = self._project(5, with_line=False)
        distribution = {
            str(self.shop.id): 60.0,
            str(self.web.id): 40.0,
            str(project.id): 100.0,
        }
        order = self._create_order(
            (self.juice, 1, 100.01, {"analytic_distribution": distribution})
        )
        order.button_confirm()
        self.assertAmounts(self.shop_line, committed=60.01)
        self.assertAmounts(self.vendor_food_line, committed=40.0)
        self._create_bill(order).action_post()
        self.assertAmounts(self.shop_line, actual=60.01)

    def test_two_plans_split(self):
        """60 % of both accounts, 40 % of the shop alone: worked out by hand."""
        project, project_line = self._project(5)
        distribution = {f"{self.shop.id},{project.id}": 60.0, str(self.shop.id): 40.0}
        order = self._create_order(
            (self.juice, 1, 50.0, {"analytic_distribution": distribution})
        )
        order.button_confirm()
        self.assertAmounts(project_line, committed=30.0)
        self.assertAmounts(self.shop_line, committed=20.0)
        bill = self._create_bill(order)
        bill.action_post()
        self.assertAmounts(project_line, actual=30.0)
        self.assertAmounts(self.shop_line, actual=20.0)

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
