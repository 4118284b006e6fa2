# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many clients confirm sale orders of one customer at the same time."""

import xmlrpc.client

import pytest

from odoo.exceptions import UserError

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

LIMIT = 1000.0
PRICE = 100.0
CLIENTS = 16


@pytest.fixture(scope="module")
def orders(database, odoo_env):
    """Quotations of 100 each for a customer with a credit limit of 1,000."""
    with odoo_env(database) as env:
        customer = env["res.partner"].create({"name": "Race Customer"})
        product = env["product.product"].create(
            {"name": "Race Product", "taxes_id": False}
        )
        account = env["jxc.credit.account"].create(
            {
                "partner_id": customer.id,
                "company_id": env.company.id,
                "credit_limit": LIMIT,
                "order_action": "block",
            }
        )
        line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": PRICE}
        made = env["sale.order"].create(
            [{"partner_id": customer.id, "order_line": [(0, 0, line)]}] * 32
        )
        return {"ids": made.ids, "account_id": account.id}


def test_credit_holds_over_rpc(serve, rpc, database, odoo_env, orders):
    """Exactly as many orders get through as the customer has credit for.

    Sixteen clients, two orders each; a client whose order was confirmed cancels it
    now and then, so that credit comes back while others ask.
    """
    with serve(database, workers=4) as server:
        rpc(server)  # sets the password once
        results = at_once(CLIENTS, lambda n: _client(server, orders["ids"], n))
    faults = [fault for result in results for fault in result["faults"]]
    unexpected = [fault for fault in faults if "Race Customer" not in fault]
    assert unexpected == [], "only the credit limit may refuse"
    with odoo_env(database) as env:
        confirmed = env["sale.order"].search(
            [("id", "in", orders["ids"]), ("state", "=", "sale")]
        )
        account = env["jxc.credit.account"].browse(orders["account_id"])
        assert sum(confirmed.mapped("amount_total")) == account.exposure <= LIMIT
        assert faults, "32 orders of 100 do not fit into 1,000"


def test_the_rest_can_be_used(database, odoo_env, orders):
    """After the race nothing is lost: orders can be confirmed up to the limit."""
    with odoo_env(database) as env:
        drafts = env["sale.order"].search(
            [("id", "in", orders["ids"]), ("state", "=", "draft")]
        )
        account = env["jxc.credit.account"].browse(orders["account_id"])
        room = round(account.available / PRICE)
        drafts[:room].action_confirm()
        account.invalidate_recordset()
        assert account.available == 0
        assert len(drafts) > room, "the race must have left orders to refuse"
        with pytest.raises(UserError, match="Race Customer"), env.cr.savepoint():
            drafts[room].action_confirm()


def _client(server, order_ids, number):
    """Confirm two orders; every fourth client cancels its first one again."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    faults = []
    for position, order_id in enumerate(order_ids[number * 2 : number * 2 + 2]):
        try:
            client.call("sale.order", "action_confirm", [order_id])
            if number % 4 == 0 and position == 0:
                client.call("sale.order", "action_cancel", [order_id])
        except xmlrpc.client.Fault as fault:
            faults.append(fault.faultString)
    return {"faults": faults}
