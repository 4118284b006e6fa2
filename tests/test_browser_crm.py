# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Salespeople and customers: follow-up, public pool, feedback.

With a phone, and the tickets of a customer and the feedback at a desk as well.
"""

import logging
import time

import pytest

from browser.page import DESKTOP, PHONE

_logger = logging.getLogger(__name__)
NAMES = {PHONE: "phone", DESKTOP: "desktop"}
SIZES = pytest.mark.parametrize("size", NAMES, ids=NAMES.values())
SELLERS = ("phone_seller", "phone_rival")
FORM = ".o_form_view .o_form_sheet"
TEMPLATE = ".o_field_widget[name=template_id] .o_selection_badge"
CHOSEN = ".o_field_widget[name=kind] .o_selection_badge.active"
SAVE = ".o_form_button_save"
FOLLOWUPS = "button[name=action_jxc_followups]"
MORE = ".o-form-buttonbox .o_button_more"


@pytest.fixture(scope="module")
def customers(database, odoo_env):
    """A customer of the seller, and one that nobody owns."""
    with odoo_env(database) as env:
        company = env.company
        company.write({"jxc_pool_active": True, "jxc_feedback_form": True})
        group = env.ref("sales_team.group_sale_salesman")
        seller, _rival = env["res.users"].create(
            [
                {
                    "name": login,
                    "login": login,
                    "lang": "zh_CN",
                    "tz": "Asia/Shanghai",
                    "odoobot_state": "disabled",
                    "group_ids": [(6, 0, [group.id])],
                }
                for login in SELLERS
            ]
        )
        own, free = env["res.partner"].create(
            [
                {"name": "杭州龙井茶行", "is_company": True, "user_id": seller.id},
                {"name": "绍兴学府食堂", "is_company": True, "customer_rank": 1},
            ]
        )
        free._jxc_fall("fall")
        env["helpdesk.ticket"].create(
            {
                "name": "茶罐漏气",
                "description": "两罐",
                "partner_id": own.id,
                "user_id": False,
            }
        )
        return own.id, free.id


def test_follow_up_in_few_taps(browser, server, odoo_env, customers):
    """From the customer: follow-ups, new, template, save; the next step is planned."""
    own, _free = customers
    page = browser(server, SELLERS[0])
    page.resize(PHONE)
    page.show(f"/odoo/customers/{own}", FORM)
    taps = [FOLLOWUPS, ".o-kanban-button-new", TEMPLATE, SAVE]
    page.wait_until(f"document.querySelector('{FOLLOWUPS}, {MORE}')")
    if not page.evaluate(f"document.querySelector('{FOLLOWUPS}')"):
        taps.insert(0, MORE)
    # what one wants to know before a call is what one sees first
    assert page.text(".o_notebook .nav-link.active") == "客户全景"
    started = time.monotonic()
    for tap in taps[:-1]:
        page.click(tap)
        if tap == FOLLOWUPS:
            page.wait_for(".o_view_nocontent")
    page.wait_until("document.querySelector('[name=next_note] input')?.value")
    page.screenshot("followup-quick-phone")
    assert page.overflow() <= 0
    page.click(taps[-1])
    # offered for new ones only
    page.wait_until(f"!document.querySelector('{TEMPLATE}')")
    seconds = time.monotonic() - started
    _logger.info(
        "follow-up with a phone: %d taps, %.1f s from the first tap to saved",
        len(taps),
        seconds,
    )
    assert len(taps) <= 5
    assert seconds < 15
    assert page.problems == []
    with odoo_env(server.database) as env:
        followup = env["jxc.followup"].search([("partner_id", "=", own)])
        assert len(followup) == 1
        assert followup.user_id.login == SELLERS[0]
        assert followup.activity_id.date_deadline == followup.next_date


def test_follow_up_at_a_desk(browser, server, odoo_env, customers):
    """The same at a desk: from the customer's form, and it is in the timeline after."""
    own, _free = customers
    page = browser(server, SELLERS[0])
    page.resize(DESKTOP)
    page.show(f"/odoo/customers/{own}", FORM)
    page.wait_until(f"document.querySelector('{FOLLOWUPS}, {MORE}')")
    if not page.evaluate(f"!!document.querySelector('{FOLLOWUPS}')"):
        page.click(MORE)
    page.click(FOLLOWUPS)
    new = ".o_list_button_add, .o-kanban-button-new"
    page.wait_for(new)
    page.click(new)
    page.click(TEMPLATE)
    page.wait_until("document.querySelector('[name=next_note] input')?.value")
    # the template's kind instead of the one that was there
    page.wait_until(f"document.querySelectorAll('{CHOSEN}').length === 1")
    assert page.text(CHOSEN) == "拜访"
    page.screenshot("followup-quick-desktop")
    assert page.overflow() <= 0
    page.click(SAVE)
    page.wait_until(f"!document.querySelector('{TEMPLATE}')")
    page.show(f"/odoo/customers/{own}", "[data-card=contact]")
    page.screenshot("customer-view-desktop")
    assert page.text(".o_notebook .nav-link.active") == "客户全景"
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        followup = env["jxc.followup"].search([("partner_id", "=", own)], limit=1)
        assert (followup.user_id.login, followup.kind) == (SELLERS[0], "visit")
        assert followup.next_note in page.text("[data-card=contact]")


