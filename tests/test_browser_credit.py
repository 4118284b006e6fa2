# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Credit that holds, as people see it: the queue, and the customer who signs."""

import pytest

from browser.page import DESKTOP, PHONE
from selling import create_customer, create_goods, create_order, create_people

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
RELEASE = "button[name=action_jxc_credit_release]"
FORM = ".o_form_view .o_form_sheet"
SUBMIT = ".o_portal_sign_submit"
DRAWN = """(canvas => canvas?.width && canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data.some(one => one)
)(document.querySelector("#modalaccept canvas"))"""
#: Whatever a screen hides, the server is asked here.
CALL = """(async () => {
    const answer = await fetch("/web/dataset/call_kw", {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({params: {
            model: "sale.order", method: "action_jxc_credit_release",
            args: [[%s], 900, false, "let me"], kwargs: {context: {lang: "zh_CN"}},
        }}),
    });
    window.answered = await answer.json();
})()"""


@pytest.fixture(scope="module")
def goods(database, odoo_env):
    """What is sold at 100, and who sells and decides."""
    with odoo_env(database) as env:
        create_people(
            env,
            queue_seller=["sales_team.group_sale_salesman"],
            queue_credit=["jxc_base.group_credit_manager"],
        )
        return create_goods(env, "龙井茶礼盒").id


def _held(odoo_env, database, goods, name):
    """An order of 1,500 over a limit of 1,000, on hold; return its id."""
    with odoo_env(database) as env:
        customer = create_customer(env, name, limit=1000, order_action="hold")
        seller = env["res.users"].search([("login", "=", "queue_seller")])
        product = env["product.product"].browse(goods)
        order = create_order(env, customer, product, 15, user_id=seller.id)
        order.with_user(seller).action_confirm()
        assert order.jxc_credit_state == "hold"
        return order.id


@SIZES
def test_release_from_the_queue(browser, server, odoo_env, goods, size):
    """On the card: how far, and why; then the order goes on."""
    name = f"绍兴越商批发部 {size[0]}"
    order_id = _held(odoo_env, server.database, goods, name)
    page = browser(server, "queue_credit")
    page.resize(size)
    page.show("/odoo/credit-hold", CARD)
    assert name in page.text(CARD)
    assert page.overflow() <= 0
    page.screenshot(f"credit-queue-{size[0]}")
    page.click(f"{CARD} {RELEASE}")
    page.fill(".modal [name=amount] input", "600")
    page.fill(".modal [name=reason] input", "支票已收，周五到账")
    page.screenshot(f"credit-release-{size[0]}")
    page.click(".modal .o_form_button_save")
    page.wait_until(f"!document.querySelector('.modal, {RELEASE}')")
    assert page.problems == []
    with odoo_env(server.database) as env:
        order = env["sale.order"].browse(order_id)
        assert (order.state, order.jxc_credit_state) == ("sale", "released")
        release = order.jxc_credit_release_ids
        assert (release.amount, release.reason) == (600, "支票已收，周五到账")
        assert release.user_id.login == "queue_credit"


def test_salesman_releases_nothing(browser, server, odoo_env, goods):
    """He sees why his order waits, no button; and the server refuses him."""
    order_id = _held(odoo_env, server.database, goods, "嘉兴南湖商行")
    page = browser(server, "queue_seller")
    page.show(f"/odoo/sales/{order_id}", FORM)
    page.wait_for("[name=jxc_credit_hold]")
    assert "冻结" in page.text("[name=jxc_credit_hold]")
    assert not page.evaluate(f"!!document.querySelector('{RELEASE}')")
    page.evaluate(CALL % order_id)
    page.wait_until("window.answered")
    told = page.evaluate("window.answered.error.data")
    assert told["name"] == "odoo.exceptions.AccessError"
    assert "信用" in told["message"]
    with odoo_env(server.database) as env:
        order = env["sale.order"].browse(order_id)
        assert (order.state, order.jxc_credit_state) == ("draft", "hold")
        assert not order.jxc_credit_release_ids


def _to_sign(odoo_env, database, goods, name, action):
    """A quotation over the limit for the customer to sign; return id and address."""
    with odoo_env(database) as env:
        customer = create_customer(env, name, limit=1000, order_action=action)
        order = create_order(
            env,
            customer,
            env["product.product"].browse(goods),
            15,
            state="sent",
            require_signature=True,
            require_payment=False,
        )
        return order.id, order.get_portal_url()


def _sign(page, path):
    page.show(path, "#portal_sale_content")
    # the page is alive when the form of the signature is there
    page.wait_until(f"document.querySelector('#modalaccept {SUBMIT}')")
    page.click("[data-bs-target='#modalaccept']")
    # the name is drawn into the signature
    page.wait_until(DRAWN)
    page.click_when_still(f"#modalaccept {SUBMIT}")


def test_signature_over_a_limit_that_blocks(browser, server, odoo_env, goods):
    """Told why in the window, where signing again works when the money has come."""
    order_id, path = _to_sign(odoo_env, server.database, goods, "湖州丝路", "block")
    page = browser(server, None)
    page.resize(PHONE)
    _sign(page, path)
    page.wait_for(".o_portal_sign_error_msg")
    page.screenshot("portal-refused")
    # limits and debts are between him and the credit manager
    assert "请与我们联系" in page.text(".o_portal_sign_error_msg")
    assert page.overflow() <= 0
    with odoo_env(server.database) as env:
        order = env["sale.order"].browse(order_id)
        assert order.state == "sent"
        assert not order.signature
        assert "信用额度不足" in order.message_ids[0].body
        order.partner_id.jxc_credit_account_id.credit_limit = 5000
    # not turning for ever: the same button signs again
    page.click_when_still(f"#modalaccept {SUBMIT}")
    page.wait_until("location.search.includes('sign_ok')")
    assert page.problems == []
    with odoo_env(server.database) as env:
        order = env["sale.order"].browse(order_id)
        assert order.state == "sale"
        assert order.signature


def test_signature_over_a_limit_that_holds(browser, server, odoo_env, goods):
    """Signed, not confirmed: the customer reads that somebody looks at it."""
    order_id, path = _to_sign(odoo_env, server.database, goods, "金华义乌", "hold")
    page = browser(server, None)
    page.resize(PHONE)
    _sign(page, path)
    page.wait_until("location.search.includes('sign_ok')")
    page.wait_for(".alert-info[role=status]")
    page.screenshot("portal-hold")
    assert page.overflow() <= 0
    with odoo_env(server.database) as env:
        order = env["sale.order"].browse(order_id)
        assert (order.state, order.jxc_credit_state) == ("sent", "hold")
        assert order.signature
