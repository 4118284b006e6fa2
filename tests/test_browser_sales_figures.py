# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Prices on their day, who approves from which amount on, and what was sold."""

from datetime import timedelta

import pytest

from browser.page import DESKTOP, PHONE
from selling import (
    create_customer,
    create_goods,
    create_order,
    create_people,
    deliver,
    today,
)

FORM = ".o_form_view .o_form_sheet"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
PIVOT = ".o_pivot table"
#: Of two customers and two sellers: orders of 400 and 900, one of them paid.
SALES = (
    ("湖州南浔茶庄", "figures_zhang", 4, True),
    ("德清莫干茶社", "figures_li", 9, False),
)


@pytest.fixture(scope="module")
def trade(database, odoo_env):
    """Two orders from quotation to invoice, one to money, and who looks at them."""
    with odoo_env(database) as env:
        seller = ["sales_team.group_sale_salesman"]
        create_people(
            env,
            figures_boss=[
                "sales_team.group_sale_manager",
                "product.group_product_manager",
                "jxc_sales.group_price_manager",
            ],
            figures_zhang=seller,
            figures_li=seller,
        )
        tea = create_goods(env, "莫干黄芽 100 g", quantity=500)
        for name, login, quantity, paid in SALES:
            user = env["res.users"].search([("login", "=", login)])
            customer = create_customer(env, name)
            order = create_order(env, customer, tea, quantity, user_id=user.id)
            order.action_confirm()
            deliver(order)
            invoice = order._create_invoices()
            invoice.invoice_date = today()
            invoice.action_post()
            if paid:
                env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=invoice.ids
                ).create({})._create_payments()
        return {"tea": tea.id}


@pytest.fixture(scope="module")
def boss(lasting_browser, server, trade):
    """Who leads the sales, at a desk or with a phone."""
    return lasting_browser(server, "figures_boss")


def _row(page, *words):
    """Return the cells of the first row of a pivot that has one of these labels."""
    rows = page.evaluate(
        f"[...document.querySelectorAll('{PIVOT} tbody tr')].map(row => "
        "[...row.children].map(cell => cell.innerText.trim()))"
    )
    return next(row[1:] for row in rows if row[0] in words)


def test_planned_price_change(boss, server, odoo_env, trade):
    """Entered with its day, submitted, in effect on it; the log says who and why."""
    tomorrow = today() + timedelta(days=1)
    boss.resize(DESKTOP)
    boss.show("/odoo/price-changes", ".o_list_button_add")
    boss.click(".o_list_button_add")
    boss.fill("[name=reason] input", "明前茶上市")
    boss.fill_date("[name=date_apply]", tomorrow)
    boss.click("[name=line_ids] .o_field_x2many_list_row_add a")
    boss.fill("[name=line_ids] [name=product_tmpl_id] input", "莫干黄芽")
    boss.click_text(".o-autocomplete--dropdown-item", "莫干黄芽")
    boss.wait_text("[name=line_ids] .o_data_row [name=old_price]", "100.00")
    boss.fill("[name=line_ids] [name=new_price] input", "108")
    boss.click(".o_statusbar_buttons button[name=action_submit]")
    boss.wait_text(".o_statusbar_status .o_arrow_button_current", "已批准")
    boss.screenshot("price-change")
    assert "8.00" in boss.text("[name=line_ids] .o_data_row [name=percent]")
    assert boss.overflow() <= 0
    with odoo_env(server.database) as env:
        tea = env["product.product"].browse(trade["tea"])
        assert tea.list_price == 100
        change = env["jxc.price.change"].search([("reason", "=", "明前茶上市")])
        assert (change.state, change.date_apply) == ("approved", tomorrow)
        # the day has come
        env.cr.execute(
            "UPDATE jxc_price_change SET date_apply = %s WHERE id = %s",
            [today() - timedelta(days=1), change.id],
        )
        env.invalidate_all()
        for due in env["jxc.price.change"]._due():
            due._apply_or_tell()
        assert tea.list_price == 108
    boss.show("/odoo/price-log", ".o_data_row")
    boss.screenshot("price-log")
    told = boss.text(".o_data_row")
    for word in ("莫干黄芽", "100", "108", "8.00", "明前茶上市"):
        assert word in told
    boss.resize(PHONE)
    boss.show("/odoo/price-log", CARD)
    boss.screenshot("price-log-phone")
    assert "明前茶上市" in boss.text(CARD)
    assert boss.overflow() <= 0
    assert boss.problems == []


