# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Buyers make orders of the same request lines at the same moment, over HTTP."""

import pytest

from clients import Refused
from races import at_once

ROUNDS = 5
BUYERS = ("lines_buyer_1", "lines_buyer_2", "lines_buyer_3")
NEED = 10


@pytest.fixture(scope="module")
def requests(database, odoo_env):
    """Approved requests of two lines each, and a vendor: ids."""
    with odoo_env(database) as env:
        group = env.ref("purchase.group_purchase_user").id
        env["res.users"].create(
            [
                {"name": login, "login": login, "group_ids": [(6, 0, [group])]}
                for login in BUYERS
            ]
        )
        env["tier.definition"].search([]).active = False
        env.company.jxc_duplicate_control = "off"
        asker = env["res.users"].create(
            {
                "name": "Asker",
                "login": "lines_asker",
                "group_ids": [
                    (6, 0, [env.ref("jxc_purchase.group_purchase_requester").id])
                ],
            }
        )
        teas = env["product.product"].create(
            [{"name": name, "is_storable": True} for name in ("Green", "Black")]
        )
        lines = [(0, 0, {"product_id": tea.id, "product_qty": NEED}) for tea in teas]
        found = env["jxc.purchase.request"].with_user(asker)
        found = found.create([{"line_ids": lines} for _round in range(ROUNDS)])
        found.action_submit()
        found.with_env(env).action_approve()
        assert set(found.mapped("state")) == {"approved"}
        vendor = env["res.partner"].create({"name": "Tea Vendor"})
        return {"requests": found.ids, "vendor": vendor.id}


def test_nothing_is_ordered_twice(serve, json2, database, odoo_env, requests):
    """All have the wizard open for all of it; together they order what is needed."""
    with serve(database, workers=4) as server:
        clients = [json2(server, login) for login in BUYERS]
        for request_id in requests["requests"]:
            wizards = []
            for client in clients:
                action = client.call(
                    "jxc.purchase.request", "action_create_orders", ids=[request_id]
                )
                wizard = [action["res_id"]]
                lines = client.call(
                    "jxc.purchase.request.order.line",
                    "search",
                    domain=[("wizard_id", "in", wizard)],
                )
                client.call(
                    "jxc.purchase.request.order.line",
                    "write",
                    ids=lines,
                    vals={"vendor_id": requests["vendor"]},
                )
                wizards.append(wizard)

            def order(number, wizards=wizards):
                try:
                    clients[number].call(
                        "jxc.purchase.request.order",
                        "action_create",
                        ids=wizards[number],
                    )
                except Refused as refusal:
                    # In words, not as a failure of the database.
                    assert "serialize" not in str(refusal)
                    return 0
                return 1

            assert sum(at_once(len(clients), order)) == 1
    with odoo_env(database) as env:
        for request in env["jxc.purchase.request"].browse(requests["requests"]):
            lines = request.line_ids
            assert lines.mapped("qty_in_rfq") == [NEED, NEED]
            assert lines.mapped("qty_open") == [0, 0]
            orders = lines.link_ids.order_line_id
            assert sum(orders.mapped("product_qty")) == 2 * NEED
            assert len(orders.order_id) == 1
