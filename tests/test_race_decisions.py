# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two people decide or change the same document at the same moment, over XML-RPC."""

import xmlrpc.client
from datetime import date, timedelta

import pytest

from races import at_once

ROUNDS = 5
PLANNED = 1000.0
#: Who decides, and who asks.
DECIDERS = ("decider_one", "decider_two")
ASKER = "asker"


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """Two who may decide on everything, one who asks, and a budget of two lines."""
    with odoo_env(database) as env:
        decides = env.ref("jxc_base.group_budget_manager")
        decides += env.ref("purchase.group_purchase_manager")
        decides += env.ref("jxc_purchase.group_request_approver")
        env["res.users"].create(
            [
                {"name": login, "login": login, "group_ids": [(6, 0, groups.ids)]}
                for login, groups in (
                    *((login, decides) for login in DECIDERS),
                    (ASKER, env.ref("purchase.group_purchase_user")),
                )
            ]
        )
        env.company.jxc_duplicate_control = "off"
        env["tier.definition"].search([]).active = False
        plan = env["account.analytic.plan"].create({"name": "Race"})
        accounts = env["account.analytic.account"].create(
            [{"name": f"Shop {n}", "plan_id": plan.id} for n in range(2)]
        )
        today = date.today()
        budget = env["jxc.purchase.budget"].create(
            {
                "name": "Race",
                "date_from": today - timedelta(days=30),
                "date_to": today + timedelta(days=30),
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "analytic_account_id": account.id,
                            "amount_planned": PLANNED * 10,
                        },
                    )
                    for account in accounts
                ],
            }
        )
        budget.action_confirm()
        product = env["product.product"].create(
            {"name": "Race Tea", "supplier_taxes_id": False}
        )
        return {
            "accounts": accounts.ids,
            "budget": budget.id,
            "lines": budget.line_ids.ids,
            "product": product.id,
            "vendor": env["res.partner"].create({"name": "Race Vendor"}).id,
        }


@pytest.fixture(scope="module")
def clients(serve, rpc, database, world):
    """``{login: client}`` of one running server."""
    with serve(database, workers=4) as server:
        yield {login: rpc(server, login) for login in (*DECIDERS, ASKER)}


def _changes(env, world, amount=10.0, tiers=False):
    """Submitted transfers from the first to the second budget line."""
    asker = env["res.users"].search([("login", "=", ASKER)])
    source, target = world["lines"]
    changes = (
        env["jxc.purchase.budget.transfer"]
        .with_user(asker)
        .create(
            [
                {
                    "kind": "transfer",
                    "reason": "Needed",
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "line_from_id": source,
                                "line_to_id": target,
                                "amount": amount,
                            },
                        )
                    ],
                }
            ]
            * ROUNDS
        )
    )
    changes.action_submit()
    assert bool(changes.sudo().review_ids) == tiers
    return changes


def _requests(env, world, tiers=False):
    """Submitted requests of 10 each on the first analytic account."""
    asker = env["res.users"].search([("login", "=", ASKER)])
    line = {
        "product_id": world["product"],
        "product_qty": 1,
        "price_unit": 10,
        "analytic_distribution": {str(world["accounts"][0]): 100},
    }
    requests = (
        env["jxc.purchase.request"]
        .with_user(asker)
        .create([{"date_required": date.today(), "line_ids": [(0, 0, line)]}] * ROUNDS)
    )
    requests.action_submit()
    assert bool(requests.sudo().review_ids) == tiers
    return requests


MAKERS = {
    "jxc.purchase.budget.transfer": _changes,
    "jxc.purchase.request": _requests,
}


def _call(client, model, method, ids, *arguments):
    """Return the text of the refusal, or None."""
    try:
        client.call(model, method, ids, *arguments)
    except xmlrpc.client.Fault as fault:
        # Done and committed; only the answer has no form in XML-RPC.
        if "cannot marshal None" in fault.faultString:
            return None
        return fault.faultString
    return None