def test_approval_from_an_amount_on(lasting_browser, server, odoo_env, trade):
    """The administrator sets the amount and activates; the next order waits."""
    admin = lasting_browser(server)
    admin.resize(DESKTOP)
    admin.show("/odoo/approval-presets", ".o_data_row")
    row = "tr.o_data_row[data-preset]"
    admin.evaluate(
        "[...document.querySelectorAll('tr.o_data_row')].find(row => "
        "row.innerText.includes('达到金额的销售订单')).dataset.preset = ''"
    )
    admin.click(f"{row} [name=jxc_threshold]")
    admin.fill(".o_selected_row [name=jxc_threshold] input", "5000")
    admin.press()
    admin.click(".o_list_button_save")
    admin.wait_until("!document.querySelector('.o_selected_row')")
    admin.evaluate(
        "[...document.querySelectorAll('tr.o_data_row')].find(row => "
        "row.innerText.includes('达到金额的销售订单')).dataset.preset = ''"
    )
    admin.click(f"{row} button[name=action_jxc_activate]")
    admin.wait_for(".o_data_row button[name=action_jxc_deactivate]")
    admin.screenshot("approval-presets")
    assert admin.overflow() <= 0
    with odoo_env(server.database) as env:
        tier = env.ref("jxc_sales.tier_preset_sale_amount")
        assert (tier.active, tier.jxc_threshold) == (True, 5000)
        tea = env["product.product"].browse(trade["tea"])
        customer = create_customer(env, "安吉递铺茶行")
        seller = env["res.users"].search([("login", "=", "figures_li")])
        order = create_order(env, customer, tea, 60, user_id=seller.id)
        order.with_user(seller).action_confirm()
        assert (order.state, order.review_ids.status) == ("draft", "pending")
        tier_id = tier.id
    admin.resize(PHONE)
    tiers = "/odoo/action-base_tier_validation.tier_definition_action"
    admin.show(f"{tiers}/{tier_id}", FORM)
    admin.screenshot("approval-tier-phone")
    assert admin.overflow() <= 0
    assert admin.problems == []


def test_target_against_what_was_sold(boss, server, odoo_env, trade):
    """Set in the list; the achievement shows 400 of 1,000 as 40 %."""
    with odoo_env(server.database) as env:
        user = env["res.users"].search([("login", "=", "figures_zhang")])
        env["jxc.sales.target"].create(
            {
                "scope": "person",
                "user_id": user.id,
                "kind": "invoiced",
                "date": today(),
                "amount": 1000,
            }
        )
    boss.resize(DESKTOP)
    boss.show("/odoo/target-achievement", ".o_data_row")
    row = boss.text(".o_data_row")
    boss.screenshot("target-achievement")
    for word in ("figures_zhang", "1,000.00", "400.00", "600.00"):
        assert word in row
    assert boss.overflow() <= 0
    boss.resize(PHONE)
    boss.show("/odoo/target-achievement", CARD)
    boss.screenshot("target-achievement-phone")
    assert "400.00 /" in boss.text(CARD)
    assert boss.overflow() <= 0
    assert boss.problems == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_performance_and_funnel(boss, trade, size):
    """What was sold, by category; and how far each seller's orders have come."""
    boss.resize(size)
    boss.show("/odoo/jxc-sales-performance", PIVOT)
    boss.screenshot(f"performance-{size[0]}")
    assert "1,300.00" in _row(boss, "总计")[0]
    assert boss.overflow() <= 0
    boss.show("/odoo/jxc-order-to-cash", PIVOT)
    boss.screenshot(f"funnel-{size[0]}")
    assert _row(boss, "figures_zhang")[:5] == ["1"] * 5
    assert _row(boss, "figures_li")[1:5] == ["1", "1", "1", "0"]
    assert boss.overflow() <= 0
    assert boss.problems == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_collection_and_ranking(boss, trade, size):
    """400 of 1,300 came in; the tea is the first of all products."""
    boss.resize(size)
    boss.show("/odoo/jxc-collection", "button[name=action_show]")
    boss.click("button[name=action_show]")
    boss.wait_for(PIVOT)
    boss.screenshot(f"collection-{size[0]}")
    total = _row(boss, "总计")
    assert any("1,300.00" in cell for cell in total)
    assert any("400.00" in cell for cell in total)
    assert any("30.77" in cell for cell in total)
    boss.show("/odoo/jxc-top-flop", "button[name=action_show]")
    boss.click("button[name=action_show]")
    first = ".o_data_row" if size == DESKTOP else CARD
    boss.wait_text(first, "莫干黄芽")
    boss.screenshot(f"ranking-{size[0]}")
    assert "1,300.00" in boss.text(first)
    assert boss.overflow() <= 0
    assert boss.problems == []
