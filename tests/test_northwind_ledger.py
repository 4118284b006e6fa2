# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The stock ledger over a year of trade: its sums tie with the platform's."""

import calendar
from datetime import timedelta

import pytest

from odoo import fields

from browser.page import DESKTOP, PHONE

ROWS = ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record:not(.o_kanban_ghost)"
SCREENS = ("jxc-stock-ledger-summary", "jxc-stock-turnover", "jxc-stock-age")


def _months(first, last):
    day = first.replace(day=1)
    while day <= last:
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        yield day, end
        day = end + timedelta(days=1)


def _sums(rows):
    return {
        f"{row['product_id']} {kind}": tuple(
            round(row[f"{name}_{kind}"], 6)
            for name in ("opening", "in", "out", "closing")
        )
        for row in rows
        for kind in ("qty", "value")
    }


def test_sums_tie(northwind_database, odoo_env):
    """Month after month, what closes one opens the next; the last is what is there."""
    with odoo_env(northwind_database, "admin") as env:
        ledger = env["jxc.stock.ledger"]
        first = ledger.search([], order="date", limit=1).date.date()
        today, before = fields.Date.today(), {}
        for start, end in _months(first, today):
            now = _sums(ledger.summary(start, end))
            for key, (opening, came, left, closing) in now.items():
                assert abs(opening + came - left - closing) < 1e-4, key
                assert opening == before.get(key, 0.0), f"{start} {key}"
            before = {key: sums[-1] for key, sums in now.items()}
        products = env["product.product"].search([("is_storable", "=", True)])
        assert len(products) > 70
        for product in products:
            quantity = before.get(f"{product.id} qty", 0.0)
            worth = before.get(f"{product.id} value", 0.0)
            assert quantity == product.qty_available, product.display_name
            assert abs(worth - product.total_value) < 0.011, product.display_name


def test_entries_tie(northwind_database, odoo_env):
    """The entries of a month are its in and out; the last balance is what is there."""
    with odoo_env(northwind_database, "admin") as env:
        ledger = env["jxc.stock.ledger"]
        last = ledger.search([], limit=1)
        assert last.balance_product == last.product_id.qty_available
        entries = ledger.search([("product_id", "=", last.product_id.id)])
        assert sum(entries.mapped("quantity")) == last.product_id.qty_available
        assert abs(sum(entries.mapped("value")) - last.product_id.total_value) < 1


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_screens(browser, northwind_server, size, request):
    """Every report opens in Chinese with rows, without any console error."""
    page = browser(northwind_server)
    kind = request.node.callspec.id
    page.resize(size)
    for name in SCREENS:
        page.show(f"/odoo/{name}", "button[name=action_show]")
        page.click("button[name=action_show]")
        page.wait_for(ROWS)
        page.screenshot(f"{name}-{kind}")
        assert page.overflow() <= 0, f"{name} is wider than the window"
    assert "库龄" in page.text()
    assert page.problems == []
