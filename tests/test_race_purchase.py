# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many clients confirm purchase orders against one budget line at the same time."""

import xmlrpc.client
from datetime import date, timedelta

import pytest

from odoo.exceptions import UserError

from clients import Refused, XmlRpc
from conftest import PASSWORD
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


# -- the whole cycle over XML-RPC -----------------------------------------------------

MANY = 20
EACH = 3


@pytest.fixture(scope="module")
def cycle(database, odoo_env):
    """Orders, some of them for requests, and drafts of bills, on one budget line."""
    with odoo_env(database) as env:
        env.ref("base.user_admin").group_ids += env.ref(
            "purchase.group_purchase_manager"
        ) + env.ref("account.group_account_manager")
        today = date.today()
        vendor = env["res.partner"].create({"name": "Cycle Vendor"})
        product = env["product.product"].create(
            {
                "name": "Cycle Product",
                "type": "consu",
                "is_storable": False,
                "purchase_method": "purchase",
                "supplier_taxes_id": False,
            }
        )
        budget = env["jxc.purchase.budget"].create(
            {
                "name": "Cycle",
                "date_from": today - timedelta(days=30),
                "date_to": today + timedelta(days=30),
                "line_ids": [
                    (0, 0, {"partner_id": vendor.id, "amount_planned": 3 * LIMIT})
                ],
            }
        )
        budget.action_confirm()
        line = {"product_id": product.id, "product_qty": 1, "price_unit": PRICE}
        orders = env["purchase.order"].create(
            [{"partner_id": vendor.id, "order_line": [(0, 0, line)]}] * MANY * EACH
        )
        requests = env["jxc.purchase.request"].create(
            [{"line_ids": [(0, 0, {**line, "vendor_id": vendor.id})]}] * MANY
        )
        return {
            "orders": orders.ids,
            "requests": requests.ids,
            "line_id": budget.line_ids.id,
            "budget_id": budget.id,
        }


def test_the_cycle_holds_over_xmlrpc(serve, rpc, database, odoo_env, cycle):
    """Twenty clients submit, confirm, change, cancel and bill: never above the limit.

    No client sees a serialization error, and the ledger is what the documents say.
    """
    with serve(database, workers=4) as server:
        rpc(server)  # sets the password once
        results = at_once(MANY, lambda number: _work(server, cycle, number))
    faults = [fault for result in results for fault in result["faults"]]
    unexpected = [fault for fault in faults if "Cycle" not in fault]
    assert unexpected == [], "only the budget may refuse"
    assert max(seen for result in results for seen in result["used"]) <= 3 * LIMIT
    with odoo_env(database) as env:
        line = env["jxc.purchase.budget.line"].browse(cycle["line_id"])
        used = line.amount_reserved + line.amount_committed + line.amount_actual
        assert used <= 3 * LIMIT
        assert line.amount_actual > 0, "some orders were billed"
        orders = env["purchase.order"].browse(cycle["orders"])
        confirmed = orders.filtered(lambda order: order.state == "purchase")
        ordered = sum(confirmed.mapped("amount_untaxed"))
        assert line.amount_committed + line.amount_actual == ordered
        assert faults, "sixty orders of 100 do not fit into 3,000"
        budget = env["jxc.purchase.budget"].browse(cycle["budget_id"])
        assert budget.action_recompute_check() == [], "the ledger equals the documents"


def _work(server, cycle, number):
    """Use, give back and bill budget; return what was refused and what was seen."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    orders = cycle["orders"][number * EACH : number * EACH + EACH]
    faults, used = [], []

    def attempt(model, method, ids, *arguments):
        try:
            client.call(model, method, ids, *arguments)
        except xmlrpc.client.Fault as fault:
            # Done and committed; only the action in the answer has no form in XML-RPC.
            if "cannot marshal None" in fault.faultString:
                return True
            faults.append(fault.faultString)
            return False
        return True

    def look():
        [line] = client.call(
            "jxc.purchase.budget.line",
            "read",
            [cycle["line_id"]],
            ["amount_planned", "amount_available"],
        )
        used.append(line["amount_planned"] - line["amount_available"])

    request = cycle["requests"][number]
    submitted = attempt("jxc.purchase.request", "action_submit", [request])
    for position, order_id in enumerate(orders):
        if not attempt("purchase.order", "button_confirm", [order_id]):
            continue
        look()
        if position == 0 and number % 2:
            attempt("purchase.order", "button_cancel", [order_id])
        elif position == 1:
            _bill(client, attempt, order_id)
        elif number % 3 == 0:
            [order] = client.call("purchase.order", "read", [order_id], ["order_line"])
            change = {"price_unit": PRICE + 50.0}
            attempt("purchase.order.line", "write", order["order_line"], change)
    if submitted and number % 4:
        attempt("jxc.purchase.request", "action_cancel", [request])
    look()
    return {"faults": faults, "used": used}


def _bill(client, attempt, order_id):
    """Bill an order as an accountant does, and post the bill."""
    if not attempt("purchase.order", "action_create_invoice", [order_id]):
        return
    [order] = client.call("purchase.order", "read", [order_id], ["invoice_ids"])
    today = date.today().isoformat()
    client.call("account.move", "write", order["invoice_ids"], {"invoice_date": today})
    attempt("account.move", "action_post", order["invoice_ids"])
