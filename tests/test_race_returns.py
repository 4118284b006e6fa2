# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many clients take the same goods back at the same time."""

import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once
from selling import create_people

SELLER = "race_returner"
CLIENTS = 8
DELIVERED = 10
RETURNED = 3


@pytest.fixture(scope="module")
def returns(database, odoo_env):
    """Drafts that together take back more than the one delivery had."""
    with odoo_env(database) as env:
        create_people(env, **{SELLER: ["sales_team.group_sale_salesman_all_leads"]})
        product = env["product.product"].create(
            {"name": "Race Goods", "is_storable": True, "taxes_id": False}
        )
        warehouse = env["stock.warehouse"].search([], limit=1)
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, DELIVERED
        )
        customer = env["res.partner"].create({"name": "Race Returner"})
        line = {"product_id": product.id, "product_uom_qty": DELIVERED}
        order = env["sale.order"].create(
            {"partner_id": customer.id, "order_line": [(0, 0, line)]}
        )
        order.action_confirm()
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.picked = True
        order.picking_ids._action_done()
        reason = env["jxc.sale.return.reason"].search([], limit=1)
        back = {"product_id": product.id, "product_uom_qty": RETURNED}
        made = env["jxc.sale.return"].create(
            [
                {
                    "partner_id": customer.id,
                    "reason_id": reason.id,
                    "line_ids": [(0, 0, back)],
                }
                for _number in range(CLIENTS)
            ]
        )
        return {"ids": made.ids, "line_id": order.order_line.id}


def test_never_more_than_was_delivered(serve, rpc, database, odoo_env, returns):
    """Three returns of 3 fit into a delivery of 10, whoever comes first."""
    with serve(database, workers=4) as server:
        rpc(server, SELLER)  # sets the password once
        faults = at_once(CLIENTS, lambda n: _confirm(server, returns["ids"][n]))
    refused = [fault for fault in faults if fault]
    assert [fault for fault in refused if "Race Goods" not in fault] == []
    with odoo_env(database) as env:
        made = env["jxc.sale.return"].browse(returns["ids"])
        confirmed = made.filtered(lambda one: one.state == "confirmed")
        assert len(confirmed) == DELIVERED // RETURNED
        assert len(refused) == CLIENTS - len(confirmed)
        moves = confirmed.picking_ids.move_ids
        assert sum(moves.mapped("product_uom_qty")) == len(confirmed) * RETURNED


def _confirm(server, number):
    """Confirm one return over XML-RPC; return the refusal, or None."""
    client = XmlRpc(server.url, server.database, SELLER, PASSWORD)
    try:
        client.call("jxc.sale.return", "action_confirm", [number])
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None
