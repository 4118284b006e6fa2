# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Goods without order, and the invoices that bill them, at the same moment.

Which goods an invoice bills is found by reading: two that find the same goods would
both seem to add nothing.
"""

import xmlrpc.client

import pytest

from races import at_once
from selling import create_customer, create_goods

ROUNDS = 4
PEOPLE = ("keeper_one", "keeper_two")


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """Two who ship and bill, a product of 100, and customers with a limit of 1,000."""
    with odoo_env(database) as env:
        groups = env.ref("stock.group_stock_user")
        groups += env.ref("account.group_account_manager")
        env["res.users"].create(
            [
                {"name": login, "login": login, "group_ids": [(6, 0, groups.ids)]}
                for login in PEOPLE
            ]
        )
        product = create_goods(env, "Raced", quantity=1000)
        return {
            "product": product.id,
            "customers": [
                create_customer(env, f"Unordered {n}", limit=1000).id
                for n in range(2 * ROUNDS)
            ],
        }


@pytest.fixture(scope="module")
def people(serve, rpc, database, world):
    """The clients of one running server."""
    with serve(database, workers=4) as server:
        yield [rpc(server, login) for login in PEOPLE]


def _delivery(env, customer, product):
    """Ten pieces ready to leave by hand."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    places = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    move = {"product_id": product, "product_uom_qty": 10, **places}
    picking = env["stock.picking"].create(
        {
            "partner_id": customer,
            "picking_type_id": warehouse.out_type_id.id,
            "move_ids": [(0, 0, move)],
            **places,
        }
    )
    picking.action_confirm()
    picking.move_ids.write({"quantity": 10, "picked": True})
    return picking


def _bill(env, customer, product):
    line = {"product_id": product, "quantity": 10, "price_unit": 100, "tax_ids": False}
    return env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer,
            "invoice_date": "2026-01-01",
            "invoice_line_ids": [(0, 0, line)],
        }
    )


def _both(people, model, method, ids):
    """Have each call the method on one of the ids; return how many were refused."""

    def call(number):
        try:
            people[number].call(model, method, [ids[number]])
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    texts = at_once(len(people), call)
    assert not any("could not serialize" in (text or "") for text in texts), texts
    refused = [text for text in texts if text]
    assert all("Unordered" in text for text in refused), refused
    return len(refused)


def _exposures(env, customers):
    accounts = env["jxc.credit.account"].search([("partner_id", "in", customers)])
    assert len(accounts) == len(customers)
    return set(accounts.mapped("exposure"))


def test_two_invoices_over_the_same_goods(people, world, database, odoo_env):
    customers = world["customers"][:ROUNDS]
    with odoo_env(database) as env:
        bills = {}
        for customer in customers:
            _delivery(env, customer, world["product"])._action_done()
            bills[customer] = [
                _bill(env, customer, world["product"]).id for _one in PEOPLE
            ]
        assert _exposures(env, customers) == {1000.0}
    for ids in bills.values():
        assert _both(people, "account.move", "action_post", ids) == 1
    with odoo_env(database) as env:
        assert _exposures(env, customers) == {1000.0}


def test_two_deliveries_of_goods_billed_in_advance(people, world, database, odoo_env):
    customers = world["customers"][ROUNDS:]
    with odoo_env(database) as env:
        deliveries = {}
        for customer in customers:
            _bill(env, customer, world["product"]).action_post()
            deliveries[customer] = [
                _delivery(env, customer, world["product"]).id for _one in PEOPLE
            ]
        env["res.company"].search([]).write({"stock_text_confirmation": False})
        assert _exposures(env, customers) == {1000.0}
    for ids in deliveries.values():
        assert _both(people, "stock.picking", "button_validate", ids) == 1
    with odoo_env(database) as env:
        assert _exposures(env, customers) == {1000.0}
