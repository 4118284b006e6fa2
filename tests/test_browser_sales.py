# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Selling, as people do it: a price that is too low, an exchange, a shop's file."""

import pytest

from browser.page import DESKTOP, PHONE
from selling import create_customer, create_goods, create_order, create_people, deliver

FORM = ".o_form_view .o_form_sheet"
CONFIRM = ".o_statusbar_buttons button[name=action_confirm]"
SELLER = [
    "sales_team.group_sale_salesman_all_leads",
    "stock.group_stock_user",
    "account.group_account_invoice",
]


@pytest.fixture(scope="module")
def people(database, odoo_env):
    """A salesman, who takes goods back as well, and a sales manager."""
    with odoo_env(database) as env:
        create_people(
            env, shop_seller=SELLER, shop_boss=["sales_team.group_sale_manager"]
        )


def _user(env, login):
    return env["res.users"].search([("login", "=", login)])


def test_price_below_the_lowest(browser, server, odoo_env, people):
    """The salesman is told and may only ask; the manager decides on the phone."""
    with odoo_env(server.database) as env:
        env.company.jxc_min_price_action = "approval"
        tea = create_goods(env, "明前龙井", price=178, jxc_min_price=150)
        customer = create_customer(env, "温州瓯江商贸")
        order = create_order(
            env, customer, tea, 10, user_id=_user(env, "shop_seller").id
        )
        order.order_line.price_unit = 140
        order_id = order.id
    page = browser(server, "shop_seller")
    page.resize(DESKTOP)
    page.show(f"/odoo/sales/{order_id}", FORM)
    page.wait_for("[name=jxc_price_hint]")
    told = page.text("div[name=jxc_price_hint]")
    assert "140.00" in told
    assert "150.00" in told
    page.click(CONFIRM)
    page.wait_for("[name=jxc_approval_pending]")
    page.screenshot("price-guard")
    assert page.overflow() <= 0
    assert not page.evaluate(
        "!!document.querySelector('button[name=action_jxc_approve]')"
    )
    assert page.problems == []
    boss = browser(server, "shop_boss")
    boss.resize(PHONE)
    boss.show(f"/mail/view?model=sale.order&res_id={order_id}", FORM)
    boss.click("button[name=action_jxc_approve]")
    boss.wait_until("!document.querySelector('button[name=action_jxc_approve]')")
    assert boss.overflow() <= 0
    assert boss.problems == []
    with odoo_env(server.database) as env:
        order = env["sale.order"].browse(order_id)
        assert (order.state, order.review_ids.status) == ("sale", "approved")
        kept = env["jxc.price.exception"].search([("order_id", "=", order_id)])
        assert (kept.price, kept.approver_ids.login) == (140, "shop_boss")


