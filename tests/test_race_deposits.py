# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Deposits that come in halves at once, while a credit manager releases the order."""

import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

ORDERS = 2
QUANTITY = 5
PRICE = 100.0
TOTAL = QUANTITY * PRICE
DEPOSIT = 200.0


@pytest.fixture(scope="module")
def deal(database, odoo_env):
    """Pre-sales that are confirmed, prepaid orders on hold, and halves to post."""
    with odoo_env(database) as env:
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
        )
        method_line = journal.inbound_payment_method_line_ids[0]
        method_line.payment_account_id = env["account.account"].create(
            {
                "name": "Receipts on the Way",
                "code": "100299",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        customers = env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Waiting", "Paying")]
        )
        accounts = env["jxc.credit.account"].create(
            [
                {"partner_id": customer.id, "credit_limit": limit, **actions}
                for customer, limit, actions in zip(
                    customers,
                    (ORDERS * TOTAL, 0),
                    ({"order_action": "block"}, {"order_action": "hold"}),
                    strict=True,
                )
            ]
        )
        product = env["product.product"].create(
            {"name": "Deposit Goods", "is_storable": True, "taxes_id": False}
        )
        shelf = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        quantity = 2 * ORDERS * QUANTITY
        env["stock.quant"]._update_available_quantity(
            product, shelf.lot_stock_id, quantity
        )
        env.company.jxc_credit_exempt_prepaid = True
        line = {
            "product_id": product.id,
            "product_uom_qty": QUANTITY,
            "price_unit": PRICE,
        }
        presale = {
            "jxc_sale_mode": "presale",
            "jxc_deposit_amount": DEPOSIT,
            "jxc_balance_before": False,
        }
        presales, prepaid = (
            env["sale.order"].create(
                [{"partner_id": customer.id, "order_line": [(0, 0, line)], **values}]
                * ORDERS
            )
            for customer, values in zip(customers, (presale, {}), strict=True)
        )
        (presales | prepaid).action_confirm()
        assert set(presales.mapped("state")) == {"sale"}
        assert set(prepaid.mapped("jxc_credit_state")) == {"hold"}
        halves = env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": order.partner_id.id,
                    "amount": amount / 2,
                    "jxc_sale_order_id": order.id,
                    "journal_id": journal.id,
                    "payment_method_line_id": method_line.id,
                }
                for orders, amount in ((presales, DEPOSIT), (prepaid, TOTAL))
                for order in orders
                for _half in range(2)
            ]
        )
        return {
            "accounts": accounts.ids,
            "halves": halves.ids,
            "prepaid": prepaid.ids,
            "presales": presales.ids,
        }


def test_halves_at_once(serve, rpc, database, odoo_env, deal):
    """Nobody sees a database error, and in the end both halves have counted."""
    released = deal["prepaid"][0]
    calls = [("account.payment", "action_post", [half]) for half in deal["halves"]]
    calls.append(
        ("sale.order", "action_jxc_credit_release", [released], 0, False, "Known")
    )
    with serve(database, workers=4) as server:
        rpc(server)  # sets the password once
        faults = at_once(len(calls), lambda number: _try(server, *calls[number]))
    assert [fault for fault in faults if fault] == []
    with odoo_env(database) as env:
        env["jxc.credit.account"]._cron_judge_holds()
        env["sale.order"]._cron_reserve_presales()
    with odoo_env(database) as env:
        _check(env, deal, released)


def _try(server, model, method, *arguments):
    """Return the text of the refusal, or False."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    try:
        client.call(model, method, *arguments)
    except xmlrpc.client.Fault as fault:
        return "cannot marshal None" not in fault.faultString and fault.faultString
    return False


def _check(env, deal, released):
    halves = env["account.payment"].browse(deal["halves"])
    assert set(halves.mapped("move_id.state")) == {"posted"}
    presales = env["sale.order"].browse(deal["presales"])
    for order in presales:
        assert order._jxc_prepaid() == DEPOSIT
        assert order.jxc_deposit_paid_at
        assert order.picking_ids.move_ids.quantity == QUANTITY
    prepaid = env["sale.order"].browse(deal["prepaid"])
    for order in prepaid:
        assert order._jxc_prepaid() == TOTAL
        assert (order.state, order.jxc_credit_hold_reason) == ("sale", False)
        assert order.jxc_credit_state in (
            ("free", "released") if order.id == released else ("free",)
        )
    assert len(env["jxc.credit.release"].search([("order_id", "=", released)])) == 1
    waiting, paying = env["jxc.credit.account"].browse(deal["accounts"])
    assert (waiting.exposure_unapplied, waiting.exposure_ordered) == (
        ORDERS * DEPOSIT,
        ORDERS * TOTAL,
    )
    assert (paying.exposure, paying.exposure_unapplied) == (0, ORDERS * TOTAL)
