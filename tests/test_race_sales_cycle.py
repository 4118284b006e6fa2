# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Twenty clients sell to one customer: confirm, deliver, invoice, pay, take back."""

import threading
import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

LIMIT = 1000.0
PRICE = 100.0
CLIENTS = 20
EACH = 2
WAYS = 3


class Client(XmlRpc):
    """Takes the answer of methods that return nothing, which XML-RPC cannot tell."""

    def call(self, *arguments, **keywords):
        try:
            return super().call(*arguments, **keywords)
        except xmlrpc.client.Fault as fault:
            if "cannot marshal None" not in fault.faultString:
                raise
            return None


@pytest.fixture(scope="module")
def deal(database, odoo_env):
    """Quotations of 100 each for a customer with a credit limit of 1,000."""
    with odoo_env(database) as env:
        customer = env["res.partner"].create(
            {"name": "Race Customer", "is_company": True}
        )
        # Nobody waits for stock here, only for credit.
        product = env["product.product"].create(
            {
                "name": "Race Product",
                "type": "consu",
                "taxes_id": False,
                "invoice_policy": "delivery",
            }
        )
        account = env["jxc.credit.account"].create(
            {
                "partner_id": customer.id,
                "company_id": env.company.id,
                "credit_limit": LIMIT,
                "order_action": "block",
                "delivery_action": "block",
            }
        )
        line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": PRICE}
        orders = env["sale.order"].create(
            [{"partner_id": customer.id, "order_line": [(0, 0, line)]}]
            * (CLIENTS * EACH)
        )
        return {"ids": orders.ids, "account_id": account.id, "partner_id": customer.id}


def test_limit_holds_through_the_whole_cycle(serve, rpc, database, odoo_env, deal):
    """Exposure is never above the limit, and only the limit ever refuses.

    Somebody looks at the exposure all the time. In the end it is what an independent
    count of the documents says.
    """
    seen, over = [], threading.Event()
    # One client of each way is ahead, or chance may give the credit to one way alone.
    ahead = [threading.Event() for _way in range(WAYS)]
    with serve(database, workers=4) as server:
        rpc(server)  # sets the password once
        watcher = threading.Thread(target=_watch, args=(server, deal, seen, over))
        watcher.start()
        try:
            results = at_once(CLIENTS, lambda n: _client(server, deal, n, ahead))
        finally:
            over.set()
            watcher.join()
    faults = [fault for result in results for fault in result["faults"]]
    unexpected = [fault for fault in faults if "Race Customer" not in fault]
    assert unexpected == [], "only the credit limit may refuse"
    assert faults, "40 orders of 100 do not fit into 1,000"
    done = [step for result in results for step in result["done"]]
    for step in ("confirm", "deliver", "invoice", "pay", "return", "credit"):
        assert step in done, f"nobody got as far as {step}"
    assert seen, "somebody looked"
    assert max(seen) <= LIMIT
    with odoo_env(database) as env:
        account = env["jxc.credit.account"].browse(deal["account_id"])
        assert account.exposure == _count(env, deal) <= LIMIT


def _watch(server, deal, seen, over):
    """Read the committed exposure until the race is over."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    while not over.wait(0.05):
        [row] = client.call(
            "jxc.credit.account", "read", [deal["account_id"]], ["exposure"]
        )
        seen.append(row["exposure"])


def _count(env, deal):
    """What the customer owes, counted from goods, invoices and payments alone."""
    orders = env["sale.order"].browse(deal["ids"])
    confirmed = orders.filtered(lambda order: order.state == "sale")
    moves = env["account.move.line"].search(
        [
            ("partner_id", "=", deal["partner_id"]),
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ]
    )
    owed = sum(moves.mapped("balance"))
    for order in confirmed:
        out = sum(
            move.quantity * (1 if move.location_dest_id.usage == "customer" else -1)
            for move in order.order_line.move_ids
            if move.state == "done"
        )
        has_left = any(
            move.state == "done" and move.location_dest_id.usage == "customer"
            for move in order.order_line.move_ids
        )
        kept = out if has_left else 1
        billed = sum(
            line.quantity * (1 if line.move_id.move_type == "out_invoice" else -1)
            for line in order.order_line.invoice_lines
            if line.parent_state == "posted"
        )
        owed += (kept - billed) * PRICE
    return owed


def _client(server, deal, number, ahead):
    """Take two orders as far as the credit goes; a third of the clients each way."""
    if number >= WAYS:
        for confirmed in ahead:
            assert confirmed.wait(120), "the first orders fit into the limit"
    client = Client(server.url, server.database, "admin", PASSWORD)
    ids = deal["ids"][number * EACH : (number + 1) * EACH]
    result = {"faults": [], "done": []}
    for order_id in ids:
        try:
            for step in _steps(client, order_id, number % WAYS):
                result["done"].append(step)
                if number < WAYS:
                    ahead[number].set()
        except xmlrpc.client.Fault as fault:
            result["faults"].append(fault.faultString)
    return result


def _steps(client, order_id, way):
    """Confirm, deliver and invoice an order; then it is paid, returned or left."""
    client.call("sale.order", "action_confirm", [order_id])
    yield "confirm"
    [order] = client.call("sale.order", "read", [order_id], ["picking_ids"])
    _ship(client, order["picking_ids"])
    yield "deliver"
    invoice_id = _invoice(client, order_id)
    yield "invoice"
    if way == 0:
        _pay(client, invoice_id)
        yield "pay"
    elif way == 1:
        _take_back(client, order["picking_ids"])
        yield "return"
        _invoice(client, order_id)
        yield "credit"


def _ship(client, picking_ids):
    move_ids = client.call("stock.move", "search", [("picking_id", "in", picking_ids)])
    client.call("stock.move", "write", move_ids, {"quantity": 1, "picked": True})
    client.call("stock.picking", "button_validate", picking_ids)


def _invoice(client, order_id):
    context = {"active_model": "sale.order", "active_ids": [order_id]}
    wizard_id = client.call(
        "sale.advance.payment.inv",
        "create",
        {"advance_payment_method": "delivered", "sale_order_ids": [(6, 0, [order_id])]},
        context=context,
    )
    client.call(
        "sale.advance.payment.inv", "create_invoices", [wizard_id], context=context
    )
    [invoice_id] = client.call(
        "account.move",
        "search",
        [
            ("line_ids.sale_line_ids.order_id", "=", order_id),
            ("state", "=", "draft"),
        ],
    )
    client.call("account.move", "action_post", [invoice_id])
    return invoice_id


def _pay(client, invoice_id):
    context = {"active_model": "account.move", "active_ids": [invoice_id]}
    wizard_id = client.call("account.payment.register", "create", {}, context=context)
    client.call(
        "account.payment.register",
        "action_create_payments",
        [wizard_id],
        context=context,
    )


def _take_back(client, picking_ids):
    wizard_id = client.call(
        "stock.return.picking", "create", {"picking_id": picking_ids[0]}
    )
    line_ids = client.call(
        "stock.return.picking.line", "search", [("wizard_id", "=", wizard_id)]
    )
    client.call(
        "stock.return.picking.line",
        "write",
        line_ids,
        {"quantity": 1, "to_refund": True},
    )
    action = client.call("stock.return.picking", "action_create_returns", [wizard_id])
    _ship(client, [action["res_id"]])
