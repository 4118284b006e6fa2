# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Twenty clients sell to one customer at once: confirm, ship, invoice, pay, return.

Each with the rights of who does it, so that what they may not read is raced for too.
"""

import threading
import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once
from selling import create_people

LIMIT = 1000.0
PRICE = 100.0
CLIENTS = 20
#: Their first order is confirmed before the race, so that every way on is certain to
#: be gone whoever wins: taken back, paid, taken back in one document.
EARLY = (0, 1, 3)
CUSTOMER = "Race Debtor"
PEOPLE = {
    "race_seller": ["sales_team.group_sale_salesman_all_leads"],
    "race_keeper": ["stock.group_stock_user"],
    "race_biller": ["account.group_account_invoice"],
}


@pytest.fixture(scope="module")
def trade(database, odoo_env):
    """Two quotations of 100 for each client, and a limit for ten of them."""
    with odoo_env(database) as env:
        create_people(env, **PEOPLE)
        customer = env["res.partner"].create({"name": CUSTOMER, "is_company": True})
        account = env["jxc.credit.account"].create(
            {
                "partner_id": customer.id,
                "company_id": env.company.id,
                "credit_limit": LIMIT,
                "order_action": "block",
                "delivery_action": "block",
            }
        )
        shelf = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        # One product each: the goods themselves are not what they race for.
        products = env["product.product"].create(
            [
                {
                    "name": f"Race Goods {number}",
                    "is_storable": True,
                    "invoice_policy": "delivery",
                    "taxes_id": False,
                }
                for number in range(CLIENTS)
            ]
        )
        for product in products:
            env["stock.quant"]._update_available_quantity(
                product, shelf.lot_stock_id, 100
            )
        orders = env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1,
                                "price_unit": PRICE,
                            },
                        )
                    ],
                }
                for product in products
                for _each in range(2)
            ]
        )
        orders.browse(orders.ids[number * 2] for number in EARLY).action_confirm()
        return {"ids": orders.ids, "account_id": account.id}


def test_whole_cycle_stays_within_the_limit(serve, rpc, database, odoo_env, trade):
    """At no moment is more owed than the limit, and only the limit refuses."""
    seen, over = [], threading.Event()
    with serve(database, workers=4) as server:
        for login in PEOPLE:
            rpc(server, login)  # sets the password once
        watcher = threading.Thread(
            target=_watch, args=(odoo_env, database, trade["account_id"], seen, over)
        )
        watcher.start()
        try:
            results = at_once(CLIENTS, lambda n: _client(server, trade["ids"], n))
        finally:
            over.set()
            watcher.join()
    faults = [fault for result in results for fault in result["faults"]]
    unexpected = [fault for fault in faults if CUSTOMER not in fault]
    assert unexpected == [], "only the credit limit may refuse"
    assert faults, "forty orders of 100 do not fit into 1,000"
    assert seen and max(seen) <= LIMIT
    steps = [step for result in results for step in result["steps"]]
    assert {"confirmed", "shipped", "invoiced", "paid"} <= set(steps)
    assert {"returned", "returned in one document"} <= set(steps)
    with odoo_env(database) as env:
        account = env["jxc.credit.account"].browse(trade["account_id"])
        assert account.exposure == _owed(env, trade["ids"]) <= LIMIT


def _owed(env, order_ids):
    """What the documents say, not the exposure's own query."""
    orders = env["sale.order"].browse(order_ids)
    owed = 0.0
    for line in orders.order_line:
        if line.order_id.state == "sale":
            open_quantity = max(line.product_uom_qty, line.qty_delivered)
            if line.order_id.picking_ids.filtered(lambda p: p.return_id):
                open_quantity = line.qty_delivered
            owed += (open_quantity - line.qty_invoiced) * PRICE
    invoices = orders.invoice_ids.filtered(lambda move: move.state == "posted")
    return owed + sum(invoices.mapped("amount_residual_signed"))


