# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A buyer's and his boss's work: requests to RFQs, limits, urgency, bills on hold."""

from datetime import date, timedelta

import pytest

from browser.page import DESKTOP, PHONE

BUYER, BOSS = "deal_buyer", "deal_boss"
PEOPLE = {
    BUYER: (
        "小李",
        "purchase.group_purchase_user",
        "jxc_purchase.group_purchase_requester",
        "jxc_purchase.group_urgent_buyer",
    ),
    BOSS: (
        "王经理",
        "purchase.group_purchase_manager",
        "jxc_base.group_budget_manager",
        "jxc_purchase.group_request_approver",
        "account.group_account_manager",
    ),
}
VENDORS = ("广州华南饮品有限公司", "深圳鹏城商贸有限公司", "佛山顺德食品配送有限公司")
FORM = ".o_form_view .o_form_sheet"
SHEET = ".modal .o_form_view"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
GONE = "!document.querySelector('.modal')"
CONFIRM = ".o_statusbar_buttons button[name=button_confirm]"


@pytest.fixture(scope="module")
def shop(server, odoo_env):
    """The ids of people, vendors and goods of a company with a budget for food."""
    with odoo_env(server.database) as env:
        env.company.write(
            {
                "jxc_duplicate_control": "off",
                "jxc_bill_control": "hold",
                "jxc_urgent_policy": "group",
            }
        )
        people = env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "lang": "zh_CN",
                    # no greeting over the page
                    "odoobot_state": "disabled",
                    "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
                }
                for login, (name, *groups) in PEOPLE.items()
            ]
        )
        env.company.jxc_urgent_approver_id = people[1]
        vendors = env["res.partner"].create([{"name": name} for name in VENDORS])
        goods = env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "supplier_taxes_id": False,
                    "purchase_method": "receive",
                    "categ_id": env["product.category"].create({"name": group}).id,
                    "seller_ids": [
                        (0, 0, {"partner_id": vendor.id, "price": price}),
                    ],
                }
                for name, group, vendor, price in zip(
                    ("龙井茶", "红葡萄酒 750ml", "纸杯"),
                    ("食品", "酒类", "办公用品"),
                    vendors,
                    (10, 37, 1),
                    strict=True,
                )
            ]
        )
        budget = env["jxc.purchase.budget"].create(
            {
                "name": "采购预算",
                "date_from": date.today() - timedelta(days=40),
                "date_to": date.today() + timedelta(days=40),
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "category_id": category.id,
                            "amount_planned": amount,
                            "control": "block",
                        },
                    )
                    for category, amount in zip(
                        goods.categ_id, (1000, 300, 100), strict=True
                    )
                ],
            }
        )
        budget.action_confirm()
        return {
            "budget_lines": budget.line_ids.ids,
            "people": people.ids,
            "vendors": vendors.ids,
            "goods": goods.ids,
            "categories": goods.categ_id.ids,
        }


def order_of(env, shop, number, quantity, price, **values):
    """A buyer's RFQ for one of the goods, of its vendor."""
    line = {
        "product_id": shop["goods"][number],
        "product_qty": quantity,
        "price_unit": price,
    }
    return (
        env["purchase.order"]
        .with_user(shop["people"][0])
        .create(
            {
                "partner_id": shop["vendors"][number],
                "order_line": [(0, 0, line)],
                **values,
            }
        )
    )


def seen(page, picture):
    """Look at the page: nothing is wider than it, nothing went wrong."""
    page.screenshot(picture)
    assert page.overflow() <= 0
    assert page.problems == []


