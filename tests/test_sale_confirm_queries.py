# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Confirming an order asks the same, however much its customer bought before."""

import sys
from collections import Counter

import pytest

from asked import by_table, counted

#: Orders that were delivered, invoiced and, every second one, paid.
CLOSED = 300
LINES = (1, 10)


@pytest.fixture(scope="module")
def history_of(repo):
    """The maker of past sales that the measurements use, too."""
    sys.path.insert(0, str(repo / "scripts" / "bench"))
    try:
        from history import SalesHistory

        yield SalesHistory
    finally:
        sys.path.pop(0)


def prepare(env):
    """A customer with a limit that blocks, and goods in stock; returns their ids."""
    customer = env["res.partner"].create({"name": "Bench", "is_company": True})
    env["jxc.credit.account"].create(
        {
            "partner_id": customer.id,
            "credit_limit": 1e9,
            "order_action": "block",
            "delivery_action": "block",
        }
    )
    products = env["product.product"].create(
        [{"name": f"Bench {one}", "is_storable": True} for one in range(max(LINES))]
    )
    shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, shelf, 1e6)
    return customer.id, products.ids


def queries(odoo_env, database, customer_id, product_ids):
    """Return ``{lines: texts}`` of confirming an order of so many lines."""
    found = {}
    for number in (LINES[0], *LINES):
        with odoo_env(database) as env:
            lines = [
                (0, 0, {"product_id": one, "product_uom_qty": 1, "price_unit": 10})
                for one in product_ids[:number]
            ]
            order = env["sale.order"].create(
                {"partner_id": customer_id, "order_line": lines}
            )
        with odoo_env(database) as env:
            order = env["sale.order"].browse(order.id)
            with counted() as texts:
                order.action_confirm()
                env.flush_all()
            assert order.state == "sale"
            # The first order of a process fills its caches: counted again.
            found[number] = texts
    return found


def test_closed_documents_cost_no_query(database, odoo_env, history_of):
    """Credit, terms, prices and approvals look at what is open only."""
    with odoo_env(database) as env:
        ids = prepare(env)
    new = queries(odoo_env, database, *ids)
    with odoo_env(database) as env:
        customer = env["res.partner"].browse(ids[0])
        products = env["product.product"].browse(ids[1])
        history_of(env, customer, products, CLOSED).build()
        assert len(customer.sale_order_ids) >= CLOSED
    old = queries(odoo_env, database, *ids)
    for number in LINES:
        more = by_table(old[number])
        more.subtract(by_table(new[number]))
        assert +more == Counter(), number
