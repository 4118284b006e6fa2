# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A year of purchases against the monthly budgets that come with the trade data."""

from collections import defaultdict


def _months(budgets):
    """Return the first days of the months that the budgets have, sorted."""
    return sorted(budgets.mapped("date_from"))


def test_budgets_of_each_month_are_in_force(northwind_database, odoo_env):
    """Confirmed, a month each, with lines that are planned."""
    with odoo_env(northwind_database, "admin") as env:
        budgets = env["jxc.purchase.budget"].search([])
        assert len(budgets) > 3
        assert set(budgets.mapped("state")) == {"confirmed"}
        assert len(set(_months(budgets))) == len(budgets)
        for budget in budgets:
            first, last = budget.date_from, budget.date_to
            assert (first.year, first.month, first.day) == (last.year, last.month, 1)
            assert budget.line_ids.category_id, budget.name
            assert min(budget.line_ids.mapped("amount_planned")) > 0, budget.name


def test_purchases_use_the_budgets_and_the_ledger_is_right(
    northwind_database, odoo_env
):
    """What is used is what the orders of the month cost, by plain sums."""
    with odoo_env(northwind_database, "admin") as env:
        budgets = env["jxc.purchase.budget"].search([])
        assert budgets.action_recompute_check() == []
        bought = defaultdict(float)
        for order in env["purchase.order"].search([("state", "=", "purchase")]):
            day = order._jxc_budget_day()
            bought[day.year, day.month] += order.amount_untaxed / order.currency_rate
        used = 0
        for budget in budgets:
            lines = budget.line_ids
            amount = sum(lines.mapped("amount_committed")) + sum(
                lines.mapped("amount_actual")
            )
            month = (budget.date_from.year, budget.date_from.month)
            assert amount <= bought[month] + 0.01 * len(lines), budget.name
            used += amount > 0
        assert used > 3
