# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A seller's calls and opportunities, and what managers and officers do in the CRM."""

import base64
import importlib.util
import os
from datetime import timedelta
from unittest.mock import patch

import pytest
from cryptography.fernet import Fernet

from browser.page import DESKTOP, PHONE

SELLER, MANAGER = "desk_seller", "desk_manager"
PEOPLE = {
    SELLER: ("小周", "sales_team.group_sale_salesman", "uom.group_uom"),
    MANAGER: (
        "郑经理",
        "sales_team.group_sale_manager",
        "jxc_crm_lite.group_privacy_officer",
        "helpdesk_mgmt.group_helpdesk_user_team",
        "base.group_system",
    ),
}
SECRET = "s3cret-of-the-gateway"
NUMBER = "13800138000"
FORM = ".o_form_view .o_form_sheet"
SHEET = ".modal .o_form_view"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
SAVE = ".o_form_button_save"
SAVED = ".o_form_status_indicator_buttons.invisible"
GONE = "!document.querySelector('.modal')"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def provider(repo):
    """A provider of SMS on this machine that the server may talk to."""
    file = repo / "addons" / "jxc_crm_lite" / "tests" / "sms_server.py"
    spec = importlib.util.spec_from_file_location("sms_server", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.SmsServer() as running:
        settings = {
            "JXC_OUTBOUND_HOSTS": running.host,
            "JXC_SECRET_KEYS": Fernet.generate_key().decode(),
        }
        with patch.dict(os.environ, settings):
            yield running


@pytest.fixture(scope="module")
def server(provider, serve, database):
    """A running server that knows the provider."""
    with serve(database) as running:
        yield running


@pytest.fixture(scope="module")
def shop(server, odoo_env):
    """The ids of people, of the seller's customer and of goods sold by the box."""
    with odoo_env(server.database) as env:
        env.company.write(
            {
                "jxc_pool_active": True,
                "jxc_feedback_form": True,
                "jxc_quiet_from": 0,
                "jxc_quiet_to": 0,
            }
        )
        seller, manager = env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "lang": "zh_CN",
                    "tz": "Asia/Shanghai",
                    "odoobot_state": "disabled",
                    "group_ids": [(4, env.ref(group).id) for group in groups],
                }
                for login, (name, *groups) in PEOPLE.items()
            ]
        )
        env["helpdesk.ticket.team"].create(
            {"name": "售后组", "user_ids": [(4, manager.id)]}
        )
        customer = env["res.partner"].create(
            {
                "name": "杭州龙井茶行",
                "is_company": True,
                "user_id": seller.id,
                "phone": NUMBER,
                "country_id": env.ref("base.cn").id,
            }
        )
        tea = env["product.product"].create(
            {
                "name": "龙井茶",
                "list_price": 65,
                "taxes_id": False,
                "jxc_unit_ids": [(0, 0, {"name": "箱", "factor": 12})],
            }
        )
        return {
            "seller": seller.id,
            "manager": manager.id,
            "customer": customer.id,
            "tea": tea.id,
        }


def seen(page, picture):
    """Look at the page: nothing is wider than it, nothing went wrong."""
    page.screenshot(picture)
    assert page.overflow() <= 0
    assert page.problems == []


def test_call_and_its_report(desks, server, odoo_env, shop):
    """One touch dials; what came of the call is asked for, and stands in the log."""
    page = desks(SELLER, PHONE)
    page.show(f"/odoo/customers/{shop['customer']}", FORM)
    # no dialling program here: what it would be handed
    page.evaluate("HTMLAnchorElement.prototype.click = function () { dialled = this }")
    page.click(".o_field_widget[name=phone] a.o_phone_form_link")
    page.wait_for(f"{SHEET} [name=outcome]")
    page.click_text(f"{SHEET} [name=outcome] .o_selection_badge", "要求报价")
    page.fill(f"{SHEET} [name=note] textarea", "要新茶报价，周五前给")
    seen(page, "call-report-phone")
    assert page.evaluate("dialled.href").startswith("tel:")
    page.click_text(".modal footer button", "保存")
    page.wait_until(GONE)
    for size, row in ((PHONE, CARD), (DESKTOP, ".o_data_row")):
        page.resize(size)
        page.show("/odoo/calls", row)
        seen(page, f"calls-{size[0]}")
        assert "杭州龙井茶行" in page.text(row)
    with odoo_env(server.database) as env:
        call = env["jxc.followup"].search([("kind", "=", "phone")])
        assert (call.phone, call.outcome, call.is_draft) == (NUMBER, "quote", False)
        assert call.user_id.id == shop["seller"]


