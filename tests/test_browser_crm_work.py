# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A day's work of salespeople and agents, with a phone and at a desk.

Claiming from the pool, the ticket of a call, the route of visits, an e-mail to a
segment with a template: each by its buttons, and then in the database.
"""

import pytest

from browser.page import DESKTOP, PHONE

NAMES = {PHONE: "phone", DESKTOP: "desktop"}
SIZES = pytest.mark.parametrize("size", NAMES, ids=NAMES.values())
SELLER, AGENT, MANAGER = "work_seller", "work_agent", "work_manager"
FORM = ".o_form_view .o_form_sheet"
SAVE = ".o_form_button_save"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
PLACES = {"近": (29.87, 121.55), "中": (29.90, 121.60), "远": (30.05, 121.90)}


@pytest.fixture(scope="module")
def work(database, odoo_env):
    """Two people, customers near and far, and two customers nobody owns."""
    with odoo_env(database) as env:
        env.company.write(
            {"jxc_pool_active": True, "jxc_quiet_from": 0, "jxc_quiet_to": 0}
        )
        seller, agent, manager = env["res.users"].create(
            [
                {
                    "name": login,
                    "login": login,
                    "lang": "zh_CN",
                    "tz": "Asia/Shanghai",
                    "email": f"{login}@example.com",
                    "odoobot_state": "disabled",
                    "group_ids": [(4, env.ref(group).id)],
                }
                for login, group in (
                    (SELLER, "sales_team.group_sale_salesman"),
                    (AGENT, "helpdesk_mgmt.group_helpdesk_user_team"),
                    (MANAGER, "sales_team.group_sale_manager"),
                )
            ]
        )
        env["helpdesk.ticket.team"].create(
            {"name": "售后", "user_ids": [(4, agent.id)]}
        )
        shops = env["res.partner"].create(
            [
                {
                    "name": f"{name}处茶行",
                    "is_company": True,
                    "customer_rank": 1,
                    "user_id": seller.id,
                    "email": f"shop{number}@example.com",
                    "partner_latitude": place[0],
                    "partner_longitude": place[1],
                }
                for number, (name, place) in enumerate(PLACES.items())
            ]
        )
        free = env["res.partner"].create(
            [
                {"name": f"无主客户{name}", "is_company": True, "customer_rank": 1}
                for name in NAMES.values()
            ]
        )
        free._jxc_fall("fall")
        segment = env["jxc.customer.segment"].create(
            {
                "name": "三家茶行",
                "user_id": seller.id,
                "domain": repr([("id", "in", shops.ids)]),
            }
        )
        return {
            "shops": shops.ids,
            "segment": segment.id,
            "free": free.ids,
            "manager": manager.id,
        }


@SIZES
def test_claim(browser, server, odoo_env, work, size):
    """From the list or the cards of the pool, without opening the customer."""
    page = browser(server, SELLER)
    page.resize(size)
    name = f"无主客户{NAMES[size]}"
    row = CARD if size == PHONE else ".o_data_row"
    mine = (
        f"[...document.querySelectorAll('{row}')]"
        f".find(each => each.innerText.includes('{name}'))"
    )
    page.show("/odoo/public-pool", row)
    page.wait_until(mine)
    page.screenshot(f"pool-{NAMES[size]}")
    assert page.overflow() <= 0
    page.evaluate(f"{mine}.querySelector('button[name=action_jxc_claim]').click()")
    page.wait_until(f"!{mine}")
    assert page.problems == []
    with odoo_env(server.database) as env:
        found = env["res.partner"].search([("name", "=", name)])
        assert (found.user_id.login, found.jxc_pool_state) == (SELLER, "owned")


@SIZES
def test_ticket_of_a_call(browser, server, odoo_env, work, size):
    """Kind, phone, a few words: saved within some seconds of typing."""
    subject = f"茶叶有异味 {NAMES[size]}"
    page = browser(server, AGENT)
    page.resize(size)
    page.show("/odoo/quick-ticket", FORM)
    page.fill(".o_field_widget[name=jxc_phone] input", "13800138000")
    page.fill(".o_field_widget[name=name] input", subject)
    page.click(".o_field_widget[name=description] .odoo-editor-editable")
    page.evaluate("document.execCommand('insertText', false, '开罐就闻到霉味。')")
    page.screenshot(f"ticket-quick-{NAMES[size]}")
    assert page.overflow() <= 0
    page.click(SAVE)
    page.wait_for(".o_form_status_indicator_buttons.invisible")
    assert page.problems == []
    with odoo_env(server.database) as env:
        ticket = env["helpdesk.ticket"].search([("name", "=", subject)])
        assert (ticket.jxc_kind, ticket.jxc_phone) == ("complaint", "13800138000")
        assert ticket.channel_id == env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_phone"
        )


@SIZES
def test_route_of_visits(browser, server, odoo_env, work, size):
    """The plan of today is sorted by distance, and a visit begins with one touch."""
    with odoo_env(server.database) as env:
        # What has begun stays as a report; here it would be in the way of the next.
        env.cr.execute("DELETE FROM jxc_visit_plan")
        seller = env["res.users"].search([("login", "=", SELLER)])
        far, near, middle = (work["shops"][place] for place in (2, 0, 1))
        plans = env["jxc.visit.plan"].with_user(seller)
        plan = plans.create(
            {
                "line_ids": [
                    (0, 0, {"partner_id": shop, "sequence": number})
                    for number, shop in enumerate((near, far, middle))
                ]
            }
        ).id
    page = browser(server, SELLER)
    page.resize(size)
    sort, check_in = (
        f"button[name={name}]" for name in ("action_sort_route", "action_check_in")
    )
    page.show(f"/odoo/visit-plans/{plan}", sort)
    page.click(sort)
    row = CARD if size == PHONE else ".o_data_row"
    lines = f".o_field_widget[name=line_ids] {row}"
    page.wait_until(
        # the last card on the phone adds a customer
        f"[...document.querySelectorAll('{lines}')].map(each => each.innerText)"
        ".slice(0, 3).every((text, n) => text.includes('近中远'[n]))"
    )
    page.screenshot(f"visit-route-{NAMES[size]}")
    assert page.overflow() <= 0
    page.click(f"{lines} {check_in}")
    page.wait_for(".modal .o_form_view")
    page.screenshot(f"visit-report-{NAMES[size]}")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        lines = env["jxc.visit.plan"].browse(plan).line_ids
        assert lines.mapped("partner_id.id") == [near, middle, far]
        assert lines.mapped("state") == ["visited", "planned", "planned"]


def sent_letters(env, traces):
    """The e-mails of traces, each with the customer it is for."""
    mails = traces.mail_mail_id
    assert len(mails) == len(traces), traces.mapped("trace_status")
    shops = env["res.partner"]
    return [(one.mail_mail_id, shops.browse(one.res_id)) for one in traces]


@SIZES
def test_letter_to_a_segment(browser, server, odoo_env, work, size):
    """The dialog of e-mails: with a template of ours, to all of a segment at once."""
    with odoo_env(server.database) as env:
        env["mailing.trace"].search([]).unlink()
    page = browser(server, SELLER)
    page.resize(size)
    button = "button[name=action_mail]"
    page.show(f"/odoo/customer-segments/{work['segment']}", button)
    page.click(button)
    page.wait_for(".modal .o_field_widget[name=body] .odoo-editor-editable")
    page.click(".modal .mail-composer-template-dropdown-btn")
    page.click_text(".mail-composer-template-dropdown .o-dropdown-item", "节日问候")
    subject = "document.querySelector('.modal [name=subject] input').value"
    page.wait_until(f"{subject}.includes('祝您节日快乐')", "the template's subject")
    page.screenshot(f"letter-{NAMES[size]}")
    assert page.overflow() <= 0
    page.click(".modal footer button[name=action_send_mail]")
    page.wait_until("!document.querySelector('.modal')")
    assert page.problems == []
    with odoo_env(server.database) as env:
        traces = env["mailing.trace"].search([("model", "=", "res.partner")])
        assert sorted(traces.mapped("res_id")) == sorted(work["shops"])
        for mail, shop in sent_letters(env, traces):
            assert mail.subject == f"{env.company.name}祝您节日快乐"
            assert f"尊敬的{shop.name}" in mail.body_html
            assert "请您提前下单" in mail.body_html


@pytest.fixture(scope="module")
def figures(database, odoo_env, work):
    """Three deliveries of goods, a complaint about one, and a report of a visit.

    :return: what a row of each report shows, by the path of the report
    """
    with odoo_env(database) as env:
        goods = env["product.product"].create(
            {"name": "复查茶", "type": "consu", "list_price": 10, "taxes_id": False}
        )
        for shop in (*work["shops"][:2], work["shops"][0]):
            line = {"product_id": goods.id, "product_uom_qty": 10}
            order = env["sale.order"].create(
                {"partner_id": shop, "order_line": [(0, 0, line)]}
            )
            order.action_confirm()
            order.picking_ids.move_ids.write({"quantity": 10, "picked": True})
            order.picking_ids.button_validate()
            assert order.picking_ids.state == "done"
        ticket = env["helpdesk.ticket"].create(
            {
                "name": "茶罐压坏了",
                "description": "罐盖压扁。",
                "partner_id": work["shops"][0],
                "team_id": env["helpdesk.ticket.team"].create({"name": "复查组"}).id,
                "jxc_kind": "complaint",
                "jxc_product_id": goods.id,
                "jxc_quantity": 3,
            }
        )
        ticket.rating_apply(5, rating=ticket._jxc_get_rating())
        env["jxc.followup"].create(
            {"partner_id": work["shops"][0], "user_id": work["manager"]}
        )
    return {
        "complaint-rates": ["复查茶", "3", "1", "1", "33.33", "10.00"],
        "ticket-report": ["复查组", "1", "100.00"],
        "repeat-purchase": ["总计", "2", "50.00", "0.00", "100.00"],
        "followup-report": [MANAGER, "1"],
    }


def test_reports_of_managers(browser, server, figures):
    """Each opens on a table of figures that fits the screen."""
    page = browser(server, MANAGER)
    for size, name in NAMES.items():
        page.resize(size)
        for path, row in figures.items():
            page.show(f"/odoo/{path}", ".o_pivot tbody td")
            page.screenshot(f"{path}-{name}")
            assert page.overflow() <= 0
            found = [one.split() for one in page.texts(".o_pivot tbody tr")]
            # visits of the other tests may stand in a column between
            assert row in [[one[0], *one[1 - len(row) :]] for one in found]
    assert page.problems == []
