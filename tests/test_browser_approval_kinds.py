# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Requests and budget changes are decided on the phone in two taps as well."""

import pytest

from approvers import create_boss_and_buyer, have_decided_by
from browser.page import PHONE

BOSS = "kinds_boss"
FORM = ".o_form_view .o_form_sheet"
#: What each kind is approved by, and rejected with: model, tier, buttons, window.
KINDS = {
    "request": (
        "jxc.purchase.request",
        "request_amount",
        ("action_approve", "action_reject"),
        ("[name=reason] textarea", "action_reject"),
        "rejection_reason",
    ),
    "change": (
        "jxc.purchase.budget.transfer",
        "budget_change_amount",
        ("action_jxc_approve", "action_jxc_reject"),
        ("textarea", "add_comment"),
        "rejection_reason",
    ),
}


@pytest.fixture(scope="module")
def waiting(database, odoo_env):
    """Two requests and two budget changes of a buyer that wait for the boss."""
    with odoo_env(database) as env:
        boss, buyer = create_boss_and_buyer(env, "kinds")
        for _model, preset, *_rest in KINDS.values():
            have_decided_by(boss, preset)
        budget = env["jxc.purchase.budget"].create(
            {
                "name": "茶叶预算",
                "date_from": "2020-01-01",
                "date_to": "2049-12-31",
                "line_ids": [(0, 0, {"amount_planned": 90000})],
            }
        )
        budget.action_confirm()
        tea = env["product.product"].create({"name": "龙井茶", "is_storable": True})
        line = {"product_id": tea.id, "product_qty": 10, "price_unit": 65}
        addition = {"line_to_id": budget.line_ids.id, "amount": 500}
        made = {
            "request": [{"line_ids": [(0, 0, dict(line))]}] * 2,
            "change": [
                {
                    "kind": "addition",
                    "reason": "旺季备货",
                    "line_ids": [(0, 0, dict(addition))],
                }
            ]
            * 2,
        }
        for kind, values in made.items():
            documents = env[KINDS[kind][0]].with_user(buyer).create(values)
            documents.action_submit()
            notes = documents.sudo().message_ids.notified_partner_ids
            assert boss.partner_id in notes, f"the boss is notified of a {kind}"
            made[kind] = documents.ids
        return made


def test_decide_on_the_phone(browser, server, database, odoo_env, waiting):
    """One tap approves what the notification opens; two and a comment reject it."""
    page = browser(server, BOSS)
    page.resize(PHONE)
    for kind, (model, _tier, buttons, (field, confirm), reason) in KINDS.items():
        approve, reject = (f"button[name={name}]" for name in buttons)
        first, second = waiting[kind]
        page.show(f"/mail/view?model={model}&res_id={first}", FORM)
        page.screenshot(f"approval-{kind}-phone")
        assert page.overflow() <= 0
        page.click(approve)
        page.wait_until(f"!document.querySelector('{approve}')")
        page.show(f"/mail/view?model={model}&res_id={second}", FORM)
        page.click(reject)
        page.fill(f".modal {field}", "价格太高")
        page.screenshot(f"approval-{kind}-reject-phone")
        page.click(f".modal button[name={confirm}].btn-danger")
        page.wait_until("!document.querySelector('.modal')")
        with odoo_env(database) as env:
            found = env[model].browse([first, second])
            assert found.mapped("state") == ["approved", "rejected"]
            assert found[1][reason] == "价格太高"
    assert page.problems == []
