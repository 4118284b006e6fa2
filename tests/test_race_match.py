# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A bill is posted while its goods are received: matching misses neither."""

import pytest

from clients import Refused
from races import at_once

TURNS = 4


@pytest.fixture(scope="module")
def books(database, odoo_env):
    """Goods of a company that holds bills beyond tolerance."""
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        env.company.write({"jxc_books_stock": True, "jxc_match_action": "hold"})
        product = env["product.product"].create(
            {
                "name": "Match Race Goods",
                "is_storable": True,
                "purchase_method": "receive",
                "supplier_taxes_id": [(5,)],
                "taxes_id": [(5,)],
            }
        )
        partner = env["res.partner"].create({"name": "Match Race Vendor"})
        return {"product_id": product.id, "partner_id": partner.id}


@pytest.fixture(scope="module")
def client(serve, json2, database):
    """A JSON-2 client of a server with several workers."""
    with serve(database, workers=2) as server:
        yield json2(server)


def _call(client, model, method, number):
    """Do it; the client of a real user tries again when told to."""
    for _try in range(5):
        try:
            client.call(model, method, ids=[number])
        except Refused as refusal:
            if "serialize" not in refusal.message:
                raise
        else:
            return
    raise AssertionError(f"{method} found no turn")


def _order(env, books):
    line = {
        "product_id": books["product_id"],
        "product_qty": 5,
        "price_unit": 9,
        "tax_ids": [(5,)],
    }
    order = env["purchase.order"].create(
        {"partner_id": books["partner_id"], "order_line": [(0, 0, line)]}
    )
    order.button_confirm()
    order.picking_ids.move_ids.write({"quantity": 5, "picked": True})
    return order


def _bill(env, books, order, link):
    line = {
        "product_id": books["product_id"],
        "quantity": 5,
        "price_unit": 9,
        "tax_ids": [(5,)],
        "purchase_line_id": order.order_line.id if link else False,
    }
    return env["account.move"].create(
        {
            "move_type": "in_invoice",
            "partner_id": books["partner_id"],
            "invoice_date": order.date_approve.date(),
            "ref": f"MATCH-RACE-{order.id}",
            "invoice_line_ids": [(0, 0, line)],
        }
    )


@pytest.mark.parametrize("link", [True, False], ids=["of-the-order", "without-order"])
def test_receipt_while_the_bill_is_posted(client, database, odoo_env, books, link):
    """Whichever ends first, the bill has its order and nothing holds it."""
    for _turn in range(TURNS):
        with odoo_env(database) as env:
            order = _order(env, books)
            bill = _bill(env, books, order, link)
            bill_id, line_id = bill.id, order.order_line.id
            jobs = [
                ("account.move", "action_post", bill_id),
                ("stock.picking", "button_validate", order.picking_ids.id),
            ]
        at_once(2, lambda number, jobs=jobs: _call(client, *jobs[number]))
        with odoo_env(database) as env:
            bill = env["account.move"].browse(bill_id)
            line = env["purchase.order.line"].browse(line_id)
            assert bill.state == "posted"
            assert line.qty_received == 5
            assert bill.invoice_line_ids.purchase_line_id == line
            assert bill.jxc_match_ids.mapped("state") == ["matched"]
            assert not bill.jxc_match_open
            assert sum(line.jxc_accrual_ids.mapped("amount")) == 0