def test_opportunity_to_quotation(desks, server, odoo_env, shop):
    """Products by the box in the opportunity are those of the quotation."""
    with odoo_env(server.database) as env:
        lead = env["crm.lead"].create(
            {
                "name": "端午礼盒",
                "type": "opportunity",
                "partner_id": shop["customer"],
                "user_id": shop["seller"],
            }
        )
    page = desks(SELLER, DESKTOP)
    page.show(f"/odoo/crm/{lead.id}", FORM)
    page.click(".nav-link[name=jxc_products]")
    page.click("[name=jxc_line_ids] .o_field_x2many_list_row_add a")
    row = "[name=jxc_line_ids] .o_selected_row"
    page.choose(f"{row} [name=product_id]", "龙井茶")
    page.fill(f"{row} [name=qty] input", "2")
    page.choose(f"{row} [name=uom_id]", "箱")
    total = "document.querySelector('[name=jxc_line_total]').innerText"
    page.wait_until(f"{total}.includes('1,560')")
    seen(page, "opportunity-desk")
    page.click("button[name=action_sale_quotations_new]")
    page.wait_for(".o_form_view [name=order_line]")
    page.click(SAVE)
    page.wait_for(SAVED)
    seen(page, "opportunity-quotation-desk")
    page.resize(PHONE)
    page.show(f"/odoo/crm/{lead.id}", FORM)
    page.click(".nav-link[name=jxc_products]")
    page.wait_for(f"[name=jxc_line_ids] {CARD}")
    seen(page, "opportunity-phone")
    with odoo_env(server.database) as env:
        line = env["sale.order"].search([("opportunity_id", "=", lead.id)]).order_line
        assert (line.product_id.id, line.product_uom_qty) == (shop["tea"], 2)
        assert line.product_uom_id.name.startswith("箱")
        assert line.price_unit == 12 * 65


def test_release_and_claim_again(desks, server, odoo_env, shop):
    """Giving a customer away is asked twice; then it lies in the pool for all."""
    with odoo_env(server.database) as env:
        name = "温州鹿城茶庄"
        customer = env["res.partner"].create(
            {"name": name, "is_company": True, "user_id": shop["seller"]}
        )
    page = desks(SELLER, PHONE)
    page.show(f"/odoo/customers/{customer.id}", FORM)
    page.click(".nav-link[name=jxc_followup]")
    page.click("button[name=action_jxc_release]")
    page.wait_for(".modal footer .btn-primary")
    seen(page, "pool-release-phone")
    assert "公海" in page.text(".modal")
    page.click(".modal footer .btn-primary")
    page.wait_until(GONE)
    page.wait_until("!document.querySelector('button[name=action_jxc_release]')")
    manager = desks(MANAGER, DESKTOP)
    manager.show("/odoo/public-pool", ".o_data_row")
    seen(manager, "pool-released-desk")
    assert name in manager.text(".o_list_view")
    with odoo_env(server.database) as env:
        found = env["res.partner"].browse(customer.id)
        assert (found.jxc_pool_state, found.user_id.id) == ("pool", False)


def test_duplicates_are_merged(desks, server, odoo_env, shop):
    """Two contacts with one number and nearly one name become one, with a reason."""
    with odoo_env(server.database) as env:
        twins = env["res.partner"].create(
            [
                {"name": name, "is_company": True, "phone": "0574-87654321"}
                for name in ("宁波海曙食品有限公司", "宁波市海曙食品公司")
            ]
        )
    page = desks(MANAGER, DESKTOP)
    page.show("/odoo/customer-duplicates", ".o_list_view")
    page.click("button[name=action_scan]")
    page.wait_until("document.querySelector('.o_list_view').innerText.includes('海曙')")
    seen(page, "duplicates-desk")
    page.resize(PHONE)
    page.show("/odoo/customer-duplicates", CARD)
    seen(page, "duplicates-phone")
    page.click(f"{CARD} button[name=action_merge]")
    page.fill(f"{SHEET} [name=reason] input", "同一家，录了两次")
    seen(page, "duplicates-merge-phone")
    page.click(".modal footer button[name=action_merge]")
    page.wait_until(GONE)
    with odoo_env(server.database) as env:
        assert len(twins.with_env(env).exists()) == 1
        log = env["jxc.partner.merge.log"].search([])
        assert log.reason == "同一家，录了两次"
        assert log.user_id.id == shop["manager"]


