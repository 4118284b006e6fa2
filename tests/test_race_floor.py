# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A phone whose connection is bad sends the same operation several times at once."""

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

CLIENTS = 8
ROUNDS = 6
KEY = "race-floor-operation-%d"


@pytest.fixture(scope="module")
def transfers(database, odoo_env):
    """A product in stock and two places to move it between."""
    with odoo_env(database) as env:
        warehouse = env["stock.warehouse"].search([], limit=1)
        shelf = warehouse.lot_stock_id
        places = env["stock.location"].create(
            [{"name": name, "location_id": shelf.id} for name in ("Race A", "Race B")]
        )
        product = env["product.product"].create(
            {"name": "Race Goods", "is_storable": True}
        )
        env["stock.quant"]._update_available_quantity(product, places[0], 100)
        return {
            "product_id": product.id,
            "payload": {
                "location_id": places[0].id,
                "location_dest_id": places[1].id,
                "lines": [{"product_id": product.id, "quantity_text": "5"}],
            },
        }


def test_same_key_is_done_once(serve, rpc, database, odoo_env, transfers):
    """Eight messages with one key move the goods once, and all are told that it is
    done; six operations of eight messages each move six times five."""
    with serve(database, workers=4) as server:
        rpc(server)  # sets the password once
        answers = at_once(CLIENTS, lambda number: _client(server, transfers))
    for sent in range(ROUNDS):
        first = [answer[sent] for answer in answers]
        assert len({answer["picking_id"] for answer in first}) == 1
        assert sum(not answer["repeated"] for answer in first) == 1
    with odoo_env(database) as env:
        moves = env["stock.move"].search(
            [("product_id", "=", transfers["product_id"]), ("picking_id", "!=", False)]
        )
        assert moves.mapped("state") == ["done"] * ROUNDS
        assert sum(moves.mapped("quantity")) == ROUNDS * 5
        assert env["jxc.floor.operation"].search_count([]) == ROUNDS


def _client(server, transfers):
    """Send every operation, again and again until there is an answer."""
    client = XmlRpc(server.url, server.database, "admin", PASSWORD)
    answers = []
    for number in range(ROUNDS):
        arguments = KEY % number, "transfer", transfers["payload"]
        answers.append(client.call("jxc.floor.operation", "submit", *arguments))
    return answers
