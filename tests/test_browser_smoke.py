# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The pages a trading company opens every day, in Chinese, at desk and on the phone."""

import io
import re

import pytest
import requests
from pypdf import PdfReader

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


def test_prints_have_head_and_foot(northwind_server, odoo_env, set_password):
    """Each page of a print names the company, each document counts its pages."""
    with odoo_env(northwind_server.database) as env:
        orders = env["sale.order"].search([("state", "=", "sale")], limit=2)
        ids = ",".join(map(str, orders.ids))
        company = orders.company_id.name
        count = len(orders)
    session = requests.Session()
    session.trust_env = False
    session.post(
        f"{northwind_server.url}/web/session/authenticate",
        json={
            "params": {
                "db": northwind_server.database,
                "login": "admin",
                "password": set_password(northwind_server.database),
            }
        },
    ).raise_for_status()
    path = f"/report/pdf/sale.report_saleorder/{ids}"
    answer = session.get(northwind_server.url + path)
    pages = PdfReader(io.BytesIO(answer.content)).pages
    counts = []
    for page in pages:
        text = page.extract_text()
        assert company in text
        counts.append(tuple(map(int, re.search(r"(\d+) / (\d+)", text).groups())))
    totals = [total for number, total in counts if number == 1]
    assert len(totals) == count, "each document counts its own pages"
    assert counts == [
        (number, total) for total in totals for number in range(1, total + 1)
    ]
