# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many clients confirm orders with the same limited promotion at the same time."""

import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

CLIENTS = 10
USES = 3


@pytest.fixture(scope="module")
def orders(database, odoo_env):
    """Quotations that all carry the reward: more than it has uses."""
    with odoo_env(database) as env:
        program = env["loyalty.program"].create(
            {
                "name": "Race Promotion",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "limit_usage": True,
                "max_usage": USES,
                "rule_ids": [(5, 0, 0), (0, 0, {"minimum_amount": 1})],
                "reward_ids": [
                    (5, 0, 0),
                    (0, 0, {"reward_type": "discount", "discount": 10}),
                ],
            }
        )
        reward = program.reward_ids
        product = env["product.product"].create(
            {"name": "Race Goods", "taxes_id": False}
        )
        lines = [
            {"product_id": product.id, "product_uom_qty": 1, "price_unit": 100},
            {
                "name": "10% off",
                "product_id": reward.discount_line_product_id.id,
                "product_uom_qty": 1,
                "price_unit": -10,
                "reward_id": reward.id,
            },
        ]
        customer = env["res.partner"].create({"name": "Race Buyer"})
        made = env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [(0, 0, dict(line)) for line in lines],
                }
                for _number in range(CLIENTS)
            ]
        )
        return made.ids


def test_not_used_more_often(serve, rpc, database, odoo_env, orders):
    """As many orders get the reward as it has uses, and the others are told why."""
    with serve(database, workers=4) as server:
        rpc(server)  # sets the password once
        faults = at_once(CLIENTS, lambda n: _confirm(server, orders[n]))
    refused = [fault for fault in faults if fault]
    assert [fault for fault in refused if "Race Promotion" not in fault] == []
    with odoo_env(database) as env:
        confirmed = env["sale.order"].search(
            [("id", "in", orders), ("state", "=", "sale")]
        )
        rewarded = confirmed.filtered("order_line.reward_id")
        assert len(rewarded) == USES
        assert len(refused) == CLIENTS - len(confirmed)


def _confirm(server, number):
    """Confirm one order over XML-RPC; return the refusal, or None."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    try:
        client.call("sale.order", "action_confirm", [number])
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None
