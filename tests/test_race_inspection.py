# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two people finish one inspection, correct its receipt and bill its order at once."""

import pytest

from clients import Refused
from races import at_once

CLIENTS = 4


@pytest.fixture(scope="module")
def goods(database, odoo_env):
    """Wine of which everything is inspected, in a company that refuses bills."""
    with odoo_env(database) as env:
        env.company.jxc_bill_control = "refuse"
        vendor = env["res.partner"].create({"name": "Race Vendor"})
        wine = env["product.product"].create(
            {
                "name": "Race Wine",
                "is_storable": True,
                "purchase_method": "receive",
                "supplier_taxes_id": [(5,)],
            }
        )
        env["jxc.receipt.inspection.rule"].create({"product_id": wine.id})
        return {"vendor_id": vendor.id, "product_id": wine.id}


@pytest.fixture(scope="module")
def client(serve, json2, database):
    """A JSON-2 client of a server with several workers."""
    with serve(database, workers=4) as server:
        yield json2(server)


def _try(client, *arguments, **keywords):
    """Return the refusal's message, empty when there was none."""
    try:
        client.call(*arguments, **keywords)
    except Refused as refusal:
        return refusal.message
    return ""


def _arrive(env, goods, quantity=10):
    """An order of wine that has come and is to be inspected."""
    order = env["purchase.order"].create(
        {
            "partner_id": goods["vendor_id"],
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": goods["product_id"],
                        "product_qty": quantity,
                        "price_unit": 5,
                        "tax_ids": [(5,)],
                    },
                )
            ],
        }
    )
    order.button_confirm()
    order.picking_ids.move_ids.picked = True
    order.picking_ids.button_validate()
    return order


def _quantity_in(env, goods, location):
    quants = env["stock.quant"].search(
        [
            ("product_id", "=", goods["product_id"]),
            ("location_id", "child_of", location.id),
        ]
    )
    return sum(quants.mapped("quantity"))


def _warehouse(env):
    return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)


def test_one_of_two_finishes(client, database, odoo_env, goods):
    """The goods move once; the second one is told that it was done already."""
    for _turn in range(3):
        with odoo_env(database) as env:
            order = _arrive(env, goods)
            inspection = order.jxc_inspection_ids
            inspection.line_ids.write({"qty_accepted": 6, "qty_rejected": 4})
            ids, order_id = inspection.ids, order.id
            warehouse = _warehouse(env)
            before = _quantity_in(env, goods, warehouse.lot_stock_id)
        messages = at_once(
            CLIENTS,
            lambda _n, ids=ids: _try(
                client, "jxc.receipt.inspection", "action_done", ids=ids
            ),
        )
        assert messages.count("") == 1
        assert all("RI/" in message for message in messages if message), messages
        with odoo_env(database) as env:
            warehouse = _warehouse(env)
            now = _quantity_in(env, goods, warehouse.lot_stock_id)
            assert now - before == 6
            place = warehouse.jxc_inspection_location_id
            assert _quantity_in(env, goods, place) == 0
            line = env["purchase.order"].browse(order_id).order_line
            assert (line.jxc_qty_accepted, line.jxc_qty_rejected) == (6, 4)


def test_finish_against_correction(client, database, odoo_env, goods):
    """Of a decision and a correction of the receipt, one counts; nothing is lost."""
    for _turn in range(3):
        with odoo_env(database) as env:
            order = _arrive(env, goods)
            inspection = order.jxc_inspection_ids
            inspection.line_ids.write({"qty_accepted": 10})
            operation = order.picking_ids.move_line_ids
            ids = {"inspection": inspection.ids, "operation": operation.ids}

        def run(number, ids=ids):
            if number % 2:
                return _try(
                    client,
                    "stock.move.line",
                    "write",
                    ids=ids["operation"],
                    vals={"quantity": 9},
                )
            return _try(
                client, "jxc.receipt.inspection", "action_done", ids=ids["inspection"]
            )

        messages = at_once(2, run)
        assert messages.count("") == 1, messages
        with odoo_env(database) as env:
            inspection = env["jxc.receipt.inspection"].browse(ids["inspection"])
            line = inspection.line_ids
            came = sum(line.receipt_line_ids.mapped("quantity"))
            assert line.qty_received == came
            place = _warehouse(env).jxc_inspection_location_id
            waiting = came if inspection.state == "draft" else 0
            assert _quantity_in(env, goods, place) == waiting
            if inspection.state == "draft":
                line.qty_accepted = came
                inspection.action_done()


def test_bills_at_once(client, database, odoo_env, goods):
    """Two bills that fit alone but not together: one is posted."""
    with odoo_env(database) as env:
        order = _arrive(env, goods)
        order.jxc_inspection_ids.line_ids.write({"qty_accepted": 7, "qty_rejected": 3})
        order.jxc_inspection_ids.action_done()
        line = order.order_line
        bills = env["account.move"].create(
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": goods["vendor_id"],
                    "invoice_date": "2026-06-20",
                    "ref": f"RACE-{number}",
                    "invoice_line_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": goods["product_id"],
                                "quantity": 4,
                                "price_unit": 5,
                                "purchase_line_id": line.id,
                                "tax_ids": [(5,)],
                            },
                        )
                    ],
                }
                for number in range(CLIENTS)
            ]
        )
        ids, line_id = bills.ids, line.id
    messages = at_once(
        CLIENTS,
        lambda n: _try(client, "account.move", "action_post", ids=[ids[n]]),
    )
    assert messages.count("") == 1, messages
    assert all("accepted 7" in message for message in messages if message)
    with odoo_env(database) as env:
        assert env["purchase.order.line"].browse(line_id).jxc_qty_billed == 4
