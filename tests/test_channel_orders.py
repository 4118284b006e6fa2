# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A shop sends its orders over JSON-2: with our example client, and twice at once."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clients import Json2, Refused
from races import at_once

CLIENT = Path(__file__).resolve().parent.parent / "docs/examples/channel_client.py"


@pytest.fixture(scope="module")
def shop(database, odoo_env):
    """A channel with one product of which there is a lot, and a key for its API."""
    with odoo_env(database, "admin") as env:
        product = env["product.product"].create(
            {"name": "Shop Goods", "default_code": "SG-1", "is_storable": True}
        )
        warehouse = env["stock.warehouse"].search([], limit=1)
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 5000
        )
        channel = env["jxc.sale.channel"].create(
            {
                "name": "Shop",
                "code": "SHOP",
                "partner_id": env["res.partner"].create({"name": "Shop Buyers"}).id,
                "product_ids": [(0, 0, {"sku": "SG-1", "product_id": product.id})],
            }
        )
        expires = datetime.now() + timedelta(days=1)
        key = env["res.users.apikeys"]._generate("rpc", "shop", expires)
        return {"id": channel.id, "key": key}


def _orders(prefix, count):
    lines = [{"sku": "SG-1", "quantity": 1, "price": 10}]
    return [{"number": f"{prefix}{n}", "lines": lines} for n in range(count)]


def _run(server, shop, *arguments):
    return subprocess.run(
        [sys.executable, CLIENT, "--url", server.url, "--database", server.database]
        + ["--channel", "SHOP", *arguments],
        env={**os.environ, "JXC_API_KEY": shop["key"], "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_example_client(server, shop, tmp_path):
    """The client of the documentation works, also when it is run again."""
    file = tmp_path / "orders.json"
    bad = {"number": "BAD", "lines": []}
    file.write_text(json.dumps([*_orders("EX", 2), bad]))
    for status in ("created", "exists"):
        done = _run(server, shop, str(file))
        assert done.returncode == 1, done.stderr
        lines = [line.split() for line in done.stdout.splitlines()]
        assert [line[:2] for line in lines] == [
            ["EX0", status],
            ["EX1", status],
            ["BAD", "refused"],
        ]
    stock = _run(server, shop, "--stock")
    assert stock.stdout.split()[0] == "SG-1"
    assert 4900 < float(stock.stdout.split()[1]) <= 5000
    assert _run(server, shop).returncode == 2


@pytest.mark.parametrize("method", ["import_orders", "push_stock"])
def test_call_has_to_name_one_channel(server, shop, database, odoo_env, method):
    """No channel, several and a deleted one are the caller's mistake, and told so."""
    with odoo_env(database, "admin") as env:
        channel = env["jxc.sale.channel"].browse(shop["id"])
        other, gone = (
            channel.copy({"code": f"2-{method}"}),
            channel.copy({"code": f"3-{method}"}),
        )
        several, gone_id = [channel.id, other.id], gone.id
        gone.unlink()
    client = Json2(server.url, server.database, shop["key"])
    more = {"orders": []} if method == "import_orders" else {}
    for ids in ([], several):
        with pytest.raises(Refused) as refused:
            client.call("jxc.sale.channel", method, ids=ids, **more)
        assert refused.value.status == 422
        assert "UserError" in str(refused.value)
        assert str(len(ids)) in str(refused.value)
    with pytest.raises(Refused) as refused:
        client.call("jxc.sale.channel", method, ids=[gone_id], **more)
    assert refused.value.status == 404


def test_same_orders_at_once(serve, shop, database, odoo_env):
    """Many senders of the same orders: each is made once, nobody gets an error."""
    orders = _orders("RACE", 10)
    with serve(database, workers=4) as server:

        def send(_number):
            client = Json2(server.url, server.database, shop["key"])
            return client.call(
                "jxc.sale.channel", "import_orders", ids=[shop["id"]], orders=orders
            )

        answers = at_once(6, send)
    statuses = [result["status"] for answer in answers for result in answer]
    assert set(statuses) == {"created", "exists"}
    assert statuses.count("created") == len(orders)
    with odoo_env(database) as env:
        made = env["sale.order"].search([("jxc_channel_number", "like", "RACE%")])
        assert len(made) == len(orders)
        assert set(made.mapped("state")) == {"sale"}