def test_requests_become_orders(desks, server, odoo_env, shop):
    """Lines of two requests at once: a part of one, an RFQ for each vendor.

    What stayed open is ordered with the phone later.
    """
    with odoo_env(server.database) as env:
        requests = env["jxc.purchase.request"]
        for number, quantity in ((0, 10), (1, 6)):
            line = {"product_id": shop["goods"][number], "product_qty": quantity}
            values = {"line_ids": [(0, 0, line)]}
            requests |= requests.with_user(shop["people"][0]).create(values)
        requests.action_submit()
        requests.with_user(shop["people"][1]).action_approve()
        numbers = requests.ids
    page = desks(BUYER, DESKTOP)
    page.show("/odoo/purchase-request-lines", ".o_data_row")
    page.click("thead .o_list_record_selector input")
    page.click("button[name=action_create_orders]")
    rows = f"{SHEET} .o_data_row"
    page.wait_for(rows)
    tea = f"{rows}:nth-child(1) td[name=quantity]"
    page.click(tea)
    page.fill(f"{tea} input", "4")
    wine = f"{rows}:nth-child(2) td[name=vendor_id]"
    page.click(wine)
    page.choose(wine, VENDORS[2])
    seen(page, "request-wizard-desk")
    page.click(".modal footer button[name=action_create]")
    page.wait_until(GONE)
    vendor = ".o_list_view td[name=partner_id]"
    page.wait_until(f"document.querySelectorAll('{vendor}').length === 2")
    seen(page, "request-orders-desk")
    assert set(page.texts(vendor)) == {VENDORS[0], VENDORS[2]}
    page = desks(BUYER, PHONE)
    page.show(f"/odoo/purchase-requests/{numbers[0]}", FORM)
    page.click("button[name=action_create_orders]")
    page.click(f"{SHEET} {CARD} button[name=action_split]")
    page.wait_until(f"document.querySelectorAll('{SHEET} {CARD}').length === 2")
    seen(page, "request-wizard-phone")
    page.click(".modal footer button[name=action_create]")
    page.wait_until(GONE)
    page.wait_for(FORM)
    seen(page, "request-order-phone")
    with odoo_env(server.database) as env:
        tea, wine = env["jxc.purchase.request"].browse(numbers).line_ids
        links = [
            (link.quantity, link.order_line_id.order_id.partner_id.name)
            for link in (tea | wine).link_ids.sorted("id")
        ]
        assert links == [(4, VENDORS[0]), (6, VENDORS[2]), (6, VENDORS[0])]
        assert tea.qty_open == wine.qty_open == 0


def test_duplicates_are_merged(desks, server, odoo_env, shop):
    """What a draft collides with is listed; both become one from there."""
    with odoo_env(server.database) as env:
        env.company.jxc_duplicate_control = "block"
        older, newer = (order_of(env, shop, 2, quantity, 1).id for quantity in (24, 12))
    window = "[name=jxc_duplicates] button[name=action_jxc_duplicates]"
    for size, row in ((PHONE, CARD), (DESKTOP, ".o_data_row")):
        page = desks(BUYER, size)
        page.show(f"/odoo/purchase-orders/{newer}", FORM)
        page.click(window)
        page.wait_for(f"{SHEET} {row}")
        seen(page, f"duplicates-{size[0]}")
        assert "纸杯" in page.text(f"{SHEET} {row}")
    page.click(f"{SHEET} {row} button[name=action_merge]")
    page.click_text(".modal footer button.btn-primary", "确定")
    page.wait_until(GONE)
    page.wait_until(f"location.pathname.includes('/{older}')")
    page.wait_for(FORM)
    seen(page, "duplicates-merged")
    with odoo_env(server.database) as env:
        orders = env["purchase.order"].browse([older, newer])
        assert orders.mapped("state") == ["draft", "cancel"]
        assert orders[0].order_line.product_qty == 36
        env.company.jxc_duplicate_control = "off"


def test_owner_lets_an_order_through(desks, server, odoo_env, shop):
    """Over the budget it is refused, until the owner gives an override for it."""
    with odoo_env(server.database) as env:
        order = order_of(env, shop, 1, 4, 37).id
    page = desks(BUYER, DESKTOP)
    page.show(f"/odoo/purchase-orders/{order}", FORM)
    page.click(CONFIRM)
    page.wait_for(".modal .modal-body")
    page.screenshot("budget-refused-desk")
    assert page.overflow() <= 0
    assert "酒类" in page.text(".modal .modal-body")
    boss = desks(BOSS, PHONE)
    boss.show(f"/odoo/purchase-orders/{order}", FORM)
    boss.click(".o_statusbar_buttons .dropdown-toggle")
    boss.click_text(".o-dropdown-item", "超预算放行")
    boss.fill(f"{SHEET} [name=reason] textarea", "节前备货，供应商限时报价")
    seen(boss, "budget-override-phone")
    boss.click(".modal footer button[name=action_grant]")
    boss.wait_until(GONE)
    page.show(f"/odoo/purchase-orders/{order}", FORM)
    seen(page, "budget-override-desk")
    page.click(CONFIRM)
    page.wait_until(f"!document.querySelector('{CONFIRM}')")
    assert page.problems == []
    with odoo_env(server.database) as env:
        assert env["purchase.order"].browse(order).state == "purchase"
        override = env["jxc.budget.override"].search([("res_id", "=", order)])
        assert (override.amount_used, override.reason[:4]) == (70, "节前备货")
        assert override.create_uid.id == shop["people"][1]


