# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The pages a trading company opens every day, in Chinese, at desk and on the phone."""

import pytest

from browser.page import DESKTOP, PHONE

PAGES = {
    "sales": "/odoo/orders",
    "purchases": "/odoo/purchase-orders",
    "stock": "/odoo/stock-report",
}
LOADED = (
    ".o_list_view .o_data_row, .o_kanban_view .o_kanban_record:not(.o_kanban_ghost)"
)
# the faded rows of a list that has none
SAMPLE = "!!document.querySelector('.o_view_sample_data')"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_daily_pages(browser, northwind_server, odoo_env, size, request):
    """The daily lists and an order open without any console error."""
    kind = request.node.callspec.id
    with odoo_env(northwind_server.database) as env:
        order = env["sale.order"].search([("state", "=", "sale")], limit=1)
        number, name = order.id, order.name
    page = browser(northwind_server)
    page.resize(size)
    for title, path in PAGES.items():
        page.show(path, LOADED)
        page.screenshot(f"{title}-{kind}")
        assert not page.evaluate(SAMPLE), title
        assert page.overflow() <= 0, f"{title} is wider than the window"
    page.show(f"/odoo/sales/{number}", ".o_form_view .o_form_sheet")
    page.screenshot(f"order-{kind}")
    assert name in page.text(".o_form_view")
    assert "客户" in page.text(".o_form_view")
    assert page.problems == []
