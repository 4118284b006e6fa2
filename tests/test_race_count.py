# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Stock counts that are started, filled in, submitted and applied at the same time."""

import pytest

from clients import Refused
from races import at_once

CLIENTS = 6


@pytest.fixture(scope="module")
def goods(database, odoo_env):
    """Ten products with 100 each in the stock of the first warehouse."""
    with odoo_env(database) as env:
        warehouse = env["stock.warehouse"].search([], limit=1)
        products = env["product.product"].create(
            [{"name": f"Race {i}", "is_storable": True} for i in range(10)]
        )
        for product in products:
            env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, 100
            )
        reason = env["jxc.stock.count.reason"].search([], limit=1)
        return {
            "warehouse_id": warehouse.id,
            "location_id": warehouse.lot_stock_id.id,
            "product_ids": products.ids,
            "reason_id": reason.id,
        }


@pytest.fixture(scope="module")
def client(serve, json2, database):
    """A JSON-2 client of a server with several workers."""
    with serve(database, workers=4) as server:
        yield json2(server)


def _create_counts(env, goods, number):
    values = {
        "warehouse_id": goods["warehouse_id"],
        "product_ids": goods["product_ids"],
        "reason_id": goods["reason_id"],
    }
    return env["jxc.stock.count"].create([values] * number)


def _try(client, *arguments, **keywords):
    """Return the refusal's message, empty when there was none."""
    try:
        client.call(*arguments, **keywords)
    except Refused as refusal:
        return refusal.message
    return ""


def test_one_of_many_starts(client, database, odoo_env, goods):
    """Of counts of the same stock that start together, one does."""
    for _turn in range(2):
        with odoo_env(database) as env:
            ids = _create_counts(env, goods, CLIENTS).ids
        messages = at_once(
            CLIENTS,
            lambda n, ids=ids: _try(
                client, "jxc.stock.count", "action_start", ids=[ids[n]]
            ),
        )
        assert all("already counts" in message for message in messages if message)
        with odoo_env(database) as env:
            counts = env["jxc.stock.count"].browse(ids)
            started = counts.filtered(lambda count: count.state == "in_progress")
            assert len(started) == 1
            assert messages.count("") == 1
            counts.action_cancel()


def test_nobody_overwrites_and_nothing_is_applied_twice(
    client, database, odoo_env, goods
):
    """People count one product on their own sheets; many submit and apply at once."""
    product = goods["product_ids"][0]
    with odoo_env(database) as env:
        count = _create_counts(env, goods, 1)
        count.uncounted = "keep"
        count.action_start()
        sheets = env["jxc.stock.count.sheet"].create(
            [{"count_id": count.id} for _n in range(CLIENTS)]
        )
        count_id, sheet_ids = count.id, sheets.ids

    def enter(number):
        entry = {
            "sheet_id": sheet_ids[number],
            "product_id": product,
            "location_id": goods["location_id"],
            "quantity": 10 + number,
        }
        return _try(client, "jxc.stock.count.entry", "create", vals_list=[entry])

    assert at_once(CLIENTS, enter) == [""] * CLIENTS
    seen = sum(10 + number for number in range(CLIENTS))
    with odoo_env(database) as env:
        line = env["jxc.stock.count"].browse(count_id).line_ids.filtered("is_counted")
        assert line.counted_quantity == seen

    at_once(
        3, lambda _n: _try(client, "jxc.stock.count", "action_submit", ids=[count_id])
    )
    with odoo_env(database) as env:
        assert env["jxc.stock.count"].browse(count_id).state == "submitted"
    messages = at_once(
        CLIENTS,
        lambda n: (
            _try(client, "jxc.stock.count", "action_apply", ids=[count_id])
            if n % 2
            else _try(client, "jxc.stock.count.line", "action_apply", ids=line.ids)
        ),
    )
    assert messages.count("") >= 1
    with odoo_env(database) as env:
        count = env["jxc.stock.count"].browse(count_id)
        assert count.state == "done"
        moves = env["stock.move"].search(
            [("jxc_count_line_id", "in", count.line_ids.ids)]
        )
        assert len(moves) == 1
        assert moves.quantity == 100 - seen
        quant = env["stock.quant"].search(
            [
                ("product_id", "=", product),
                ("location_id", "=", goods["location_id"]),
            ]
        )
        assert sum(quant.mapped("quantity")) == seen


