# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Counting on a sheet: with a scanner at the desk, by hand on the phone."""

import pytest

from browser.page import DESKTOP, PHONE

# What a wedge scanner does: it types very fast and ends with Enter.
SCAN = """(code => {
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})
        );
    }
})(%r)"""


@pytest.fixture(scope="module")
def sheet(server, odoo_env):
    """An open sheet of a person who has no other right than to count."""
    with odoo_env(server.database) as env:
        warehouse = env["stock.warehouse"].search([], limit=1)
        base = env["uom.uom"].create({"name": "瓶"})
        product = env["product.product"].create(
            {
                "name": "青岛啤酒",
                "barcode": "6901035600123",
                "is_storable": True,
                "uom_id": base.id,
                "jxc_unit_ids": [(0, 0, {"name": "箱", "factor": 12})],
            }
        )
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 77
        )
        user = env["res.users"].create(
            {
                "name": "小李",
                "login": "counter",
                # No greeting over the page.
                "odoobot_state": "disabled",
                "lang": "zh_CN",
                "group_ids": [(6, 0, env.ref("jxc_stock.group_stock_counter").ids)],
            }
        )
        count = env["jxc.stock.count"].create(
            {
                "warehouse_id": warehouse.id,
                "product_ids": product.ids,
                "blind": True,
            }
        )
        count.action_start()
        sheet = env["jxc.stock.count.sheet"].create(
            {
                "count_id": count.id,
                "user_id": user.id,
                "location_id": warehouse.lot_stock_id.id,
            }
        )
        return {"sheet_id": sheet.id, "count_id": count.id}


def _counted(odoo_env, server, sheet):
    with odoo_env(server.database) as env:
        return (
            env["jxc.stock.count"].browse(sheet["count_id"]).line_ids.counted_quantity
        )


def test_scanner_at_the_desk(browser, server, odoo_env, sheet):
    """Two scans are two rows; saved, they are counted."""
    page = browser(server, "counter")
    page.resize(DESKTOP)
    page.show(f"/odoo/stock-count-sheets/{sheet['sheet_id']}", ".o_form_sheet")
    for rows in (1, 2):
        page.evaluate(SCAN % "6901035600123")
        page.wait_until(
            f"document.querySelectorAll('.o_data_row').length === {rows}",
            "a row for each scan",
        )
    page.click(".o_form_button_save")
    # Only what is saved can be taken back.
    page.wait_until("document.querySelectorAll('[name=action_void]').length === 2")
    page.screenshot("count-sheet-desk")
    assert _counted(odoo_env, server, sheet) == 2
    assert page.overflow() <= 0
    assert page.problems == []


def test_by_hand_on_the_phone(browser, server, odoo_env, sheet):
    """The book quantity of a blind count is nowhere; 3箱5瓶 is understood."""
    before = _counted(odoo_env, server, sheet)
    page = browser(server, "counter")
    page.resize(PHONE)
    page.show(f"/odoo/stock-counts/{sheet['count_id']}", ".o_form_sheet")
    page.screenshot("count-phone")
    assert "77" not in page.text(".o_form_view")
    assert "6箱5瓶" not in page.text(".o_form_view")
    page.show(f"/odoo/stock-count-sheets/{sheet['sheet_id']}", ".o_form_sheet")
    page.screenshot("count-sheet-phone")
    assert page.overflow() <= 0
    page.click(".o_field_x2many_kanban .o-kanban-button-new")
    page.wait_for(".modal .o_form_view")
    page.click(".modal [name=product_id] input")
    # The platform lets choose from a list of its own on phones.
    page.click(".modal .o_kanban_record:not(.o_kanban_ghost)")
    page.wait_until("document.querySelectorAll('.modal').length === 1")
    page.fill(".modal [name=quantity_text] input", "3箱5瓶")
    page.screenshot("count-entry-phone")
    page.click(".modal .o_form_button_save")
    page.wait_until("!document.querySelector('.modal')")
    page.click(".o_form_button_save")
    page.wait_until(
        "!document.querySelector('.o_form_status_indicator_buttons:not(.invisible)')"
    )
    assert _counted(odoo_env, server, sheet) == before + 41
    assert page.problems == []
