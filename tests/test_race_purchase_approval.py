# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two people decide, submit or confirm at the same moment, over HTTP."""

import xmlrpc.client
from datetime import date, datetime, timedelta

import pytest

from clients import Refused
from races import at_once

ROUNDS = 6
CLIENTS = 8
BUYER = "race_buyer"


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """People who buy and decide, a product, a company that blocks duplicates."""
    with odoo_env(database) as env:
        groups = {
            BUYER: ["purchase.group_purchase_user"],
            "race_boss": ["jxc_base.group_executive"],
            "race_finance": ["jxc_base.group_executive"],
        }
        users = {
            login: env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "group_ids": [(6, 0, [env.ref(name).id for name in names])],
                }
            )
            for login, names in groups.items()
        }
        vendor = env["res.partner"].create({"name": "Race Vendor"})
        products = env["product.product"].create(
            [
                {"name": f"Race Tea {n}", "is_storable": True, "purchase_ok": True}
                for n in range(2 * ROUNDS + 1)
            ]
        )
        env.company.jxc_duplicate_control = "off"
        env.company.jxc_duplicate_rfq = False
        return {
            "users": {login: user.id for login, user in users.items()},
            "vendor": vendor.id,
            "products": products.ids,
        }


def test_two_reviewers_at_once(serve, json2, database, odoo_env, world):
    """Both tiers are decided in one moment: the order is confirmed, once."""
    with odoo_env(database) as env:
        tiers = env["tier.definition"].create(
            [
                {
                    "name": login,
                    "model_id": env["ir.model"]._get_id("purchase.order"),
                    "review_type": "individual",
                    "reviewer_id": world["users"][login],
                    "definition_domain": "[]",
                    "company_id": False,
                }
                for login in ("race_boss", "race_finance")
            ]
        )
        orders = (
            env["purchase.order"]
            .with_user(world["users"][BUYER])
            .create([_order(world, world["products"][-1], n) for n in range(ROUNDS)])
        )
        orders.button_confirm()
        assert set(orders.mapped("state")) == {"to approve"}
        order_ids = orders.ids
    with serve(database, workers=4) as server:
        clients = [json2(server, login) for login in ("race_boss", "race_finance")]
        for order_id in order_ids:
            at_once(
                2,
                lambda n, order_id=order_id: clients[n].call(
                    "purchase.order", "action_jxc_approve", ids=[order_id]
                ),
            )
    with odoo_env(database) as env:
        orders = env["purchase.order"].browse(order_ids)
        assert set(orders.review_ids.mapped("status")) == {"approved"}
        assert set(orders.mapped("state")) == {"purchase"}, "the later one was last"
        assert [len(order.picking_ids) for order in orders] == [1] * ROUNDS
        tiers.with_env(env).active = False


def test_one_reviewer_twice_at_once(serve, json2, database, odoo_env, world):
    """Approve and reject of one review in one moment: one of them counts."""
    with odoo_env(database) as env:
        tier = env["tier.definition"].create(
            {
                "name": "Boss",
                "model_id": env["ir.model"]._get_id("purchase.order"),
                "review_type": "individual",
                "reviewer_id": world["users"]["race_boss"],
                "definition_domain": "[]",
                "company_id": False,
            }
        )
        orders = (
            env["purchase.order"]
            .with_user(world["users"][BUYER])
            .create([_order(world, world["products"][-1], n) for n in range(ROUNDS)])
        )
        orders.button_confirm()
        order_ids = orders.ids
    with serve(database, workers=4) as server:
        client = json2(server, "race_boss")

        def decide(number, order_id):
            method = ("validate_tier", "reject_tier")[number]
            try:
                client.call("purchase.order", method, ids=[order_id])
            except Refused as refusal:
                return refusal.message
            return None

        for order_id in order_ids:
            faults = at_once(2, lambda n, order_id=order_id: decide(n, order_id))
            refused = [fault for fault in faults if fault]
            assert len(refused) == 1, faults
            assert "nothing for you to decide" in refused[0]
    with odoo_env(database) as env:
        for order in env["purchase.order"].browse(order_ids):
            status = order.review_ids.status
            assert (status, order.state) in (
                ("approved", "purchase"),
                ("rejected", "to approve"),
            )
        tier.with_env(env).active = False


def test_the_same_need_is_ordered_once(serve, json2, database, odoo_env, world):
    """Eight buyers confirm orders for one product at once: one gets through."""
    with odoo_env(database) as env:
        env.company.jxc_duplicate_control = "block"
        batches = {
            product_id: env["purchase.order"]
            .create([_order(world, product_id, n) for n in range(CLIENTS)])
            .ids
            for product_id in world["products"][:ROUNDS]
        }
    faults = []
    with serve(database, workers=4) as server:
        client = json2(server, BUYER)
        for order_ids in batches.values():
            faults += at_once(
                CLIENTS,
                lambda n, ids=order_ids: _try(
                    client, "purchase.order", "button_confirm", ids[n]
                ),
            )
    unexpected = [text for text in faults if text and "not delivered yet" not in text]
    assert unexpected == [], "only the comparison may refuse"
    with odoo_env(database) as env:
        for order_ids in batches.values():
            states = env["purchase.order"].browse(order_ids).mapped("state")
            assert states.count("purchase") == 1, states
        env.company.jxc_duplicate_control = "off"