def test_entries_and_submission_at_once(client, database, odoo_env, goods):
    """An entry is in the result or refused, never lost."""
    product = goods["product_ids"][1]
    for _turn in range(3):
        with odoo_env(database) as env:
            count = _create_counts(env, goods, 1)
            count.uncounted = "keep"
            count.action_start()
            sheets = env["jxc.stock.count.sheet"].create(
                [{"count_id": count.id} for _n in range(CLIENTS)]
            )
            count_id, sheet_ids = count.id, sheets.ids

        def act(number, count_id=count_id, sheet_ids=sheet_ids):
            if not number:
                return _try(client, "jxc.stock.count", "action_submit", ids=[count_id])
            entry = {
                "sheet_id": sheet_ids[number],
                "product_id": product,
                "location_id": goods["location_id"],
                "quantity": 1,
            }
            return _try(client, "jxc.stock.count.entry", "create", vals_list=[entry])

        messages = at_once(CLIENTS, act)
        with odoo_env(database) as env:
            count = env["jxc.stock.count"].browse(count_id)
            entered = messages[1:].count("")
            assert messages[0] == "" and count.state == "submitted"
            entries = env["jxc.stock.count.entry"].search([("count_id", "=", count_id)])
            assert len(entries) == entered
            line = count.line_ids.filtered(lambda line: line.product_id.id == product)
            assert line.counted_quantity == entered
            settled = "settled" if entered else "kept"
            assert line.state == settled
            count.action_cancel()


def test_same_find_at_once(client, database, odoo_env, goods):
    """Two people find the same unexpected product: one line, both entries."""
    with odoo_env(database) as env:
        count = env["jxc.stock.count"].create({"warehouse_id": goods["warehouse_id"]})
        count.action_start()
        product = env["product.product"].create({"name": "Find", "is_storable": True})
        sheets = env["jxc.stock.count.sheet"].create(
            [{"count_id": count.id} for _n in range(CLIENTS)]
        )
        count_id, sheet_ids, found = count.id, sheets.ids, product.id

    def enter(number):
        entry = {
            "sheet_id": sheet_ids[number],
            "product_id": found,
            "location_id": goods["location_id"],
            "quantity": 2,
        }
        return _try(client, "jxc.stock.count.entry", "create", vals_list=[entry])

    assert at_once(CLIENTS, enter) == [""] * CLIENTS
    with odoo_env(database) as env:
        count = env["jxc.stock.count"].browse(count_id)
        line = count.line_ids.filtered(lambda line: line.product_id.id == found)
        assert len(line) == 1
        assert line.counted_quantity == 2 * CLIENTS
        count.action_cancel()


def test_an_allocation_is_confirmed_once(client, database, odoo_env, goods):
    """Of confirmations that arrive together one makes the transfers."""
    with odoo_env(database) as env:
        shop = env["stock.warehouse"].create({"name": "Race Shop", "code": "RACE"})
        allocation = env["jxc.stock.allocation"].create(
            {
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": goods["product_ids"][2],
                            "source_id": goods["warehouse_id"],
                            "target_id": shop.id,
                            "quantity": 30,
                        },
                    )
                ]
            }
        )
        allocation_id = allocation.id
    messages = at_once(
        CLIENTS,
        lambda _n: _try(
            client, "jxc.stock.allocation", "action_confirm", ids=[allocation_id]
        ),
    )
    assert messages.count("") == 1
    assert all("no draft" in message for message in messages if message)
    with odoo_env(database) as env:
        allocation = env["jxc.stock.allocation"].browse(allocation_id)
        assert allocation.picking_count == 2
        quant = env["stock.quant"].search(
            [
                ("product_id", "=", goods["product_ids"][2]),
                ("location_id", "=", goods["location_id"]),
            ]
        )
        assert sum(quant.mapped("reserved_quantity")) == 30