@SIZES
def test_cards_lead_to_the_documents(browser, server, customers, size):
    """From the card of tickets to the list and the ticket, without a helpdesk role."""
    own, _free = customers
    page = browser(server, SELLERS[0])
    page.resize(size)
    page.show(f"/odoo/customers/{own}", "[data-card=tickets] button")
    page.click("[data-card=tickets] button")
    # cards on the phone, a list at a desk
    ticket = (
        ".o_kanban_record:not(.o_kanban_ghost)"
        if size == PHONE
        else ".o_data_row td.o_data_cell"
    )
    shown = ticket if size == PHONE else ".o_list_view"
    page.wait_for(ticket)
    assert "茶罐漏气" in page.text(shown)
    assert "未关闭的工单" in page.text()
    page.click(ticket)
    page.wait_for(FORM)
    page.wait_until("document.querySelector('.o_field_widget[name=jxc_kind]')")
    page.screenshot(f"customer-ticket-{NAMES[size]}")
    assert page.overflow() <= 0
    assert page.problems == []


def test_two_claim_one_customer(browser, server, odoo_env, customers):
    """Both see the customer in the pool: the first gets it, the other is told."""
    _own, free = customers
    pages = [browser(server, login) for login in SELLERS]
    for page in pages:
        page.resize(PHONE)
        page.show("/odoo/public-pool", ".o_kanban_record button[name=action_jxc_claim]")
    for page in pages:
        page.click(".o_kanban_record button[name=action_jxc_claim]")
        page.wait_until(
            "document.querySelector('.modal')"
            " || !document.querySelector('.o_kanban_record button')"
        )
    winner, loser = pages
    assert not winner.evaluate("!!document.querySelector('.modal')")
    loser.wait_for(".modal")
    loser.screenshot("pool-too-late-phone")
    assert "绍兴学府食堂" in loser.text(".modal")
    assert loser.overflow() <= 0
    with odoo_env(server.database) as env:
        assert env["res.partner"].browse(free).user_id.login == SELLERS[0]


@SIZES
def test_feedback_to_portal(browser, server, odoo_env, customers, size):
    """A visitor enters a complaint and follows it, without a login."""
    subject = f"茶叶受潮 {NAMES[size]}"
    page = browser(server, None)
    page.resize(size)
    page.show("/feedback", "form.o_jxc_feedback")
    page.screenshot(f"feedback-form-{NAMES[size]}")
    assert "反馈与售后" in page.text("h1")
    assert page.overflow() <= 0
    for field, text in (
        ("name", "王女士"),
        ("phone", "13800138000"),
        ("subject", subject),
        ("description", "开箱时两盒已受潮。"),
    ):
        page.fill(f"form.o_jxc_feedback [name={field}]", text)
    page.click("form.o_jxc_feedback button[type=submit]")
    page.wait_for("a[href*='/my/ticket/']")
    page.click("a[href*='/my/ticket/']")
    page.wait_for("#card_body")
    page.screenshot(f"feedback-ticket-{NAMES[size]}")
    assert subject in page.text("body")
    assert "投诉" in page.text("body")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        ticket = env["helpdesk.ticket"].search([("name", "=", subject)])
        assert ticket.jxc_phone == "13800138000"