def _watch(odoo_env, database, account_id, seen, over):
    """Read the exposure again and again, as anybody would see it."""
    while not over.wait(0.05):
        with odoo_env(database) as env:
            seen.append(env["jxc.credit.account"].browse(account_id).exposure)


def _client(server, order_ids, number):
    """Sell twice: ship and invoice what is confirmed, then pay it or take it back."""
    seller, keeper, biller = (
        XmlRpc(server.url, server.database, login, PASSWORD) for login in PEOPLE
    )
    faults, steps = [], []
    for order_id in order_ids[number * 2 : number * 2 + 2]:
        try:
            _sell(seller, keeper, biller, order_id, number, steps)
        except xmlrpc.client.Fault as fault:
            faults.append(fault.faultString)
    return {"faults": faults, "steps": steps}


def _sell(seller, keeper, biller, order_id, number, steps):
    [order] = seller.call("sale.order", "read", [order_id], ["state"])
    if order["state"] == "draft":
        seller.call("sale.order", "action_confirm", [order_id])
        steps.append("confirmed")
    [order] = seller.call("sale.order", "read", [order_id], ["picking_ids"])
    keeper.call("stock.picking", "button_validate", order["picking_ids"])
    steps.append("shipped")
    if number % 6 == 0:
        _take_back(keeper, order["picking_ids"][0])
        steps.append("returned")
        return
    if number % 6 == 3:
        _take_back_in_one_document(seller, keeper, order_id)
        steps.append("returned in one document")
        return
    wizard_id = seller.call(
        "sale.advance.payment.inv",
        "create",
        {"sale_order_ids": [(6, 0, [order_id])]},
    )
    _press(seller, "sale.advance.payment.inv", "create_invoices", [wizard_id])
    [order] = seller.call("sale.order", "read", [order_id], ["invoice_ids"])
    biller.call("account.move", "action_post", order["invoice_ids"])
    steps.append("invoiced")
    if number % 3 == 1:
        context = {"active_model": "account.move", "active_ids": order["invoice_ids"]}
        payment_id = biller.call(
            "account.payment.register", "create", {}, context=context
        )
        _press(
            biller, "account.payment.register", "action_create_payments", [payment_id]
        )
        steps.append("paid")


def _take_back_in_one_document(seller, keeper, order_id):
    """Promise the return, take the goods in; its delivery is found by the server."""
    [order] = seller.call("sale.order", "read", [order_id], ["partner_id"])
    [line] = seller.call(
        "sale.order.line", "search_read", [("order_id", "=", order_id)], ["product_id"]
    )
    back_id = seller.call(
        "jxc.sale.return",
        "create",
        {
            "partner_id": order["partner_id"][0],
            "reason_id": seller.call("jxc.sale.return.reason", "search", [])[0],
            "line_ids": [
                (0, 0, {"product_id": line["product_id"][0], "product_uom_qty": 1})
            ],
        },
    )
    seller.call("jxc.sale.return", "action_confirm", [back_id])
    keeper.call("jxc.sale.return", "action_accept", [back_id])


def _take_back(client, picking_id):
    wizard_id = client.call(
        "stock.return.picking", "create", {"picking_id": picking_id}
    )
    [wizard] = client.call(
        "stock.return.picking", "read", [wizard_id], ["product_return_moves"]
    )
    client.call(
        "stock.return.picking.line",
        "write",
        wizard["product_return_moves"],
        {"quantity": 1, "to_refund": True},
    )
    _press(client, "stock.return.picking", "action_create_returns", [wizard_id])
    [picking] = client.call("stock.picking", "read", [picking_id], ["return_ids"])
    client.call("stock.picking", "button_validate", picking["return_ids"])


def _press(client, model, method, ids):
    """Call a button whose window XML-RPC cannot carry: it is done all the same."""
    try:
        client.call(model, method, ids)
    except xmlrpc.client.Fault as fault:
        if "cannot marshal None" not in fault.faultString:
            raise
