# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many people give goods of one warehouse away at the same time."""

import pytest

from clients import Refused
from races import at_once

CLIENTS = 8
ON_HAND = 100
SAFETY = 70
EACH = 10


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """A warehouse whose goods are not on its shelves yet, and a keeper.

    Nobody can reserve them, so no row of stock makes one transfer wait for another.
    """
    with odoo_env(database) as env:
        # the first allocation would wake it up, and the others would wait for that
        env.company.internal_transit_location_id.active = True
        warehouse = env["stock.warehouse"].create(
            {"name": "Giver", "code": "RGV", "jxc_alert_defaults": True}
        )
        others = env["stock.warehouse"].create(
            [
                {"name": f"Taker {n}", "code": f"RT{n}", "jxc_alert_defaults": False}
                for n in range(CLIENTS)
            ]
        )
        dock = env["stock.location"].create(
            {"name": "Race Dock", "location_id": warehouse.view_location_id.id}
        )
        env["res.users"].create(
            {
                "name": "Race Keeper",
                "login": "race_keeper",
                "group_ids": [(6, 0, [env.ref("stock.group_stock_user").id])],
            }
        )
        return {
            "warehouse": warehouse.id,
            "others": others.ids,
            "dock": dock.id,
        }


@pytest.fixture(scope="module")
def client(serve, json2, database, world):
    """A JSON-2 client of the keeper, on a server with four processes."""
    with serve(database, workers=4) as server:
        yield json2(server, "race_keeper")


def _goods(env, world):
    product = env["product.product"].create(
        {
            "name": "Race Goods",
            "is_storable": True,
            "purchase_ok": False,
            # no reordering rule: the platform writes on those, which would do as a lock
            "jxc_safety_stock": SAFETY,
        }
    )
    dock = env["stock.location"].browse(world["dock"])
    env["stock.quant"]._update_available_quantity(product, dock, ON_HAND)
    return product


def _rule(env, product, warehouses):
    """Each of these warehouses wants ten."""
    return env["stock.warehouse.orderpoint"].create(
        [
            {
                "product_id": product.id,
                "warehouse_id": target.id,
                "location_id": target.lot_stock_id.id,
                "product_min_qty": EACH,
                "product_max_qty": EACH,
                "trigger": "manual",
            }
            for target in warehouses
        ]
    )


def _open_alerts(env, world, product):
    """What is missing in the warehouses that take."""
    return env["jxc.stock.alert"].search(
        [
            ("product_id", "=", product.id),
            ("warehouse_id", "in", world["others"]),
            ("state", "!=", "closed"),
        ]
    )


def _left(env, world, product):
    """What the forecast leaves to the warehouse."""
    return product.with_context(warehouse_id=world["warehouse"]).virtual_available


def test_allocations_keep_the_safety_stock(client, database, odoo_env, world):
    """Of eight allocations of ten, each to another warehouse, three fit."""
    with odoo_env(database) as env:
        product_id = _goods(env, world).id
        allocations = env["jxc.stock.allocation"].create(
            [
                {
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": product_id,
                                "source_id": world["warehouse"],
                                "target_id": target,
                                "quantity": EACH,
                            },
                        )
                    ]
                }
                for target in world["others"]
            ]
        )
        ids = allocations.ids

    def confirm(number):
        try:
            client.call("jxc.stock.allocation", "action_confirm", ids=[ids[number]])
        except Refused as refusal:
            return refusal.message
        return ""

    faults = [fault for fault in at_once(CLIENTS, confirm) if fault]
    assert all("Race Goods" in fault for fault in faults), faults
    with odoo_env(database) as env:
        states = env["jxc.stock.allocation"].browse(ids).mapped("state")
        assert states.count("confirmed") == CLIENTS - len(faults) == 3
        product = env["product.product"].browse(product_id)
        assert _left(env, world, product) == SAFETY


def test_a_proposal_is_accepted_once(client, database, odoo_env, world):
    """Eight clients accept the same proposed transfers: one delivery, one receipt."""
    with odoo_env(database) as env:
        product = _goods(env, world)
        target = env["stock.warehouse"].browse(world["others"][0])
        _rule(env, product, target)
        allocation = env["jxc.stock.allocation"].create(
            {
                "product_ids": [(6, 0, product.ids)],
                "target_ids": [(6, 0, target.ids)],
            }
        )
        allocation.action_suggest()
        assert allocation.line_ids.quantity == EACH
        allocation_id = allocation.id

    def accept(_number):
        try:
            client.call("jxc.stock.allocation", "action_confirm", ids=[allocation_id])
        except Refused as refusal:
            return refusal.message
        return ""

    faults = [fault for fault in at_once(CLIENTS, accept) if fault]
    assert len(faults) == CLIENTS - 1
    assert all("no draft" in fault for fault in faults), faults
    with odoo_env(database) as env:
        allocation = env["jxc.stock.allocation"].browse(allocation_id)
        moves = allocation.line_ids.move_ids
        assert moves.mapped("product_uom_qty") == [EACH] * 2
        assert len(allocation.picking_ids) == 2


def test_an_alert_is_answered_once(client, database, odoo_env, world):
    """Eight clients answer the same alert: one allocation, the others are told which.

    Whoever takes note of it comes first or later, and is the only one who is named.
    """
    with odoo_env(database) as env:
        product = _goods(env, world)
        _rule(env, product, env["stock.warehouse"].browse(world["others"][0]))
        env["jxc.stock.alert"].scan()
        alert = _open_alerts(env, world, product)
        product_id, alert_id = product.id, alert.id
        assert len(alert) == 1

    def answer(number):
        method = "action_acknowledge" if number % 4 == 0 else "action_replenish"
        try:
            client.call("jxc.stock.alert", method, ids=[alert_id])
        except Refused as refusal:
            return refusal.message
        return method

    answers = at_once(CLIENTS, answer)
    assert answers.count("action_acknowledge") == CLIENTS / 4, answers
    assert answers.count("action_replenish") == 1, answers
    with odoo_env(database) as env:
        alert = env["jxc.stock.alert"].browse(alert_id)
        allocation = env[alert.res_model].browse(alert.res_id)
        refused = [text for text in answers if not text.startswith("action_")]
        assert all(allocation.name in text for text in refused), answers
        assert alert.state == "acknowledged"
        assert alert.acknowledged_by_id.login == "race_keeper"
        lines = env["jxc.stock.allocation.line"].search(
            [("product_id", "=", product_id)]
        )
        assert lines.allocation_id == allocation
        assert lines.quantity == EACH


def test_alerts_take_from_the_surplus_once(client, database, odoo_env, world):
    """Eight alerts of eight warehouses are answered at once: the surplus is given
    away once."""
    with odoo_env(database) as env:
        product = _goods(env, world)
        product_id = product.id
        _rule(env, product, env["stock.warehouse"].browse(world["others"]))
        env["jxc.stock.alert"].scan()
        ids = _open_alerts(env, world, product).ids
        assert len(ids) == CLIENTS

    def replenish(number):
        try:
            client.call("jxc.stock.alert", "action_replenish", ids=[ids[number]])
        except Refused as refusal:
            return refusal.message
        return ""

    faults = [fault for fault in at_once(CLIENTS, replenish) if fault]
    assert all("Race Goods" in fault for fault in faults), faults
    with odoo_env(database) as env:
        assert len(faults) == CLIENTS - 3
        product = env["product.product"].browse(product_id)
        assert _left(env, world, product) == SAFETY
