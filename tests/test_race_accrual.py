# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Bills and invoices of one order line are posted at the same moment."""

import pytest

from clients import Refused
from races import at_once

CLIENTS = 4
TURNS = 3


@pytest.fixture(scope="module")
def goods(database, odoo_env):
    """Goods of a company that books stock at movement."""
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        env.company.jxc_books_stock = True
        product = env["product.product"].create(
            {
                "name": "Race Goods",
                "is_storable": True,
                "purchase_method": "receive",
                "supplier_taxes_id": [(5,)],
                "taxes_id": [(5,)],
            }
        )
        partner = env["res.partner"].create({"name": "Race Partner"})
        return {"product_id": product.id, "partner_id": partner.id}


@pytest.fixture(scope="module")
def client(serve, json2, database):
    """A JSON-2 client of a server with several workers."""
    with serve(database, workers=4) as server:
        yield json2(server)


def _post(client, number):
    """Post a bill; the client of a real user tries again when told to."""
    for _try in range(5):
        try:
            client.call("account.move", "action_post", ids=[number])
        except Refused as refusal:
            if "serialize" not in refusal.message:
                raise
        else:
            return


def _line(env, goods):
    order = env["purchase.order"].create(
        {
            "partner_id": goods["partner_id"],
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": goods["product_id"],
                        "product_qty": 40,
                        "price_unit": 5,
                        "tax_ids": [(5,)],
                    },
                )
            ],
        }
    )
    order.button_confirm()
    order.picking_ids.move_ids.write({"quantity": 40, "picked": True})
    order.picking_ids.button_validate()
    return order.order_line


def _bills(env, goods, line):
    day = env["jxc.stock.accrual"].search([], limit=1).date
    return env["account.move"].create(
        [
            {
                "move_type": "in_invoice",
                "partner_id": goods["partner_id"],
                "invoice_date": day,
                "ref": f"ACCRUAL-{line.id}-{number}",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": goods["product_id"],
                            "quantity": 5,
                            "price_unit": 6,
                            "purchase_line_id": line.id,
                            "tax_ids": [(5,)],
                        },
                    )
                ],
            }
            for number in range(CLIENTS)
        ]
    )


def test_bills_at_once(client, database, odoo_env, goods):
    """Each of them takes back its own part of the accrual, and nothing twice."""
    for _turn in range(TURNS):
        with odoo_env(database) as env:
            line = _line(env, goods)
            ids, line_id = _bills(env, goods, line).ids, line.id
        at_once(CLIENTS, lambda n, ids=ids: _post(client, ids[n]))
        with odoo_env(database) as env:
            line = env["purchase.order.line"].browse(line_id)
            bills = env["account.move"].browse(ids)
            assert set(bills.mapped("state")) == {"posted"}
            rows = line.jxc_accrual_ids
            assert sum(rows.mapped("amount")) == (40 - 5 * CLIENTS) * 5
            assert sum(rows.mapped("quantity")) == 40 - 5 * CLIENTS
            assert len(rows) == 1 + CLIENTS
    with odoo_env(database) as env:
        account = env.company.jxc_accrual_account_id
        items = env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        ledger = env["jxc.stock.accrual"].search([("role", "=", "accrual")])
        assert -sum(items.mapped("balance")) == sum(ledger.mapped("amount"))
