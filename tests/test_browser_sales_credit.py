# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Money and goods of a customer: reminded, promised, explained, planned."""

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

DIALOG = ".modal:not(.o_inactive_modal)"
FORM = ".o_form_view .o_form_sheet"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
LAST = "电汇周五到账"


@pytest.fixture(scope="module")
def goods(database, odoo_env):
    """What is sold at 100; who sells and ships it, and who decides on credit."""
    with odoo_env(database) as env:
        create_people(
            env,
            debt_seller=[
                "sales_team.group_sale_salesman_all_leads",
                "stock.group_stock_user",
                "account.group_account_invoice",
            ],
            debt_boss=["jxc_base.group_credit_manager"],
        )
        return create_goods(env, "安吉白茶 250 g", quantity=1000).id


@pytest.fixture(scope="module")
def boss(lasting_browser, server, goods):
    """Who decides on credit, at a desk."""
    return lasting_browser(server, "debt_boss")


@pytest.fixture(scope="module")
def seller(lasting_browser, server, goods):
    """Who sells and ships, with a phone."""
    return lasting_browser(server, "debt_seller")


def _invoice(env, customer, amount, days):
    """Post an invoice without order that was due so many days ago."""
    day = today() - timedelta(days=days)
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_line_ids": [
                (0, 0, {"name": "茶叶", "price_unit": amount, "tax_ids": [(5,)]})
            ],
        }
    )
    invoice.action_post()
    return invoice


def test_overdue_customer_is_reminded(boss, server, odoo_env, goods):
    """Chosen on the list, proposed, read, sent: with the invoice in the mail."""
    with odoo_env(server.database) as env:
        customer = create_customer(env, "嵊州剡溪茶庄")
        customer.write({"email": "shanxi@example.com", "lang": "zh_CN"})
        invoice = _invoice(env, customer, 660, 50)
        customer_id, number = customer.id, invoice.name
    boss.resize(DESKTOP)
    boss.show("/odoo/overdue-customers", ".o_data_row")
    boss.screenshot("overdue-customers")
    assert "660.00" in boss.text(".o_data_row")
    assert boss.overflow() <= 0
    boss.click(".o_data_row .o_list_record_selector input")
    boss.click("button[name=action_propose]")
    boss.wait_text(".o_breadcrumb", "催款记录")
    boss.click_text(".o_data_cell", "660.00")
    boss.click(".o_statusbar_buttons button[name=action_preview]")
    boss.wait_text(f"{DIALOG} [name=body_html]", number)
    boss.screenshot("dunning-preview")
    boss.click(f"{DIALOG} button[name=action_send]")
    boss.wait_text(".o_statusbar_status .o_arrow_button_current", "已发送")
    boss.screenshot("dunning-sent")
    assert boss.problems == []
    with odoo_env(server.database) as env:
        reminder = env["jxc.dunning.reminder"].search(
            [("partner_id", "=", customer_id)]
        )
        assert (reminder.state, reminder.amount) == ("sent", 660)
        assert reminder.sent_by_id.login == "debt_boss"
        mail = env["mail.mail"].search(
            [("model", "=", reminder._name), ("res_id", "=", reminder.id)]
        )
        assert number in mail.body_html


