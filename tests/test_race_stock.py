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
    """Return a function: a new product with ten pieces, and transfers of it.

    All pieces of a product with expiration dates are of one expired lot.
    """

    def create(env, deliveries=0, **values):
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        shelf = warehouse.lot_stock_id
        customers = env.ref("stock.stock_location_customers")
        product = env["product.product"].create(
            {"name": "Race Goods", "is_storable": True, **values}
        )
        lot = env["stock.lot"]
        if product.use_expiration_date:
            lot = lot.create(
                {"product_id": product.id, "expiration_date": "2020-01-01"}
            )
        env["stock.quant"]._update_available_quantity(
            product, shelf, ON_HAND, lot_id=lot
        )
        quant = env["stock.quant"].search([("product_id", "=", product.id)])
        move = {
            "product_id": product.id,
            "product_uom_qty": 2,
            "location_id": shelf.id,
            "location_dest_id": customers.id,
        }
        receivers = env["res.partner"].create(
            [{"name": f"Race Customer {number}"} for number in range(deliveries)]
        )
        pickings = env["stock.picking"].create(
            [
                {
                    "partner_id": receiver.id,
                    "picking_type_id": warehouse.out_type_id.id,
                    "location_id": shelf.id,
                    "location_dest_id": customers.id,
                    "move_ids": [(0, 0, dict(move))],
                }
                for receiver in receivers
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


def _call(server, model, method, *arguments, **keywords):
    """Call as a client of its own; return the message when it is refused."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    try:
        client.call(model, method, *arguments, **keywords)
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


def test_no_more_is_unfrozen_than_was_frozen(running, database, odoo_env, stock):
    """Of eight clients that unfreeze two of six, three succeed."""
    with odoo_env(database) as env:
        product, quant, _pickings = stock(env)
        quant.action_jxc_freeze(6, "Race")
        quant_id = quant.id

    def unfreeze(_number):
        arguments = [quant_id], 2, "Race"
        return _call(running, "stock.quant", "action_jxc_unfreeze", *arguments)

    faults = [fault for fault in at_once(CLIENTS, unfreeze) if fault]
    assert len(faults) == CLIENTS - 3
    assert all("frozen" in fault for fault in faults), faults
    with odoo_env(database) as env:
        product = product.with_env(env)
        assert _state(env, product) == (ON_HAND, 0, 0)
        log = env["jxc.stock.freeze"].search([("product_id", "=", product.id)])
        assert sorted(log.mapped("kind")) == ["freeze"] + ["unfreeze"] * 3
        assert sorted(log.mapped("quantity")) == [2, 2, 2, 6]


def test_expired_lots_leave_with_a_release_only(running, database, odoo_env, stock):
    """Four clients release an expired lot while four deliver of it.

    Whoever delivers before the first release is refused, and nobody after it.
    """
    with odoo_env(database) as env:
        product, quant, pickings = stock(
            env, CLIENTS // 2, tracking="lot", use_expiration_date=True
        )
        ids, lot_id = pickings.ids, quant.lot_id.id
        for move in pickings.move_ids:
            line = {"product_id": product.id, "lot_id": lot_id, "quantity": 2}
            move.move_line_ids = [(0, 0, line)]
        pickings.move_ids.picked = True

    def deliver(number):
        return _call(
            running,
            "stock.picking",
            "button_validate",
            [ids[number]],
            context={"skip_expired": True},  # asked of people by the platform
        )

    def run(number):
        if number % 2:
            arguments = [lot_id], f"Retested {number}"
            return _call(running, "stock.lot", "action_jxc_release", *arguments)
        return deliver(number // 2)

    results = at_once(CLIENTS, run)
    assert results[1::2] == [""] * (CLIENTS // 2), results
    assert all("expired on" in fault for fault in results[::2] if fault), results
    late = [number for number, fault in enumerate(results[::2]) if fault]
    assert [deliver(number) for number in late] == [""] * len(late)
    with odoo_env(database) as env:
        lot = env["stock.lot"].browse(lot_id)
        assert lot.jxc_released_until
        releases = env["jxc.stock.release"].search([("lot_id", "=", lot_id)])
        assert len(releases) == CLIENTS // 2
        assert _state(env, product.with_env(env))[0] == ON_HAND - CLIENTS
