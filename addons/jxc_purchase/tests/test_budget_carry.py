# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .change_common import BudgetChangeCommon


@tagged("post_install", "-at_install")
class TestBudgetCarry(BudgetChangeCommon):
    """Carrying forward what is split over several budget lines."""

    def _split_budgets(self):
        """An order of 100, 60 % of the shop and 40 % of the web; their lines."""
        lines = [
            {"analytic_account_id": account.id, "amount_planned": 100.0}
            for account in (self.shop, self.web)
        ]
        old = self._create_budget(*lines)
        new = self._create_budget(
            *lines, date_from=date(2027, 1, 1), date_to=date(2027, 12, 31)
        )
        distribution = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        order = self._create_order(
            (self.bread, 1, 100.0, {"analytic_distribution": distribution})
        )
        order.button_confirm()
        return order, old.line_ids.sorted("id"), new.line_ids.sorted("id")

    def test_carry_tears_no_split_line_apart(self):
        order, (shop, web), (new_shop, new_web) = self._split_budgets()
        self.assertAmounts(shop, committed=60.0)
        self.assertAmounts(web, committed=40.0)
        change = self._change("carry", 60.0, shop, new_shop, carry_commitments=True)
        change.action_submit()
        second = change.with_user(self._second_manager())
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            second.action_approve()
        for word in (order.name, "Bread", web.display_name):
            self.assertIn(word, str(caught.exception))
        self.assertNotIn(shop.display_name, str(caught.exception))
        change.invalidate_recordset()
        self.assertAmounts(shop, committed=60.0)
        self.assertAmounts(web, committed=40.0)
        self.assertAmounts(new_shop)
        self.assertAmounts(new_web)
        self.assertFalse(order.order_line.jxc_budget_date)

    def test_carry_all_shares_together(self):
        order, (shop, web), (new_shop, new_web) = self._split_budgets()
        change = self._change("carry", 60.0, shop, new_shop, carry_commitments=True)
        change.line_ids = [
            Command.create(
                {"line_from_id": web.id, "line_to_id": new_web.id, "amount": 40.0}
            )
        ]
        self._decide(change)
        self.assertAmounts(shop)
        self.assertAmounts(web)
        self.assertAmounts(new_shop, committed=60.0)
        self.assertAmounts(new_web, committed=40.0)
        self.assertEqual(order.order_line.jxc_budget_date, date(2027, 1, 1))

    def test_carry_to_periods_without_a_common_day(self):
        _order, (shop, web), (new_shop, _new_web) = self._split_budgets()
        later = self._create_budget(
            {"analytic_account_id": self.web.id, "amount_planned": 100.0},
            date_from=date(2028, 1, 1),
            date_to=date(2028, 12, 31),
        ).line_ids
        change = self._change("carry", 60.0, shop, new_shop, carry_commitments=True)
        change.line_ids = [
            Command.create(
                {"line_from_id": web.id, "line_to_id": later.id, "amount": 40.0}
            )
        ]
        change.action_submit()
        with self.assertRaisesRegex(UserError, "share a day"), self.cr.savepoint():
            change.with_user(self._second_manager()).action_approve()

    def test_carry_beside_a_line_that_counts_the_new_day(self):
        """The year of the web goes on: its share stays where it is."""
        months = self._create_budget(
            *(
                {
                    "analytic_account_id": self.shop.id,
                    "amount_planned": 100.0,
                    "date_from": date(2026, month, 1),
                    "date_to": date(2026, month, 28),
                }
                for month in (6, 7)
            )
        )
        web = self._create_budget(
            {"analytic_account_id": self.web.id, "amount_planned": 100.0}
        ).line_ids
        june, july = months.line_ids.sorted("date_from")
        distribution = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        self._create_order(
            (self.bread, 1, 100.0, {"analytic_distribution": distribution})
        ).button_confirm()
        self._decide(self._change("carry", 60.0, june, july, carry_commitments=True))
        self.assertAmounts(june)
        self.assertAmounts(july, committed=60.0)
        self.assertAmounts(web, committed=40.0)