def test_personal_data(desks, server, odoo_env, shop):
    """All that is known of a person as a file; then he is forgotten, both logged."""
    with odoo_env(server.database) as env:
        person = env["res.partner"].create(
            {"name": "钱女士", "phone": "13900139000", "email": "qian@example.com"}
        )
    page = desks(MANAGER, DESKTOP)
    page.show(f"/odoo/customers/{person.id}", FORM)
    page.click(".o_cp_action_menus .dropdown-toggle")
    page.click_text(".o-dropdown-item", "个人信息请求")
    page.fill(f"{SHEET} [name=reason] input", "本人来信要求")
    seen(page, "privacy-request-desk")
    page.click(".modal footer button[name=action_export]")
    page.wait_until(
        "[...document.querySelectorAll('.modal [name=file] input, .modal [name=file]')]"
        ".some(one => (one.value || one.innerText || '').includes('personal-data'))",
        "the file",
    )
    seen(page, "privacy-export-desk")
    page.click(".modal footer button[name=action_erase]")
    page.click_text(".modal footer .btn-primary", "确定")
    page.wait_until(GONE)
    page.resize(PHONE)
    page.show("/odoo/personal-data-log", CARD)
    seen(page, "privacy-log-phone")
    with odoo_env(server.database) as env:
        person = person.with_env(env)
        assert "钱" not in (person.name or "")
        assert not (person.phone or person.email)
        assert set(env["jxc.privacy.log"].search([]).mapped("kind")) == {
            "export",
            "erase",
        }


def test_gateway_and_a_message(desks, server, odoo_env, shop, provider):
    """The secret is entered once and never shown; an SMS goes out and is logged."""
    with odoo_env(server.database) as env:
        gateway = env["jxc.sms.gateway"].create(
            {
                "name": "总部短信",
                "endpoint": provider.url,
                "login": "shop",
                "signature": "好店",
                "parameters": "user = {login}\npw = {secret}\nto = {numbers}\n"
                "text = {content}",
            }
        )
    page = desks(MANAGER, DESKTOP)
    page.show(f"/odoo/sms-gateways/{gateway.id}", FORM)
    page.fill("[name=secret] input", SECRET)
    page.click(SAVE)
    page.wait_for(SAVED)
    page.show(f"/odoo/sms-gateways/{gateway.id}", FORM)
    seen(page, "sms-gateway-desk")
    assert not page.evaluate("document.querySelector('[name=secret] input').value")
    assert SECRET not in page.evaluate("document.documentElement.outerHTML")
    page.resize(PHONE)
    page.show(f"/odoo/sms-gateways/{gateway.id}", FORM)
    seen(page, "sms-gateway-phone")
    page = desks(SELLER, DESKTOP)
    page.show(f"/odoo/customers/{shop['customer']}", FORM)
    page.click(".o_field_widget[name=phone] .o_field_phone_sms")
    page.fill(f"{SHEET} [name=body] textarea", "新茶到店，欢迎品尝")
    seen(page, "sms-composer-desk")
    page.click(".modal footer button[name=action_send_sms]")
    page.wait_until(GONE)
    with odoo_env(server.database) as env:
        # the server under test runs no jobs of its own
        for job in ("sms.ir_cron_sms_scheduler_action", "jxc_crm_lite.jxc_sms_cron"):
            env.ref(job).method_direct_trigger()
    [(_method, _path, sent, _headers)] = provider.requests
    assert (sent["to"], sent["pw"]) == (NUMBER, SECRET)
    assert "新茶到店" in sent["text"]
    page.show("/odoo/sms-messages", ".o_data_row")
    seen(page, "sms-messages-desk")
    assert "已发送" in page.text(".o_data_row")