def _check_budget(env, world):
    """Nothing is counted twice or lost."""
    lines = env["jxc.purchase.budget.line"].browse(world["lines"])
    moved = env["jxc.purchase.budget.transfer.line"].search(
        [("transfer_id.state", "=", "approved")]
    )
    total = sum(moved.mapped("amount"))
    assert lines.mapped("amount_adjusted") == pytest.approx([-total, total])
    assert lines.budget_id.action_recompute_check() == []
    return total


@pytest.mark.parametrize("model", MAKERS)
@pytest.mark.parametrize(
    ("second", "states"),
    [
        (("action_approve",), {"approved"}),
        (("action_reject", "Too late"), {"approved", "rejected"}),
    ],
)
def test_two_decide_at_once(database, odoo_env, clients, world, model, second, states):
    """One of two decisions counts, and the other one is told what was decided."""
    with odoo_env(database) as env:
        before = _check_budget(env, world)
        ids = MAKERS[model](env, world).ids
    for id_ in ids:
        work = (("action_approve",), second)
        faults = at_once(
            2,
            lambda n, id_=id_, work=work: _call(
                clients[DECIDERS[n]], model, work[n][0], [id_], *work[n][1:]
            ),
        )
        refused = [fault for fault in faults if fault]
        assert len(refused) == 1, faults
        assert "this is for" in refused[0]
    with odoo_env(database) as env:
        made = env[model].browse(ids)
        assert set(made.mapped("state")) <= states
        approved = made.filtered(lambda one: one.state == "approved")
        after = _check_budget(env, world)
        if model == "jxc.purchase.budget.transfer":
            assert after - before == pytest.approx(10.0 * len(approved))


@pytest.mark.parametrize("model", MAKERS)
def test_two_tiers_at_once(database, odoo_env, clients, world, model):
    """Both tiers are decided in one moment: the document is approved, once."""
    with odoo_env(database) as env:
        tiers = env["tier.definition"].create(
            [
                {
                    "name": login,
                    "model_id": env["ir.model"]._get_id(model),
                    "review_type": "individual",
                    "reviewer_id": env["res.users"].search([("login", "=", login)]).id,
                    "definition_domain": "[]",
                    "company_id": False,
                }
                for login in DECIDERS
            ]
        )
        before = _check_budget(env, world)
        ids = MAKERS[model](env, world, tiers=True).ids
    for id_ in ids:
        faults = at_once(
            2,
            lambda n, id_=id_: _call(
                clients[DECIDERS[n]], model, "action_approve", [id_]
            ),
        )
        assert faults == [None, None]
    with odoo_env(database) as env:
        assert set(env[model].browse(ids).mapped("state")) == {"approved"}
        after = _check_budget(env, world)
        if model == "jxc.purchase.budget.transfer":
            assert after - before == pytest.approx(10.0 * ROUNDS)
        tiers.with_env(env).active = False


@pytest.mark.parametrize("model", MAKERS)
def test_asker_gives_up_while_it_is_approved(database, odoo_env, clients, world, model):
    """Approved or cancelled; only buyers cancel what is approved already."""
    with odoo_env(database) as env:
        before = _check_budget(env, world)
        ids = MAKERS[model](env, world).ids
    both = set()
    for id_ in ids:
        work = (("action_approve", DECIDERS[0]), ("action_cancel", ASKER))
        faults = at_once(
            2,
            lambda n, id_=id_, work=work: _call(
                clients[work[n][1]], model, work[n][0], [id_]
            ),
        )
        refused = [fault for fault in faults if fault]
        assert len(refused) <= 1, faults
        assert all("this is for" in fault for fault in refused)
        both |= set() if refused else {id_}
    assert not both or model == "jxc.purchase.request"
    with odoo_env(database) as env:
        made = env[model].browse(ids)
        assert set(made.mapped("state")) <= {"approved", "cancelled"}
        assert set(env[model].browse(both).mapped("state")) <= {"cancelled"}
        after = _check_budget(env, world)
        if model == "jxc.purchase.budget.transfer":
            approved = made.filtered(lambda one: one.state == "approved")
            assert after - before == pytest.approx(10.0 * len(approved))


