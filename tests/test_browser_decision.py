# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""From the notification on the phone to a decision with a comment: two taps."""

import pytest

from approvers import create_boss_and_buyer, have_decided_by
from browser.page import PHONE

BOSS = "taps_boss"
INBOX = "/odoo/discuss?active_id=mail.box_inbox"
#: Model, preset of its approval, state once it is approved or rejected, reason.
KINDS = {
    "request": (
        "jxc.purchase.request",
        "request_amount",
        ("approved", "rejected"),
        "rejection_reason",
    ),
    "order": (
        "purchase.order",
        "order_amount",
        ("purchase", "to approve"),
        "review_ids.comment",
    ),
    "change": (
        "jxc.purchase.budget.transfer",
        "budget_change_amount",
        ("approved", "rejected"),
        "rejection_reason",
    ),
}


class Taps:
    """Counts what a finger does on a page."""

    def __init__(self, page):
        self.page = page
        self.count = 0

    def tap(self, selector):
        self.page.click(selector)
        self.count += 1


@pytest.fixture(scope="module")
def waiting(database, odoo_env):
    """Two documents of each kind that wait for the boss: {kind: ids}."""
    with odoo_env(database) as env:
        boss, buyer = create_boss_and_buyer(env, "taps")
        boss.notification_type = "inbox"
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
        vendor = env["res.partner"].create({"name": "广州南粤食品有限公司"})
        tea = env["product.product"].create({"name": "龙井茶", "is_storable": True})
        line = {"product_id": tea.id, "product_qty": 10, "price_unit": 65}
        addition = {"line_to_id": budget.line_ids.id, "amount": 500}
        values = {
            "request": {"line_ids": [(0, 0, line)]},
            "order": {"partner_id": vendor.id, "order_line": [(0, 0, line)]},
            "change": {
                "kind": "addition",
                "reason": "旺季备货",
                "line_ids": [(0, 0, addition)],
            },
        }
        made = {}
        for kind, (model, *_rest) in KINDS.items():
            documents = env[model].with_user(buyer)
            documents = documents.create([dict(values[kind]), dict(values[kind])])
            if kind == "order":
                documents.button_confirm()
            else:
                documents.action_submit()
            made[kind] = documents.ids
        return made


@pytest.mark.parametrize("kind", KINDS)
def test_two_taps(browser, server, database, odoo_env, waiting, kind):
    """One tap on the message's link, a comment, one tap on what is decided."""
    model, _preset, states, reason = KINDS[kind]
    page = browser(server, BOSS)
    page.resize(PHONE)
    for id_, decision, comment in zip(
        waiting[kind], ("approve", "reject"), ("同意", "价格太高"), strict=True
    ):
        with odoo_env(database) as env:
            document = env[model].browse(id_)
            review = document.review_ids
            before = document.state
        page.show(INBOX, ".o-mail-Message")
        taps = Taps(page)
        page.screenshot(f"taps-{kind}-inbox")
        taps.tap(f".o-mail-Message a[href$='/odoo/{review.id}/decide-approval']")
        # Nothing has to be tapped to write: what is typed now is the comment.
        page.wait_until("document.activeElement.matches('[name=comment] textarea')")
        page.type(comment)
        page.screenshot(f"taps-{kind}-{decision}")
        assert page.overflow() <= 0
        with odoo_env(database) as env:
            assert env[model].browse(id_).state == before, "a link changes nothing"
        taps.tap(f"button[name=action_{decision}]")
        page.wait_until("!document.querySelector('.o_jxc_decision')")
        page.wait_for(".o_form_view .o_form_sheet")
        assert taps.count == 2
        with odoo_env(database) as env:
            document = env[model].browse(id_)
            assert document.state == states[decision == "reject"]
            assert document.review_ids.comment == comment
            if decision == "reject":
                assert comment in document.mapped(reason)
    assert page.problems == []


def test_the_link_in_a_mail_asks_who_it_is(server, odoo_env, database, waiting):
    """Without a session the link leads to the login, and decides nothing."""
    from urllib.request import urlopen

    with odoo_env(database) as env:
        review = env["purchase.order"].browse(waiting["order"]).review_ids[:1]
    with urlopen(f"{server.url}/odoo/{review.id}/decide-approval") as answer:
        assert "/web/login" in answer.url