def test_exchange_on_the_phone(browser, server, odoo_env, people):
    """Confirm, accept what came, settle: one tap each, and all documents are there."""
    with odoo_env(server.database) as env:
        lamp = create_goods(env, "台灯", price=100)
        better = create_goods(env, "护眼台灯", price=130)
        customer = create_customer(env, "台州椒江家居")
        order = create_order(env, customer, lamp, 5)
        order.action_confirm()
        deliver(order)
        order._create_invoices().action_post()
        lines = [
            {"product_id": lamp.id, "product_uom_qty": 2},
            {"direction": "out", "product_id": better.id, "product_uom_qty": 2},
        ]
        back = env["jxc.sale.return"].create(
            {
                "partner_id": customer.id,
                "reason_id": env.ref("jxc_sales.jxc_sale_return_reason_quality").id,
                "line_ids": [(0, 0, line) for line in lines],
            }
        )
        back_id = back.id
    page = browser(server, "shop_seller")
    page.resize(PHONE)
    page.show(f"/odoo/jxc-returns/{back_id}", FORM)
    for step, name in (("confirm", "action_confirm"), ("accept", "action_accept")):
        page.click(f".o_statusbar_buttons button[name={name}]")
        page.wait_until(f"!document.querySelector('button[name={name}]')")
        page.screenshot(f"exchange-{step}-phone")
        assert page.overflow() <= 0
    page.click(".o_statusbar_buttons button[name=action_done]")
    page.wait_until("!document.querySelector('button[name=action_done]')")
    page.screenshot("exchange-done-phone")
    # the draft over the difference, to be looked at and posted
    page.wait_for(".o_form_view button[name=action_post]")
    assert "60.00" in page.text("[name=tax_totals]")
    assert page.problems == []
    with odoo_env(server.database) as env:
        back = env["jxc.sale.return"].browse(back_id)
        assert (back.state, back.amount_difference) == ("done", 60)
        assert back.accepted_by_id.login == "shop_seller"
        assert back.exchange_order_ids.state == "sale"
        assert back.invoice_ids.amount_total == 60
        done = back.picking_ids.filtered(lambda one: one.state == "done")
        assert done.move_ids.mapped("quantity") == [2]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_file_of_a_shop(browser, server, odoo_env, people, tmp_path, size):
    """All that is wrong with a file at once, and nothing of it; then the right one."""
    with odoo_env(server.database) as env:
        code = f"F{size[0]}"
        goods = create_goods(env, "礼盒", price=178, default_code=f"GIFT-{code}")
        shop = env["jxc.sale.channel"].create(
            {
                "name": f"淘宝店 {code}",
                "code": code,
                "partner_id": create_customer(env, f"淘宝买家 {code}").id,
                "product_ids": [
                    (0, 0, {"sku": "GIFT", "product_id": goods.product_variant_id.id})
                ],
            }
        )
        shops = env.ref("jxc_sales.jxc_sale_channel_action").id
        upload = env.ref("jxc_sales.jxc_sale_channel_upload_action").id
        path = f"/odoo/action-{shops}/{shop.id}"
        shop_id = shop.id
    head = "number,sku,quantity,price,buyer,city\n"
    right = f"{head}T1,GIFT,2,178,王芳,杭州\nT2,GIFT,1,168,李伟,南京\n"
    wrong = (
        f"{head}T1,GIFT,2,178,王芳,杭州\nT2,GIFT,many,168,李伟,南京\n,GIFT,1,,陈静,\n"
    )
    page = browser(server, "shop_seller")
    page.resize(size)
    page.show(path, f"button[name='{upload}']")
    for name, text in (("wrong.csv", wrong), ("right.csv", right)):
        file = tmp_path / name
        file.write_text(text)
        if name == "wrong.csv":
            page.click(f"button[name='{upload}']")
            page.wait_for(".modal .o_form_view")
        page.attach(".modal input[type=file]", file)
        page.wait_until(
            "[...document.querySelectorAll('.modal input')]"
            f".some(one => one.value === '{name}')"
        )
        page.click(".modal button[name=action_upload]")
        if name == "wrong.csv":
            page.wait_until("document.querySelectorAll('.modal').length > 1")
            told = page.texts(".modal")[-1]
            page.screenshot(f"shop-file-wrong-{size[0]}")
            for place in ("wrong:3 [quantity]", "wrong:4 [number]", "wrong:4 [price]"):
                assert place in told
            with odoo_env(server.database) as env:
                domain = [("jxc_channel_id", "=", shop_id)]
                assert not env["sale.order"].search(domain)
            page.click(".modal:not(:has(.o_form_view)) .modal-footer button")
            page.wait_until("document.querySelectorAll('.modal').length === 1")
    page.wait_for(".modal [name=line_ids]")
    page.screenshot(f"shop-file-right-{size[0]}")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        orders = env["sale.order"].search([("jxc_channel_id", "=", shop_id)])
        assert sorted(orders.mapped("jxc_channel_number")) == ["T1", "T2"]
        assert set(orders.mapped("state")) == {"sale"}
        assert sum(orders.order_line.mapped("product_uom_qty")) == 3
