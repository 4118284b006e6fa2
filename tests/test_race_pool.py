# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many salespeople claim the same customer, and one claims many, at the same time."""

import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

SELLERS = 6
LIMIT = 4
#: a customer and its open lead
PLACES = 2


@pytest.fixture(scope="module")
def pool(database, odoo_env):
    """A company with a pool, salespeople, and customers nobody owns."""
    with odoo_env(database) as env:
        env.company.write({"jxc_pool_active": True, "jxc_pool_limit": LIMIT})
        group = env.ref("sales_team.group_sale_salesman")
        sellers = env["res.users"].create(
            [
                {
                    "name": f"Seller {number}",
                    "login": f"race-seller-{number}",
                    "password": PASSWORD,
                    "group_ids": [(4, group.id)],
                }
                for number in range(SELLERS)
            ]
        )
        customers = env["res.partner"].create(
            [{"name": f"Race Shop {number}"} for number in range(SELLERS + 1)]
        )
        customers._jxc_fall("fall")
        env["crm.lead"].create(
            [
                {"name": "Race Deal", "partner_id": one.id, "user_id": False}
                for one in customers
            ]
        )
        return sellers.mapped("login"), customers.ids


def _claim(server, login, customer):
    """Claim over XML-RPC; return the refusal, or None."""
    client = XmlRpc(server.url, server.database, login, PASSWORD)
    try:
        client.call("res.partner", "action_jxc_claim", [customer])
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None


def test_one_wins_and_the_others_are_told(serve, database, odoo_env, pool):
    """One customer, one owner, and nobody sees an error of the database."""
    logins, customers = pool
    with serve(database, workers=4) as server:
        refused = at_once(
            SELLERS, lambda number: _claim(server, logins[number], customers[0])
        )
    winners = [logins[n] for n, refusal in enumerate(refused) if refusal is None]
    assert len(winners) == 1
    told = [refusal for refusal in refused if refusal]
    assert [
        refusal
        for refusal in told
        if "belongs to" not in refusal and "claimed by somebody else" not in refusal
    ] == []
    with odoo_env(database) as env:
        customer = env["res.partner"].browse(customers[0])
        assert customer.user_id.login == winners[0]
        log = env["jxc.pool.log"].search(
            [("partner_id", "=", customer.id), ("kind", "=", "claim")]
        )
        assert log.new_owner_id == customer.user_id


def test_the_limit_of_a_person_holds(serve, database, odoo_env, pool):
    """Who claims more than the limit at the same moment gets exactly the limit."""
    logins, customers = pool
    with odoo_env(database) as env:
        last = env["res.users"].search([("login", "=", logins[-1])])
        for model in ("res.partner", "crm.lead"):
            env[model].search([("user_id", "=", last.id)]).user_id = False
        env["jxc.pool.quota"].search([]).unlink()
    wanted = customers[1:]
    with serve(database, workers=4) as server:
        # no claim before: these also race for the row of the person's quota
        refused = at_once(
            len(wanted), lambda number: _claim(server, logins[-1], wanted[number])
        )
    with odoo_env(database) as env:
        owner = [("user_id.login", "=", logins[-1])]
        owned = env["res.partner"].search_count(owner)
        assert owned + env["crm.lead"].search_count(owner) == LIMIT
        assert owned == LIMIT // PLACES
    told = [refusal for refusal in refused if refusal]
    assert len(told) == len(wanted) - LIMIT // PLACES
    assert [refusal for refusal in told if f"limit is {LIMIT}" not in refusal] == []
