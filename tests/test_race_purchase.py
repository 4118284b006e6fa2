# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many clients confirm purchase orders against one budget line at the same time."""

from datetime import date, timedelta

import pytest

from odoo.exceptions import UserError

from clients import Refused
from races import at_once

LIMIT = 1000.0
PRICE = 100.0
CLIENTS = 16


@pytest.fixture(scope="module")
def orders(database, odoo_env):
    """Draft orders of 100 each for a vendor with a budget of 1,000."""
    with odoo_env(database) as env:
        today = date.today()
        vendor = env["res.partner"].create({"name": "Race Vendor"})
        product = env["product.product"].create(
            {"name": "Race Product", "supplier_taxes_id": False}
        )
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
                            "partner_id": vendor.id,
                            "amount_planned": LIMIT,
                            "control": "block",
                        },
                    )
                ],
            }
        )
        budget.action_confirm()
        line = {"product_id": product.id, "product_qty": 1, "price_unit": PRICE}
        made = env["purchase.order"].create(
            [{"partner_id": vendor.id, "order_line": [(0, 0, line)]}] * 32
        )
        return {"ids": made.ids, "line_id": budget.line_ids.id, "budget_id": budget.id}


def test_budget_holds_over_rpc(serve, json2, database, odoo_env, orders):
    """Exactly as many orders get through as the budget has room for.

    Sixteen clients, two orders each; a client whose order was confirmed cancels it
    now and then, so that room comes back while others ask.
    """
    with serve(database, workers=4) as server:
        client = json2(server)
        results = at_once(CLIENTS, lambda n: _confirm(client, orders["ids"], n))
    faults = [fault for result in results for fault in result["faults"]]
    unexpected = [fault for fault in faults if "Race" not in fault]
    assert unexpected == [], "only the budget may refuse"
    with odoo_env(database) as env:
        confirmed = env["purchase.order"].search_count(
            [("id", "in", orders["ids"]), ("state", "=", "purchase")]
        )
        line = env["jxc.purchase.budget.line"].browse(orders["line_id"])
        assert confirmed * PRICE == line.amount_committed <= LIMIT
        assert faults or confirmed == len(orders["ids"])
        budget = env["jxc.purchase.budget"].browse(orders["budget_id"])
        assert budget.action_recompute_check() == [], "the ledger equals the documents"


def test_the_rest_can_be_used(database, odoo_env, orders):
    """After the race nothing is lost: orders can be confirmed up to the limit."""
    with odoo_env(database) as env:
        drafts = env["purchase.order"].search(
            [("id", "in", orders["ids"]), ("state", "=", "draft")]
        )
        line = env["jxc.purchase.budget.line"].browse(orders["line_id"])
        room = round(line.amount_available / PRICE)
        drafts[:room].button_confirm()
        assert line.amount_available == 0
        assert len(drafts) > room, "the race must have left orders to refuse"
        with pytest.raises(UserError, match="Race"), env.cr.savepoint():
            drafts[room].button_confirm()


def _confirm(client, order_ids, number):
    """Confirm two orders; every fourth client cancels its first one again."""
    faults = []
    for position, order_id in enumerate(order_ids[number * 2 : number * 2 + 2]):
        try:
            client.call("purchase.order", "button_confirm", ids=[order_id])
            if number % 4 == 0 and position == 0:
                client.call("purchase.order", "button_cancel", ids=[order_id])
        except Refused as refusal:
            faults.append(refusal.message)
    return {"faults": faults}