def test_promise_to_pay(boss, seller, server, odoo_env, goods):
    """The salesman notes it on the phone; accepted, the debt is not overdue."""
    with odoo_env(server.database) as env:
        customer = create_customer(
            env, "诸暨枫桥茶行", limit=5000, control_overdue=True, order_action="block"
        )
        account = env["jxc.credit.account"].search([("partner_id", "=", customer.id)])
        _invoice(env, customer, 880, 20)
        assert account.amount_overdue == 880
        account_id = account.id
        reminder = env["jxc.dunning.reminder"]
        reminder._cron_propose()
        reminder = reminder.search([("partner_id", "=", customer.id)])
        reminder_id = reminder.id
    seller.resize(PHONE)
    seller.show(f"/odoo/payment-reminders/{reminder_id}", FORM)
    seller.click(".o_statusbar_buttons button:has(.oi-ellipsis-v, .fa-ellipsis-v)")
    seller.click(".o-dropdown--menu button[name=action_promise]")
    friday = today() + timedelta(days=5)
    seller.fill(f"{DIALOG} [name=note] input", LAST)
    seller.fill_date(f"{DIALOG} [name=date]", friday)
    seller.screenshot("promise-phone")
    assert seller.overflow() <= 0
    seller.click(f"{DIALOG} .o_form_button_save")
    seller.wait_until(f"!document.querySelector('{DIALOG}')")
    assert seller.problems == []
    boss.resize(DESKTOP)
    boss.show("/odoo/credit-promises", ".o_data_row")
    boss.screenshot("promises")
    boss.wait_text(".o_data_row", LAST)
    assert "880.00" in boss.text(".o_data_row")
    assert boss.overflow() <= 0
    boss.click(".o_data_row button[name=action_accept]")
    boss.wait_until("!document.querySelector('button[name=action_accept]')")
    assert boss.problems == []
    with odoo_env(server.database) as env:
        account = env["jxc.credit.account"].browse(account_id)
        promise = account.promise_ids
        assert (promise.amount, promise.date) == (880, friday)
        assert promise.state == "open"
        assert promise.accepted_by_id.login == "debt_boss"
        assert promise.user_id.login == "debt_seller"
        assert account.amount_overdue == 0


def test_exposure_is_explained(boss, server, odoo_env, goods):
    """Every part of it on the form, with the documents that make it up behind it."""
    with odoo_env(server.database) as env:
        customer = create_customer(env, "上虞曹娥茶业", limit=1500)
        account = env["jxc.credit.account"].search([("partner_id", "=", customer.id)])
        tea = env["product.product"].browse(goods)
        invoice = _invoice(env, customer, 500, 0)
        gone, waiting = (create_order(env, customer, tea, many) for many in (3, 2))
        (gone | waiting).action_confirm()
        deliver(gone)
        assert account.exposure == 1000
        account_id = account.id
        names = {"receivable": invoice.name, "delivered": gone.name}
        names["ordered"] = waiting.name
    boss.resize(DESKTOP)
    for part, amount in (("receivable", 500), ("delivered", 300), ("ordered", 200)):
        boss.show(f"/odoo/credit-accounts/{account_id}", FORM)
        if part == "receivable":
            boss.screenshot("credit-account")
            for name, shown in (("exposure", "1,000.00"), ("available", "500.00")):
                assert shown in boss.text(f"{FORM} .o_field_widget[name={name}]")
        assert f"{amount}.00" in boss.text(f"div[name={part}] .o_field_monetary")
        boss.click(f"div[name={part}] button")
        boss.wait_text(".o_list_view .o_data_row", names[part])
        assert len(boss.texts(".o_list_view .o_data_row")) == 1
        assert f"{amount}.00" in boss.text(".o_list_footer")
        boss.screenshot(f"credit-{part}")
    assert boss.overflow() <= 0
    boss.resize(PHONE)
    boss.show(f"/odoo/credit-accounts/{account_id}", FORM)
    boss.screenshot("credit-account-phone")
    assert boss.overflow() <= 0
    # cards, where a list would be cut
    boss.click("div[name=delivered] button")
    boss.wait_text(CARD, names["delivered"])
    boss.screenshot("credit-delivered-phone")
    assert boss.overflow() <= 0
    assert boss.problems == []