def test_feedback_with_a_photo(desks, browser, server, odoo_env, shop, tmp_path):
    """A visitor sends a photo; the team sees the ticket with it."""
    photo = tmp_path / "破损.png"
    photo.write_bytes(PIXEL)
    page = browser(server, None)
    page.resize(PHONE)
    page.show("/feedback", "form.o_jxc_feedback")
    for field, text in (
        ("name", "王女士"),
        ("phone", "13700137000"),
        ("subject", "茶罐压坏了"),
        ("description", "外箱完好，罐盖压扁。"),
    ):
        page.fill(f"form.o_jxc_feedback [name={field}]", text)
    page.attach("form.o_jxc_feedback [name=attachment]", photo)
    page.click("form.o_jxc_feedback button[type=submit]")
    page.click("a[href*='/my/ticket/']")
    page.wait_for("#card_body")
    page.screenshot("feedback-photo-phone")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        ticket = env["helpdesk.ticket"].search([("name", "=", "茶罐压坏了")])
        files = env["ir.attachment"].search(
            [("res_model", "=", ticket._name), ("res_id", "=", ticket.id)]
        )
        assert [(one.name, one.raw) for one in files] == [("破损.png", PIXEL)]
    team = desks(MANAGER, DESKTOP)
    team.show(f"/odoo/action-helpdesk_mgmt.helpdesk_ticket_action/{ticket.id}", FORM)
    team.wait_for(".o_field_many2many_binary .o_attachment")
    seen(team, "feedback-ticket-team")
    assert "破损.png" in team.text(FORM)


def drawn(page):
    """The figures of the chart on the page by what stands below them."""
    page.wait_until("Chart.getChart(document.querySelector('canvas'))")
    labels, data = page.evaluate(
        """(chart => [chart.data.labels, chart.data.datasets.map(one => one.data)])(
            Chart.getChart(document.querySelector('canvas')))"""
    )
    labels = [one if isinstance(one, str) else " ".join(one) for one in labels]
    return dict(zip(labels, data[0], strict=True))


def test_funnel_and_conversion(desks, server, odoo_env, shop):
    """What is open by stage, and how many of those in a stage got further."""
    with odoo_env(server.database) as env:
        first, second = env["crm.stage"].create(
            [{"name": name, "sequence": 50} for name in ("初谈茶礼", "茶礼方案")]
        )
        second.sequence = 51
        deals = env["crm.lead"].create(
            [
                {
                    "name": f"茶礼{amount}",
                    "type": "opportunity",
                    "partner_id": shop["customer"],
                    "user_id": shop["seller"],
                    "stage_id": first.id,
                    "expected_revenue": amount,
                }
                for amount in (100, 200, 300, 400)
            ]
        )
        deals[:3].stage_id = second
    page = desks(MANAGER, DESKTOP)
    for path, figures in (
        ("sales-funnel", {"初谈茶礼": 400, "茶礼方案": 600}),
        ("sales-conversion", {"初谈茶礼": 75, "茶礼方案": 0}),
    ):
        page.show(f"/odoo/{path}", ".o_graph_canvas_container canvas")
        found = drawn(page)
        seen(page, f"{path}-desk")
        assert {stage: found[stage] for stage in figures} == figures


def test_cycle_time(desks, server, odoo_env, shop):
    """The chart opens on the days it takes to win, by salesperson."""
    with odoo_env(server.database) as env:
        lead = env["crm.lead"].create(
            {
                "name": "年货",
                "type": "opportunity",
                "partner_id": shop["customer"],
                "user_id": shop["seller"],
            }
        )
        env["jxc.lead.stage.log"].create(
            {
                "lead_id": lead.id,
                "date": lead.create_date - timedelta(days=12),
                "stage_id": lead.stage_id.id,
                "status": "pending",
            }
        )
        lead.action_set_won()
    page = desks(MANAGER, DESKTOP)
    page.show("/odoo/sales-cycle", ".o_graph_canvas_container canvas")
    found = drawn(page)
    seen(page, "cycle-time-desk")
    assert found.keys() == {"小周"}
    assert round(found["小周"]) == 12
    page.resize(PHONE)
    page.show("/odoo/sales-stage-time", ".o_graph_canvas_container canvas")
    seen(page, "stage-time-phone")
