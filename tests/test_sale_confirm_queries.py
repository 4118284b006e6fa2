# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Confirming an order: beside plain Odoo, and after much that its customer bought."""

import sys
from collections import Counter

import pytest

from asked import by_table, counted

#: Orders that were delivered, invoiced and, every second one, paid.
CLOSED = 300
LINES = (1, 10, 100)
#: What credit, terms, prices and approvals ask on top, at any size; a few of them are
#: the message that the order keeps.
MOST = 21
#: In all: asking less of the same lines elsewhere pays for it.
MOST_IN_ALL = 3


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
    """A customer and goods in stock; returns their ids."""
    customer = env["res.partner"].create({"name": "Bench", "is_company": True})
    products = env["product.product"].create(
        [{"name": f"Bench {one}", "is_storable": True} for one in range(max(LINES))]
    )
    shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, shelf, 1e6)
    return customer.id, products.ids


def control(env, customer_id, product_ids):
    """Everything blocks, and allows it: the limit, lowest prices and margins."""
    env["jxc.credit.account"].create(
        {
            "partner_id": customer_id,
            "credit_limit": 1e9,
            "order_action": "block",
            "delivery_action": "block",
        }
    )
    env["product.product"].browse(product_ids).write(
        {"jxc_min_price": 9, "standard_price": 5}
    )
    env.company.write(
        {
            "jxc_min_price_action": "block",
            "jxc_min_margin_action": "approval",
            "jxc_min_margin": 20,
        }
    )


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


@pytest.fixture(scope="module")
def plain(make_database, platform_template, odoo_env):
    """``{lines: texts}`` of plain Odoo."""
    with make_database(platform_template) as name:
        with odoo_env(name) as env:
            ids = prepare(env)
        return queries(odoo_env, name, *ids)


@pytest.fixture(scope="module")
def controlled(database, odoo_env):
    """Ids of a customer and goods that every check looks at."""
    with odoo_env(database) as env:
        ids = prepare(env)
        control(env, *ids)
    return ids


@pytest.fixture(scope="module")
def suite(database, odoo_env, controlled):
    """``{lines: texts}`` of all addons, before the customer bought anything."""
    return queries(odoo_env, database, *controlled)


def test_no_more_than_plain_odoo_at_any_size(plain, suite):
    """All statements: what is asked on top does not grow with the lines."""
    extra = {number: len(suite[number]) - len(plain[number]) for number in LINES}
    assert max(extra.values()) <= MOST_IN_ALL, extra
    assert extra[100] <= extra[10] <= extra[1], extra


def test_extra_queries_are_few_and_constant(plain, suite):
    """Table by table, so that what is saved elsewhere hides nothing."""
    extra = {
        number: by_table(suite[number]) - by_table(plain[number]) for number in LINES
    }
    assert extra[10].total() <= MOST, extra[10]
    assert extra[100] == extra[10], (extra[10], extra[100])
    assert extra[1].total() <= extra[10].total(), (extra[1], extra[10])


def test_closed_documents_cost_no_query(
    database, odoo_env, history_of, controlled, suite
):
    """Credit, terms, prices and approvals look at what is open only."""
    ids = controlled
    with odoo_env(database) as env:
        customer = env["res.partner"].browse(ids[0])
        products = env["product.product"].browse(ids[1])
        history_of(env, customer, products, CLOSED).build()
        assert len(customer.sale_order_ids) >= CLOSED
    old = queries(odoo_env, database, *ids)
    for number in LINES:
        more = by_table(old[number])
        more.subtract(by_table(suite[number]))
        assert +more == Counter(), number
