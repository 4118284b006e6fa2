# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A year of purchases against the monthly budgets that come with the trade data."""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

NORTHWIND = Path(__file__).parents[1] / "demo" / "northwind"
CENT = Decimal("0.01")


def _rows(folder, file):
    with open(folder / f"{file}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _cents(amount):
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """{(first day of the month, category): (planned, committed, actual)} of the files.

    Worked out here from the layout alone. What is accepted is billed, the rest of an
    order stays committed; both count in the month of the order.
    """
    from jxcdev.templates import TEST_END_DATE

    folder = tmp_path_factory.mktemp("northwind")
    subprocess.run(
        [sys.executable, NORTHWIND / "make_layout.py", NORTHWIND / "data", folder]
        + ["--end-date", TEST_END_DATE],
        check=True,
        capture_output=True,
    )
    category = {row["code"]: row["category"] for row in _rows(folder, "products")}
    planned = {
        (row["date_from"], row["category"]): Decimal(row["amount"])
        for row in _rows(folder, "budgets")
    }
    committed, actual = Counter(), Counter()
    for row in _rows(folder, "purchase_orders"):
        assert row["currency"] == "CNY"
        key = (date.fromisoformat(row["date"]).replace(day=1).isoformat(),)
        key += (category[row["code"]],)
        price, ordered = Decimal(row["price"]), Decimal(row["qty"])
        accepted = Decimal(row["received_qty"] or 0) - Decimal(row["rejected_qty"] or 0)
        actual[key] += _cents(price * accepted)
        committed[key] += _cents(price * (ordered - accepted))
    assert set(committed) <= set(planned), "every purchase has its budget"
    return {
        key: (amount, _cents(committed[key]), _cents(actual[key]))
        for key, amount in planned.items()
    }


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


def test_each_month_and_category_is_what_the_files_say(
    northwind_database, odoo_env, expected
):
    """Planned, committed and actual, to the cent, of every line."""
    with odoo_env(northwind_database, "admin") as env:
        lines = env["jxc.purchase.budget.line"].search([])
        found = {
            (line.date_from.isoformat(), line.category_id.complete_name): tuple(
                _cents(repr(amount))
                for amount in (
                    line.amount_planned,
                    line.amount_committed,
                    line.amount_actual,
                )
            )
            for line in lines
        }
        assert len(found) == len(lines)
    different = {
        key: (expected.get(key), found.get(key))
        for key in {*expected, *found}
        if expected.get(key) != found.get(key)
    }
    assert not different
    assert any(actual for _planned, _committed, actual in expected.values())