def test_pre_sale_waits_for_its_deposit(seller, server, odoo_env, goods):
    """What is paid and what is still to be paid, on the list and on the card."""
    with odoo_env(server.database) as env:
        customer = create_customer(env, "新昌大佛茶叶连锁有限公司")
        order = create_order(
            env,
            customer,
            env["product.product"].browse(goods),
            20,
            jxc_sale_mode="presale",
            jxc_balance_before=False,
            jxc_deposit_percent=30,
            jxc_window_from=today() + timedelta(days=10),
            jxc_window_to=today() + timedelta(days=40),
        )
        order.action_confirm()
        order_id, name = order.id, order.name
    seller.resize(DESKTOP)
    seller.show("/odoo/presales", ".o_data_row")
    row = seller.text(".o_data_row")
    assert "600.00" in row
    seller.click(".o_data_row .o_data_cell[name=partner_id]")
    seller.wait_text(FORM, name)
    assert "600.00" in seller.text(f"{FORM} .o_field_widget[name=jxc_amount_before]")
    seller.screenshot("presale-order")
    with odoo_env(server.database) as env:
        payment = env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": env["sale.order"].browse(order_id).partner_id.id,
                "amount": 600,
                "jxc_sale_order_id": order_id,
            }
        )
        payment.action_post()
    seller.show("/odoo/presales", ".o_data_row")
    cells = {
        name: seller.text(f".o_data_row [name={name}]")
        for name in ("partner_id", "jxc_deposit_paid_at", "jxc_amount_prepaid")
    }
    seller.screenshot("presales")
    assert cells["jxc_deposit_paid_at"]
    assert "600.00" in cells["jxc_amount_prepaid"]
    # the customer can be read: the column is wide enough
    assert not seller.evaluate(
        "[...document.querySelectorAll('.o_data_row td[name=partner_id]')]"
        ".some(one => one.scrollWidth > one.clientWidth)"
    )
    assert seller.overflow() <= 0
    seller.resize(PHONE)
    seller.show("/odoo/presales", CARD)
    seller.screenshot("presales-phone")
    assert "600.00 /" in seller.text(CARD)
    assert seller.overflow() <= 0
    seller.click(CARD)
    seller.wait_text(FORM, name)
    # its two characters stand beside each other
    height = "document.querySelector('.o_form_button_create').offsetHeight"
    assert seller.evaluate(height) < 50
    assert seller.problems == []


def test_plan_of_deliveries(seller, server, odoo_env, goods):
    """What may leave is planned; what may not is named with the reason."""
    with odoo_env(server.database) as env:
        tea = env["product.product"].browse(goods)
        short = create_customer(
            env, "奉化溪口茶楼", limit=800, order_action="warn", delivery_action="block"
        )
        free = create_customer(env, "余姚四明山茶社")
        orders = [
            create_order(env, customer, tea, 9) for customer in (short, free, free)
        ]
        for order in orders:
            order.action_confirm()
            order.picking_ids.action_assign()
        held, first, second = (order.picking_ids for order in orders)
        assert (held.jxc_ship_state, first.jxc_ship_state) == ("over", "free")
        names = {"held": held.name, "first": first.name, "second": second.name}
        ids = {"first": first.id, "held": held.id, "second": second.id}
    seller.resize(DESKTOP)
    seller.show("/odoo/delivery-plan", ".o_data_row")
    for name in (names["held"], names["first"]):
        seller.evaluate(
            "[...document.querySelectorAll('.o_data_row')].find(row => "
            f"row.innerText.includes('{name}')).dataset.chosen = '{name}'"
        )
        seller.click(f"[data-chosen='{name}'] .o_list_record_selector input")
    seller.click(".o_control_panel button[name=action_jxc_plan_today]")
    seller.wait_text(".o_notification", names["held"])
    seller.screenshot("delivery-plan")
    assert "超" in seller.text(".o_notification")
    assert seller.overflow() <= 0
    seller.resize(PHONE)
    seller.show("/odoo/delivery-plan", CARD)
    seller.evaluate(
        f"[...document.querySelectorAll('{CARD}')].find(card => "
        f"card.innerText.includes('{names['second']}')).dataset.chosen = 'card'"
    )
    seller.click("[data-chosen=card] button[name=action_jxc_plan_today]")
    seller.wait_text(CARD, "已计划")
    seller.wait_until(
        f"[...document.querySelectorAll('{CARD}')].find(card => card.innerText"
        f".includes('{names['second']}')).innerText.includes('已计划')"
    )
    seller.screenshot("delivery-plan-phone")
    assert seller.overflow() <= 0
    assert seller.problems == []
    with odoo_env(server.database) as env:
        planned = {
            key: bool(env["stock.picking"].browse(one).jxc_planned_on)
            for key, one in ids.items()
        }
    assert planned == {"held": False, "first": True, "second": True}
