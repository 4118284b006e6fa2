# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many clients call off from one framework agreement at the same time."""

import pytest

from odoo.exceptions import UserError

from clients import Refused
from races import at_once

AGREED = 100
QUANTITY = 8
PRICE = 5.0
CLIENTS = 12


@pytest.fixture(scope="module")
def call_offs(database, odoo_env):
    """Draft call-offs of 8 each from an agreement on 100 pieces."""
    with odoo_env(database) as env:
        vendor = env["res.partner"].create({"name": "Race Vendor"})
        product = env["product.product"].create(
            {"name": "Race Product", "supplier_taxes_id": False}
        )
        line = {"product_id": product.id, "product_qty": AGREED, "price_unit": PRICE}
        agreement = env["purchase.requisition"].create(
            {
                "vendor_id": vendor.id,
                "requisition_type": "blanket_order",
                "line_ids": [(0, 0, line)],
            }
        )
        agreement.action_confirm()
        line = {"product_id": product.id, "product_qty": QUANTITY, "price_unit": PRICE}
        values = {
            "partner_id": vendor.id,
            "requisition_id": agreement.id,
            "order_line": [(0, 0, line)],
        }
        orders = env["purchase.order"].create([values] * (CLIENTS * 2))
        return {"ids": orders.ids, "agreement_id": agreement.id}


def test_agreement_holds_over_rpc(serve, json2, database, odoo_env, call_offs):
    """Confirming, widening and cancelling at once never pass what was agreed."""
    with serve(database, workers=4) as server:
        client = json2(server)
        results = at_once(CLIENTS, lambda n: _call_off(client, call_offs["ids"], n))
    faults = [fault for faults in results for fault in faults]
    unexpected = [fault for fault in faults if "Race Product" not in fault]
    assert unexpected == [], "only the agreement may refuse"
    assert faults, "more was asked than agreed"
    with odoo_env(database) as env:
        line = env["purchase.requisition"].browse(call_offs["agreement_id"]).line_ids
        orders = env["purchase.order"].browse(call_offs["ids"])
        confirmed = orders.filtered(lambda order: order.state == "purchase")
        ordered = sum(confirmed.order_line.mapped("product_qty"))
        assert 0 < ordered <= AGREED
        assert line.jxc_qty_left == AGREED - ordered, "taken is what orders say"


def test_the_rest_can_be_called_off(database, odoo_env, call_offs):
    """After the race exactly the rest is there, and nothing more."""
    with odoo_env(database) as env:
        line = env["purchase.requisition"].browse(call_offs["agreement_id"]).line_ids
        orders = env["purchase.order"].browse(call_offs["ids"])
        drafts = orders.filtered(lambda order: order.state == "draft")
        left = line.jxc_qty_left
        drafts[0].order_line.product_qty = left + 1
        with pytest.raises(UserError, match="missing 1"), env.cr.savepoint():
            drafts[0].button_confirm()
        if left:
            drafts[0].order_line.product_qty = left
            drafts[0].button_confirm()
        line.invalidate_recordset()
        assert line.jxc_qty_left == 0


def _call_off(client, order_ids, number):
    """Confirm two call-offs; some are widened, some cancelled again."""
    faults = []
    for position, order_id in enumerate(order_ids[number * 2 : number * 2 + 2]):
        try:
            client.call("purchase.order", "button_confirm", ids=[order_id])
            if position == 0 and number % 3 == 0:
                client.call("purchase.order", "button_cancel", ids=[order_id])
            elif position == 0 and number % 3 == 1:
                lines = client.call(
                    "purchase.order.line",
                    "search",
                    domain=[["order_id", "=", order_id]],
                )
                client.call(
                    "purchase.order.line",
                    "write",
                    ids=lines,
                    vals={"product_qty": QUANTITY * 2},
                )
        except Refused as refusal:
            faults.append(refusal.message)
    return faults
