# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many clients deliver, reserve and freeze the same goods at the same time."""

import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

ON_HAND = 10
CLIENTS = 8


@pytest.fixture(scope="module")
def stock(database, odoo_env):
    """Return a function: a new product with ten pieces, and transfers of it."""

    def create(env, deliveries=0, **values):
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        shelf = warehouse.lot_stock_id
        customers = env.ref("stock.stock_location_customers")
        product = env["product.product"].create(
            {"name": "Race Goods", "is_storable": True, **values}
        )
        env["stock.quant"]._update_available_quantity(product, shelf, ON_HAND)
        quant = env["stock.quant"].search([("product_id", "=", product.id)])
        move = {
            "product_id": product.id,
            "product_uom_qty": 2,
            "location_id": shelf.id,
            "location_dest_id": customers.id,
        }
        pickings = env["stock.picking"].create(
            [
                {
                    "picking_type_id": warehouse.out_type_id.id,
                    "location_id": shelf.id,
                    "location_dest_id": customers.id,
                    "move_ids": [(0, 0, dict(move))],
                }
                for _number in range(deliveries)
            ]
        )
        pickings.move_ids.write({"state": "confirmed"})
        return product, quant, pickings

    return create


@pytest.fixture(scope="module")
def running(serve, rpc, database):
    """A server with four processes; its admin has the test password."""
    with serve(database, workers=4) as server:
        rpc(server)
        yield server


def _state(env, product):
    """(on hand, reserved, frozen) of a product in its places."""
    quants = env["stock.quant"].search(
        [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
    )
    fields = ("quantity", "reserved_quantity", "jxc_frozen_quantity")
    return tuple(sum(quants.mapped(name)) for name in fields)


def _call(server, model, method, *arguments):
    """Call as a client of its own; return the message when it is refused."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    try:
        client.call(model, method, *arguments)
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return ""


def test_blocked_stock_never_gets_negative(running, database, odoo_env, stock):
    """Of eight deliveries of two, each done without a reservation, five fit."""
    with odoo_env(database) as env:
        product, _quant, pickings = stock(env, CLIENTS, jxc_negative_stock="block")
        pickings.move_ids.write({"quantity": 2, "picked": True})
        # What counts is what is there, not what was reserved for whom.
        env["stock.quant"].search([("product_id", "=", product.id)]).sudo().write(
            {"reserved_quantity": 0}
        )
        ids = pickings.ids

    def deliver(number):
        return _call(running, "stock.picking", "button_validate", [ids[number]])

    faults = [fault for fault in at_once(CLIENTS, deliver) if fault]
    assert all("Race Goods" in fault for fault in faults), faults
    with odoo_env(database) as env:
        product = product.with_env(env)
        done = env["stock.picking"].search_count(
            [("id", "in", ids), ("state", "=", "done")]
        )
        assert _state(env, product)[0] == ON_HAND - 2 * done >= 0
        assert len(faults) == CLIENTS - done, "nobody was refused by a race only"
        assert done == ON_HAND / 2


def test_frozen_goods_are_not_delivered(running, database, odoo_env, stock):
    """Four clients freeze two, four deliver two; ten are there."""
    with odoo_env(database) as env:
        product, quant, pickings = stock(env, CLIENTS // 2)
        pickings.move_ids.write({"quantity": 2, "picked": True})
        quant.sudo().write({"reserved_quantity": 0})
        ids, quant_id = pickings.ids, quant.id

    def run(number):
        if number % 2:
            arguments = [quant_id], 2, "Race"
            return _call(running, "stock.quant", "action_jxc_freeze", *arguments)
        picking_id = ids[number // 2]
        return _call(running, "stock.picking", "button_validate", [picking_id])

    faults = [fault for fault in at_once(CLIENTS, run) if fault]
    assert all("Race Goods" in fault for fault in faults), faults
    with odoo_env(database) as env:
        product = product.with_env(env)
        on_hand, _reserved, frozen = _state(env, product)
        log = env["jxc.stock.freeze"].search([("product_id", "=", product.id)])
        assert sum(log.mapped("quantity")) == frozen
        if frozen:
            assert on_hand >= frozen


def test_frozen_and_reserved_together_fit(running, database, odoo_env, stock):
    """Whoever comes first: what is frozen and what is reserved was there."""
    with odoo_env(database) as env:
        pairs = [stock(env, 1) for _number in range(CLIENTS // 2)]
        for _product, _quant, pickings in pairs:
            pickings.move_ids.write({"product_uom_qty": ON_HAND})
        ids = [(quant.id, pickings.ids) for _product, quant, pickings in pairs]

    def run(number):
        quant_id, picking_ids = ids[number // 2]
        if number % 2:
            arguments = [quant_id], 7, "Race"
            return _call(running, "stock.quant", "action_jxc_freeze", *arguments)
        return _call(running, "stock.picking", "action_assign", picking_ids)

    faults = [fault for fault in at_once(CLIENTS, run) if fault]
    assert faults == []
    with odoo_env(database) as env:
        for product, _quant, pickings in pairs:
            state = _state(env, product.with_env(env))
            assert state == (ON_HAND, ON_HAND, 7), state
            assert sum(pickings.with_env(env).move_ids.mapped("quantity")) == 3