def test_one_line_is_not_given_away_twice(database, odoo_env, clients, world):
    """Two changes that each take most of what a line has left: one gets through."""
    with odoo_env(database) as env:
        line = env["jxc.purchase.budget.line"].browse(world["lines"][0])
        left = line.amount_available
        ids = _changes(env, world, amount=round(left * 0.6, 2)).ids[:2]
    faults = at_once(
        2,
        lambda n: _call(
            clients[DECIDERS[n]],
            "jxc.purchase.budget.transfer",
            "action_approve",
            [ids[n]],
        ),
    )
    refused = [fault for fault in faults if fault]
    assert len(refused) == 1, faults
    assert "Race" in refused[0], "it names the budget"
    with odoo_env(database) as env:
        _check_budget(env, world)
        line = env["jxc.purchase.budget.line"].browse(world["lines"][0])
        assert line.amount_available == pytest.approx(left - round(left * 0.6, 2))


@pytest.mark.parametrize("change", ["quantity", "line", "account", "mode"])
def test_a_direct_order_is_changed_while_it_is_confirmed(
    database, odoo_env, clients, world, change
):
    """What was not judged is never confirmed: limit, budget and mode hold."""
    with odoo_env(database) as env:
        env.company.write(
            {
                "jxc_direct_policy": "limit",
                "jxc_direct_limit": 100,
                "jxc_direct_days": 0,
            }
        )
        line = {
            "product_id": world["product"],
            "product_qty": 9,
            "price_unit": 10,
            "tax_ids": [(5,)],
            "analytic_distribution": {str(world["accounts"][0]): 100},
        }
        mode = "urgent" if change == "mode" else "direct"
        orders = env["purchase.order"].create(
            [
                {
                    "partner_id": world["vendor"],
                    "jxc_procurement_mode": "direct",
                    "order_line": [(0, 0, line)],
                }
            ]
            * ROUNDS
        )
        pairs = [(order.id, order.order_line.id) for order in orders]
    account = {str(world["accounts"][1]): 100}
    values = {
        "quantity": lambda order, line_id: (
            "purchase.order.line",
            line_id,
            {"product_qty": 12},
        ),
        "line": lambda order, line_id: (
            "purchase.order",
            order,
            {"order_line": [(0, 0, {**line, "product_qty": 3})]},
        ),
        "account": lambda order, line_id: (
            "purchase.order.line",
            line_id,
            {"analytic_distribution": account},
        ),
        "mode": lambda order, line_id: (
            "purchase.order",
            order,
            {"jxc_procurement_mode": mode},
        ),
    }[change]
    for order_id, line_id in pairs:
        model, id_, vals = values(order_id, line_id)
        work = (
            (DECIDERS[0], "purchase.order", "button_confirm", [order_id]),
            (DECIDERS[1], model, "write", [id_], vals),
        )
        faults = at_once(
            2, lambda n, work=work: _call(clients[work[n][0]], *work[n][1:])
        )
        texts = " ".join(fault for fault in faults if fault)
        assert "serialize" not in texts and "concurrent" not in texts, faults
    with odoo_env(database) as env:
        env.company.jxc_direct_policy = "free"
        for order in env["purchase.order"].browse([pair[0] for pair in pairs]):
            if order.state == "purchase" and order.jxc_procurement_mode == "direct":
                assert order.amount_untaxed <= 100
            if order.jxc_procurement_mode == "urgent":
                urgent = env["jxc.purchase.urgent"].search(
                    [("order_id", "=", order.id)]
                )
                assert bool(urgent) == (order.state == "purchase")
        _check_budget(env, world)
        orders = env["purchase.order"].browse([pair[0] for pair in pairs])
        orders.button_cancel()
        _check_budget(env, world)
