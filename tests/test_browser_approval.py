# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A reviewer decides on the phone: two taps from the notification."""

import pytest

from approvers import create_boss_and_buyer, have_decided_by
from browser.page import PHONE

BOSS = "phone_boss"
FORM = ".o_form_view .o_form_sheet"


@pytest.fixture(scope="module")
def orders(database, odoo_env):
    """Three orders of a buyer that wait for the boss."""
    with odoo_env(database) as env:
        boss, buyer = create_boss_and_buyer(env, "phone")
        have_decided_by(boss, "order_amount")
        vendor = env["res.partner"].create({"name": "广州南粤食品有限公司"})
        tea = env["product.product"].create({"name": "龙井茶", "is_storable": True})
        line = {"product_id": tea.id, "product_qty": 10, "price_unit": 65}
        made = (
            env["purchase.order"]
            .with_user(buyer)
            .create([{"partner_id": vendor.id, "order_line": [(0, 0, dict(line))]}] * 3)
        )
        made.button_confirm()
        notes = made.sudo().message_ids.notified_partner_ids
        assert boss.partner_id in notes, "the boss is notified"
        return made.ids


def test_decide_on_the_phone(browser, server, database, odoo_env, orders):
    """Approve on the order, reject with a comment there, and approve on the card."""
    page = browser(server, BOSS)
    page.resize(PHONE)
    # What a notification opens.
    page.show(f"/mail/view?model=purchase.order&res_id={orders[0]}", FORM)
    page.screenshot("approval-order-phone")
    assert page.overflow() <= 0
    page.click("button[name=action_jxc_approve]")
    page.wait_until("!document.querySelector('button[name=action_jxc_approve]')")
    page.show(f"/mail/view?model=purchase.order&res_id={orders[1]}", FORM)
    page.click("button[name=action_jxc_reject]")
    page.fill(".modal textarea", "价格太高")
    page.screenshot("approval-reject-phone")
    page.click(".modal button[name=add_comment].btn-danger")
    page.wait_until("!document.querySelector('.modal')")
    page.show("/odoo/my-approvals", ".o_kanban_record:not(.o_kanban_ghost)")
    page.screenshot("approval-cards-phone")
    assert "广州南粤食品有限公司" in page.text(".o_kanban_view")
    assert page.overflow() <= 0
    page.click(".o_kanban_record button[name=action_jxc_approve]")
    page.wait_until(
        "!document.querySelector('.o_kanban_record button[name=action_jxc_approve]')"
    )
    assert page.problems == []
    with odoo_env(database) as env:
        found = env["purchase.order"].browse(orders)
        assert found.mapped("state") == ["purchase", "to approve", "purchase"]
        assert found[1].review_ids.comment == "价格太高"
