# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A year of trade with a phone: who the customers are, what they buy again, what else.

What stands on the screens is compared with the rows, which are worked out from the
source in test_northwind_customers and test_northwind_crm.
"""

import json
from collections import Counter
from datetime import date

import pytest

from browser.page import DESKTOP, PHONE

END = date(2025, 12, 31)
SELLER = "northwind_seller"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
FORM = ".o_form_view .o_form_sheet"
TAB = ".o_notebook .nav-link[name=jxc_repurchase]"
OFFERED = """![...document.querySelectorAll(
    "[name=jxc_recommend_ids] .fw-bold, [name=jxc_recommend_ids] td[name=other_id]"
)].some(cell => cell.innerText.includes(%s))"""
#: one card or line on which all of these stand
SOME = """[...document.querySelectorAll("%s")].some(
    row => %s.every(name => row.innerText.includes(name))
)"""
BY_CLASS = """[...document.querySelectorAll(".o_group_by_menu .o_menu_item")].find(
    item => item.innerText.trim() === "分级"
).click()"""
GROUPS = """[...document.querySelectorAll("%s")].map(
    group => group.innerText.replace(/\\s+/g, " ").trim()
)"""
NAMES = {PHONE: "phone", DESKTOP: "desktop"}
SIZES = pytest.mark.parametrize("size", NAMES, ids=NAMES.values())


@pytest.fixture(scope="module")
def trade(northwind_database, odoo_env):
    """Recomputed for the last day of the trade: the best customer, and what is told."""
    with odoo_env(northwind_database) as env:
        company = env.company
        company.write(
            {
                "jxc_repurchase_months": 240,
                "jxc_affinity_months": 240,
                "jxc_affinity_min_orders": 4,
                "jxc_affinity_min_confidence": 10,
            }
        )
        for model in ("customer.class", "repurchase.cycle", "product.affinity"):
            env[f"jxc.{model}"]._recompute(company, END)
        env["res.users"].create(
            {
                "name": "Northwind Seller",
                "login": SELLER,
                "lang": "zh_CN",
                "tz": "Asia/Shanghai",
                "odoobot_state": "disabled",
                "group_ids": [
                    (4, env.ref("sales_team.group_sale_salesman_all_leads").id)
                ],
            }
        )
        env = env(context={**env.context, "lang": "zh_CN"})
        cycles = env["jxc.repurchase.cycle"].search([])
        rows = env["jxc.customer.class"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", cycles.partner_id.ids),
            ]
        )
        best = rows.filtered(lambda row: row.partner_id.jxc_recommend_ids)[0]
        partner = best.partner_id
        mine = cycles.filtered(lambda cycle: cycle.partner_id == partner)
        return {
            "partner": partner.id,
            "name": partner.name,
            "rfm": best.rfm_score,
            "class": best.abc.upper(),
            "first": rows[0].partner_id.name,
            "customers": len(env["jxc.customer.class"].search([])),
            "bought": mine[0].product_id.name,
            "due": cycles[0].product_id.name,
            "recommended": partner.jxc_recommend_ids[0].other_id.name,
            "basket": partner.jxc_recommend_ids[0].product_id.id,
            "groups": _groups(env, company),
            "pair": _pair(env),
            "sleeper": _sleeper(env, company),
        }


def _groups(env, company):
    """``{class: how many customers}``, counted from the rows one by one."""
    rows = env["jxc.customer.class"].search([("company_id", "=", company.id)])
    return Counter(row.abc for row in rows if row.abc)


def _pair(env):
    """Names of two products: of the first row of what is bought together."""
    row = env["jxc.product.affinity"].search([], limit=1)
    return row.product_id.name, row.other_id.name


def _sleeper(env, company):
    """The name of the first who bought and does no longer."""
    rows = env["jxc.sleeping.customer"].search([("company_id", "=", company.id)])
    assert set(rows.mapped("life_cycle")) <= {"sleeping", "lost"}
    return rows[0].partner_id.name


def _settled(page, picture):
    page.screenshot(picture)
    assert page.overflow() <= 0
    assert page.problems == []


@SIZES
def test_classes_to_the_customer(browser, northwind_server, trade, size):
    """From the list of classes to the customer view; RFM and class on both."""
    page = browser(northwind_server, SELLER)
    page.resize(size)
    shown = CARD if size == PHONE else ".o_data_row"
    page.show("/odoo/customer-classes", shown)
    # a group a class, or the rows themselves
    text = page.text(".o_action_manager")
    assert trade["first"] in text or "A" in text
    _settled(page, f"northwind-classes-{NAMES[size]}")
    page.show(f"/odoo/customers/{trade['partner']}", "[data-card=class]")
    card = page.text("[data-card=class]")
    assert trade["rfm"] in card
    assert trade["class"] in card
    page.wait_for(".o_jxc_timeline_entry[data-kind=order]")
    page.evaluate("document.querySelector('[data-card=class]').scrollIntoView()")
    _settled(page, f"northwind-customer-{NAMES[size]}")


def test_how_many_are_a_b_and_c(browser, northwind_server, trade):
    """The groups of the list, with their counts."""
    page = browser(northwind_server, SELLER)
    page.resize(DESKTOP)
    page.show("/odoo/customer-classes", ".o_data_row")
    page.click(".o_searchview_dropdown_toggler")
    page.wait_for(".o_group_by_menu .o_menu_item")
    page.evaluate(BY_CLASS)
    page.wait_until("document.querySelectorAll('.o_group_header').length >= 3")
    shown = page.evaluate(GROUPS % ".o_group_header .o_group_name")
    assert set(trade["groups"]) == set("abc")
    for name, number in trade["groups"].items():
        assert f"{name.upper()} ({number})" in shown
    _settled(page, "northwind-class-groups")


@SIZES
def test_repurchase_and_recommendations(browser, northwind_server, trade, size):
    """On the customer: what is due to be bought again, and what others also buy."""
    page = browser(northwind_server, SELLER)
    page.resize(size)
    page.show(f"/odoo/customers/{trade['partner']}", TAB)
    page.click(TAB)
    rows = CARD if size == PHONE else ".o_data_row"
    page.wait_for(f".o_field_widget[name=jxc_recommend_ids] {rows}")
    assert trade["recommended"] in page.text(".o_field_widget[name=jxc_recommend_ids]")
    assert trade["bought"] in page.text(".o_field_widget[name=jxc_cycle_ids]")
    _settled(page, f"northwind-recommended-{NAMES[size]}")
    page.show("/odoo/repurchase", rows)
    assert trade["due"] in page.text(".o_action_manager")
    _settled(page, f"northwind-repurchase-{NAMES[size]}")
    page.show("/odoo/bought-together", rows)
    page.wait_until(SOME % (rows, json.dumps(trade["pair"])))
    _settled(page, f"northwind-bought-together-{NAMES[size]}")
    page.show("/odoo/sleeping-customers", rows)
    page.wait_until(SOME % (rows, json.dumps([trade["sleeper"]])))
    _settled(page, f"northwind-sleeping-{NAMES[size]}")


@SIZES
def test_recommended_on_a_quotation(browser, northwind_server, odoo_env, trade, size):
    """One touch takes what goes with the basket into the order."""
    with odoo_env(northwind_server.database) as env:
        order = env["sale.order"].create(
            {
                "partner_id": trade["partner"],
                "order_line": [(0, 0, {"product_id": trade["basket"]})],
            }
        )
        number = order.id
        offered = order.jxc_recommend_ids[0].with_context(lang="zh_CN").other_id
        product = offered.id
        name = offered.name
    page = browser(northwind_server, SELLER)
    page.resize(size)
    tab = ".o_notebook .nav-link[name=jxc_recommend]"
    page.show(f"/odoo/sales/{number}", tab)
    page.click(tab)
    add = ".o_field_widget[name=jxc_recommend_ids] button[name=action_add_to_order]"
    page.wait_for(add)
    assert name in page.text(".o_field_widget[name=jxc_recommend_ids]")
    _settled(page, f"northwind-quotation-{NAMES[size]}")
    page.click(add)
    # offered no longer, but may be what others go with
    page.wait_until(OFFERED % json.dumps(name))
    assert page.problems == []
    with odoo_env(northwind_server.database) as env:
        assert product in env["sale.order"].browse(number).order_line.product_id.ids