def test_budget_is_moved(desks, server, odoo_env, shop):
    """The buyer asks for money of another line, the boss approves with the phone."""
    page = desks(BUYER, DESKTOP)
    page.show("/odoo/purchase-budget-changes/new", FORM)
    page.fill("[name=reason] input, [name=reason] textarea", "办公用品涨价")
    page.click("[name=line_ids] .o_field_x2many_list_row_add a")
    row = "[name=line_ids] .o_selected_row"
    page.choose(f"{row} [name=line_from_id]", "食品")
    page.choose(f"{row} [name=line_to_id]", "办公用品")
    page.fill(f"{row} [name=amount] input", "200")
    seen(page, "budget-change-desk")
    page.click("button[name=action_submit]")
    page.wait_until("!document.querySelector('button[name=action_submit]')")
    assert page.problems == []
    with odoo_env(server.database) as env:
        change = env["jxc.purchase.budget.transfer"].search([])
        assert change.state == "submitted"
    boss = desks(BOSS, PHONE)
    boss.show(f"/odoo/purchase-budget-changes/{change.id}", FORM)
    seen(boss, "budget-change-phone")
    boss.click("[name=jxc_decide] button[name=action_jxc_approve]")
    boss.wait_until("!document.querySelector('[name=jxc_decide]')")
    assert boss.problems == []
    with odoo_env(server.database) as env:
        lines = env["jxc.purchase.budget.line"].browse(shop["budget_lines"])
        adjusted = {line.category_id.name: line.amount_adjusted for line in lines}
        assert adjusted == {"食品": -200, "酒类": 0, "办公用品": 200}


def test_urgent_order_is_approved_afterwards(desks, server, odoo_env, shop):
    """Confirmed at once, decided on afterwards; both stand in the report."""
    with odoo_env(server.database) as env:
        order = order_of(
            env,
            shop,
            2,
            10,
            1,
            jxc_procurement_mode="urgent",
            jxc_urgent_reason="门店开业，现场缺货",
        ).id
    page = desks(BUYER, DESKTOP)
    page.show(f"/odoo/purchase-orders/{order}", FORM)
    page.click(CONFIRM)
    page.wait_for("button[name=action_jxc_open_urgent]")
    seen(page, "urgent-order-desk")
    boss = desks(BOSS, PHONE)
    boss.show("/odoo/urgent-purchases", CARD)
    seen(boss, "urgent-cards-phone")
    boss.click(CARD)
    boss.wait_for(FORM)
    boss.click("button[name=action_approve]")
    boss.wait_until("!document.querySelector('button[name=action_approve]')")
    seen(boss, "urgent-approved-phone")
    boss.resize(DESKTOP)
    # nothing waits any more; all that was ever confirmed so is a click away
    boss.show("/odoo/urgent-purchases", ".o_view_nocontent")
    boss.click(".o_facet_remove")
    boss.wait_for(".o_data_row")
    seen(boss, "urgent-report-desk")
    assert "已批准" in boss.text(".o_data_row")
    with odoo_env(server.database) as env:
        urgent = env["jxc.purchase.urgent"].search([("order_id", "=", order)])
        assert (urgent.state, urgent.decided_by_id.id) == (
            "approved",
            shop["people"][1],
        )


def test_bill_on_hold_is_released(desks, server, odoo_env, shop):
    """Dearer than ordered, and nothing accepted yet: seen, and paid all the same."""
    with odoo_env(server.database) as env:
        env.company.jxc_match_action = "hold"
        env["jxc.receipt.inspection.rule"].create({"product_id": shop["goods"][0]})
        order = order_of(env, shop, 0, 10, 10).sudo()
        order.button_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        line = {
            "product_id": shop["goods"][0],
            "quantity": 10,
            "price_unit": 12,
            "purchase_line_id": order.order_line.id,
        }
        bill = env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": shop["vendors"][0],
                "invoice_date": date.today(),
                "ref": "HOLD-1",
                "invoice_line_ids": [(0, 0, line)],
            }
        )
        bill.action_post()
        number = bill.id
        assert bill.jxc_payment_hold
    page = desks(BOSS, DESKTOP)
    page.show("/odoo/bill-matches", ".o_data_row")
    seen(page, "bill-matches-desk")
    page.click("thead .o_list_record_selector input")
    page.click("button[name=action_open_release]")
    page.fill(f"{SHEET} [name=reason] input, {SHEET} textarea", "供应商已发调价函")
    seen(page, "bill-match-release-desk")
    page.click(".modal footer button[name=action_release]")
    page.wait_until(GONE)
    page = desks(BOSS, PHONE)
    page.show(f"/odoo/action-account.action_move_in_invoice/{number}", FORM)
    seen(page, "bill-on-hold-phone")
    page.click("[name=jxc_payment_hold] button")
    page.fill(f"{SHEET} [name=reason] input, {SHEET} textarea", "先付款，月底补验")
    seen(page, "bill-release-phone")
    page.click(".modal footer button[name=action_release]")
    page.wait_until(GONE)
    page.wait_until("!document.querySelector('div[name=jxc_payment_hold]')")
    assert page.problems == []
    with odoo_env(server.database) as env:
        bill = env["account.move"].browse(number)
        assert not bill.jxc_payment_hold
        match = env["jxc.invoice.match"].search([("move_id", "=", number)])
        assert match.release_reason == "供应商已发调价函"
