# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Inspecting a receipt, evaluating its vendor, and budgets on the phone."""

from datetime import date, timedelta

import pytest

from browser.page import DESKTOP, PHONE

PEOPLE = {
    "look_inspector": ("小赵", ("stock.group_stock_user",)),
    "look_manager": (
        "王经理",
        (
            "purchase.group_purchase_manager",
            "jxc_base.group_budget_manager",
            "jxc_purchase.group_vendor_validator",
        ),
    ),
}
FORM = ".o_form_view .o_form_sheet"
ROW = ".o_field_one2many .o_data_row"
CARD = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


@pytest.fixture(scope="module")
def bought(server, odoo_env):
    """The ids of an inspection to decide on, its vendor and a budget."""
    with odoo_env(server.database) as env:
        for login, (name, groups) in PEOPLE.items():
            known = [env.ref(one, raise_if_not_found=False) for one in groups]
            env["res.users"].create(
                {
                    "name": name,
                    "login": login,
                    "lang": "zh_CN",
                    # No greeting over the page.
                    "odoobot_state": "disabled",
                    "group_ids": [(6, 0, [one.id for one in known if one])],
                }
            )
        inspector = env["res.users"].search([("login", "=", "look_inspector")])
        inspector.group_ids += env.ref("jxc_purchase.group_inspection_concession")
        wine = env["product.product"].create(
            {"name": "红葡萄酒 750ml", "is_storable": True, "supplier_taxes_id": False}
        )
        env["jxc.receipt.inspection.rule"].create({"product_id": wine.id})
        vendor = env["res.partner"].create({"name": "广州华南饮品有限公司"})
        line = {"product_id": wine.id, "product_qty": 24, "price_unit": 37.0}
        orders = env["purchase.order"].create(
            [{"partner_id": vendor.id, "order_line": [(0, 0, line)]}] * 3
        )
        orders.button_confirm()
        for receipt in orders.picking_ids:
            receipt.move_ids.picked = True
            receipt.button_validate()
        inspection, *conceded = env["jxc.receipt.inspection"].search(
            [("purchase_ids", "in", orders.ids), ("state", "=", "draft")], order="id"
        )
        today = date.today()
        budget = env["jxc.purchase.budget"].create(
            {
                "name": "采购预算",
                "date_from": today - timedelta(days=30),
                "date_to": today + timedelta(days=30),
                "line_ids": [(0, 0, {"partner_id": vendor.id, "amount_planned": 1e5})],
            }
        )
        budget.action_confirm()
        return {
            "inspection": inspection.id,
            "conceded": [one.id for one in conceded],
            "product": wine.id,
            "vendor": vendor.id,
            "budget": budget.id,
        }


def test_inspect(browser, server, odoo_env, bought):
    """Accept the rest on the form: the goods become available."""
    page = browser(server, "look_inspector")
    page.resize(DESKTOP)
    page.show(f"/odoo/receipt-inspections/{bought['inspection']}", FORM)
    assert "红葡萄酒" in page.text(FORM)
    page.screenshot("inspection-desk")
    page.resize(PHONE)
    page.show(f"/odoo/receipt-inspections/{bought['inspection']}", FORM)
    page.screenshot("inspection-phone")
    assert page.overflow() <= 0
    page.resize(DESKTOP)
    page.show(f"/odoo/receipt-inspections/{bought['inspection']}", FORM)
    page.click("button[name=action_accept_rest]")
    # Received and accepted.
    page.wait_until(
        f"document.querySelector({ROW!r}).innerText.split('24.00').length > 2"
    )
    page.click("button[name=action_done]")
    page.wait_until("!document.querySelector('button[name=action_done]')")
    page.screenshot("inspection-done")
    assert page.problems == []
    with odoo_env(server.database) as env:
        inspection = env["jxc.receipt.inspection"].browse(bought["inspection"])
        assert inspection.state == "done"
        assert inspection.line_ids.qty_accepted == 24
        assert env["product.product"].browse(bought["product"]).free_qty == 24


def test_concession(browser, server, odoo_env, bought):
    """Take a part on concession, on the desk and on the phone: it is available."""
    desk, phone = bought["conceded"]
    page = browser(server, "look_inspector")
    page.resize(DESKTOP)
    page.show(f"/odoo/receipt-inspections/{desk}", FORM)
    page.click(f"{ROW} td[name=qty_accepted]")
    for name, text in (("accepted", "18"), ("concession", "4"), ("rejected", "2")):
        page.fill(f"{ROW} td[name=qty_{name}] input", text)
    page.fill(f"{ROW} td[name=concession_reason] input", "标签轻微破损")
    page.click("button[name=action_done]")
    page.wait_until("!document.querySelector('button[name=action_done]')")
    page.screenshot("concession-desk")
    page.resize(PHONE)
    page.show(f"/odoo/receipt-inspections/{phone}", FORM)
    page.click(".o_field_one2many .o_kanban_record:not(.o_kanban_ghost)")
    page.fill(".modal [name=qty_accepted] input", "20")
    page.fill(".modal [name=qty_concession] input", "4")
    # The reason is asked for as soon as the quantity stands.
    page.press("Tab", 9, "\t")
    page.fill(".modal [name=concession_reason] input", "标签轻微破损")
    page.screenshot("concession-phone-line")
    assert page.overflow() <= 0
    page.click(".modal .o_form_button_save")
    page.wait_until("!document.querySelector('.modal')")
    page.click("button[name=action_done]")
    page.wait_until("!document.querySelector('button[name=action_done]')")
    page.screenshot("concession-phone")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        one, other = env["jxc.receipt.inspection"].browse([desk, phone])
        assert (one.result, other.result) == ("partly", "concession")
        lines = (one | other).purchase_ids.order_line
        assert lines.mapped("jxc_qty_arrived") == [24, 24]
        assert sorted(lines.mapped("jxc_qty_accepted")) == [22, 24]
        assert sorted(lines.mapped("qty_to_invoice")) == [22, 24]
        product = env["product.product"].browse(bought["product"])
        inspected = env["jxc.receipt.inspection"].search([("state", "=", "done")])
        accepted = inspected.purchase_ids.order_line.mapped("jxc_qty_accepted")
        assert product.free_qty == sum(accepted)