def test_the_same_need_is_requested_once(serve, json2, database, odoo_env, world):
    """Eight people submit requests for one product at once: one gets through."""
    with odoo_env(database) as env:
        env.company.jxc_duplicate_control = "block"
        batches = {
            product_id: env["jxc.purchase.request"]
            .with_user(world["users"][BUYER])
            .create(
                [
                    {
                        "date_required": date.today(),
                        "line_ids": [
                            (0, 0, {"product_id": product_id, "product_qty": 5})
                        ],
                    }
                    for _number in range(CLIENTS)
                ]
            )
            .ids
            for product_id in world["products"][ROUNDS : 2 * ROUNDS]
        }
    faults = []
    with serve(database, workers=4) as server:
        client = json2(server, BUYER)
        for ids in batches.values():
            faults += at_once(
                CLIENTS,
                lambda n, ids=ids: _try(
                    client, "jxc.purchase.request", "action_submit", ids[n]
                ),
            )
    unexpected = [text for text in faults if text and "open in request" not in text]
    assert unexpected == [], "only the comparison may refuse"
    with odoo_env(database) as env:
        for ids in batches.values():
            states = env["jxc.purchase.request"].browse(ids).mapped("decision")
            assert states.count("submitted") == 1, states
        env.company.jxc_duplicate_control = "off"


def test_one_need_is_not_split_over_direct_orders(
    serve, rpc, database, odoo_env, world
):
    """Halves of one need, confirmed at once over XML-RPC: only one keeps the limit.

    Of the same vendor, or of the same product from two vendors; orders that are
    confirmed already are widened in the same moment as the next one is confirmed.
    """
    with odoo_env(database) as env:
        company = env.company
        before = company.read(["jxc_direct_policy", "jxc_direct_limit"])[0]
        company.write(
            {
                "jxc_direct_policy": "limit",
                "jxc_direct_limit": 1000,
                "jxc_direct_days": 7,
                "jxc_direct_scope": "any",
            }
        )
        rounds = []
        for number in range(2 * ROUNDS):
            vendors = env["res.partner"].create(
                [{"name": f"Half {number} {half}"} for half in range(2)]
            )
            products = env["product.product"].create(
                [{"name": f"Half {number} {half}"} for half in range(2)]
            )
            halves = [(vendors[0], products[0]), (vendors[0], products[1])]
            if number % 2:
                halves = [(vendors[0], products[0]), (vendors[1], products[0])]
            halves = env["purchase.order"].create(
                [
                    {
                        "partner_id": vendor.id,
                        "jxc_procurement_mode": "direct",
                        "order_line": [
                            (
                                0,
                                0,
                                {
                                    "product_id": product.id,
                                    "product_qty": 6,
                                    "price_unit": 100,
                                    "tax_ids": [(5,)],
                                },
                            )
                        ],
                    }
                    for vendor, product in halves
                ]
            )
            if number % 3 == 0:
                halves[0].order_line.product_qty = 3
                halves[0].button_confirm()
            rounds.append(halves.ids)
        lines = {
            order.id: order.order_line.ids
            for order in env["purchase.order"].browse(sum(rounds, []))
        }
    with serve(database, workers=4) as server:
        rpc(server, BUYER)  # sets the password once
        clients = [rpc(server, BUYER) for _number in range(2)]

        def work(number, halves, widens):
            try:
                if widens and number == 0:
                    clients[0].call(
                        "purchase.order.line",
                        "write",
                        lines[halves[0]],
                        {"product_qty": 6},
                    )
                else:
                    clients[number].call(
                        "purchase.order", "button_confirm", [halves[number]]
                    )
            except xmlrpc.client.Fault as fault:
                return fault.faultString
            return None

        faults = [
            at_once(
                2,
                lambda number, halves=halves, place=place: work(
                    number, halves, place % 3 == 0
                ),
            )
            for place, halves in enumerate(rounds)
        ]
    for pair in faults:
        refused = [fault for fault in pair if fault]
        assert len(refused) == 1, pair
        assert "untaxed would be bought" in refused[0]
    with odoo_env(database) as env:
        for halves in rounds:
            orders = env["purchase.order"].browse(halves)
            bought = orders.filtered(lambda order: order.state == "purchase")
            assert sum(bought.mapped("amount_untaxed")) <= 1000, halves
        env.company.write(
            {name: value for name, value in before.items() if name != "id"}
        )


def _order(world, product_id, number):
    line = {
        "product_id": product_id,
        "product_qty": 1 + number,
        "price_unit": 100,
        "date_planned": datetime.now() + timedelta(days=3),
    }
    return {"partner_id": world["vendor"], "order_line": [(0, 0, line)]}


def _try(client, model, method, id_):
    """Return the text of the refusal, or None."""
    try:
        client.call(model, method, ids=[id_])
    except Refused as refusal:
        return refusal.message
    return None