def test_evaluate(browser, server, odoo_env, bought, rpc):
    """Compute, give the scores that people give, validate: the vendor has a grade."""
    today = date.today()
    with odoo_env(server.database) as env:
        env.company.jxc_vendor_four_eyes = False
        evaluation = env["jxc.vendor.evaluation"].create(
            {
                "partner_id": bought["vendor"],
                "date_from": today - timedelta(days=30),
                # Over, wherever in the world the test runs.
                "date_to": today - timedelta(days=2),
            }
        )
    page = browser(server, "look_manager")
    page.resize(DESKTOP)
    page.show(f"/odoo/vendor-evaluations/{evaluation.id}", FORM)
    page.click("button[name=action_compute]")
    page.wait_until(f"document.querySelectorAll({ROW!r}).length > 0")
    page.screenshot("evaluation-desk")
    # The server may still be computing; over RPC it repeats what collides with that.
    manager = rpc(server, "look_manager")
    manual = [("evaluation_id", "=", evaluation.id), ("kind", "=", "manual")]
    lines = manager.call("jxc.vendor.evaluation.line", "search", manual)
    manager.call("jxc.vendor.evaluation.line", "write", lines, {"my_score": 90})
    page.show(f"/odoo/vendor-evaluations/{evaluation.id}", FORM)
    page.click("button[name=action_validate]")
    page.click(".modal .btn-primary")
    page.wait_until("!document.querySelector('button[name=action_validate]')")
    page.resize(PHONE)
    page.show(f"/odoo/vendor-evaluations/{evaluation.id}", FORM)
    page.screenshot("evaluation-phone")
    assert page.overflow() <= 0
    assert page.problems == []
    with odoo_env(server.database) as env:
        found = env["jxc.vendor.evaluation"].browse(evaluation.id)
        assert found.state == "validated"
        assert found.grade in "abcd"


def test_trend_of_scores(browser, server, odoo_env, bought):
    """The chart draws the validated scores; a period without one is a gap."""
    with odoo_env(server.database) as env:
        env.company.jxc_vendor_four_eyes = False
        vendors = env["res.partner"].create(
            [{"name": "甲供应商"}, {"name": "乙供应商"}]
        )
        manager = env["res.users"].search([("login", "=", "look_manager")])
        expected = {"甲供应商": [80, None, 95], "乙供应商": [60, 70, None]}
        for vendor in vendors:
            for quarter, score in enumerate(expected[vendor.name], start=1):
                if score is None:
                    continue
                evaluation = env["jxc.vendor.evaluation"].with_user(manager)
                evaluation = evaluation.create(
                    {
                        "partner_id": vendor.id,
                        "date_from": f"2025-{quarter * 3 - 2:02}-01",
                        "date_to": f"2025-{quarter * 3:02}-28",
                    }
                )
                evaluation.action_compute()
                manual = evaluation.line_ids.filtered(lambda one: one.kind == "manual")
                manual.my_score = score
                evaluation.action_validate()
                assert evaluation.score == score
    page = browser(server, "look_manager")
    for size in (DESKTOP, PHONE):
        page.resize(size)
        page.show("/odoo/vendor-scores", ".o_graph_canvas_container canvas")
        page.wait_until("Chart.getChart(document.querySelector('canvas'))")
        drawn = page.evaluate(
            """Chart.getChart(document.querySelector('canvas')).data.datasets.map(
                one => [one.label, one.data])"""
        )
        page.screenshot(f"vendor-scores-{size[0]}")
        assert page.overflow() <= 0
        for vendor, scores in expected.items():
            # Other tests may have evaluated for other periods, too.
            [values] = [data for label, data in drawn if vendor in label]
            first = values.index(scores[0])
            assert values[first : first + 3] == scores, vendor
    assert page.problems == []


def test_budgets_on_the_phone(browser, server, bought):
    """Budget, its lines and the wizards fit on a phone."""
    page = browser(server, "look_manager")
    page.resize(PHONE)
    page.show(f"/odoo/purchase-budgets/{bought['budget']}", FORM)
    page.screenshot("budget-phone")
    assert page.overflow() <= 0
    page.show("/odoo/purchase-budget-lines", CARD)
    page.screenshot("budget-lines-phone")
    assert page.overflow() <= 0
    for number, wizard in enumerate(
        ("jxc_purchase_budget_carry_action", "jxc_purchase_budget_generate_action")
    ):
        page.show(f"/odoo/action-jxc_purchase.{wizard}", ".o_form_view")
        page.screenshot(f"budget-wizard-{number}-phone")
        assert page.overflow() <= 0
    # Leaving a wizard that nobody touched is no loss.
    problems = [one for one in page.problems if "beforeunload" not in one]
    assert problems == []
