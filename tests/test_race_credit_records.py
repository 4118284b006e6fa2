# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two people work on the same credit record or price change at the same moment."""

import xmlrpc.client
from datetime import date, timedelta

import pytest

from races import at_once

ROUNDS = 4
BOSSES = ("boss_one", "boss_two")


@pytest.fixture(scope="module")
def world(database, odoo_env):
    """Two who may decide on credit and prices, customers, and a product of 100."""
    with odoo_env(database) as env:
        groups = env.ref("jxc_base.group_credit_manager")
        groups += env.ref("jxc_sales.group_price_manager")
        groups += env.ref("sales_team.group_sale_manager")
        env["res.users"].create(
            [
                {"name": login, "login": login, "group_ids": [(6, 0, groups.ids)]}
                for login in BOSSES
            ]
        )
        env["tier.definition"].search([]).active = False
        env.company.jxc_price_change_percent = 10
        customers = env["res.partner"].create(
            [{"name": f"Race {n}", "is_company": True} for n in range(ROUNDS)]
        )
        product = env["product.template"].create({"name": "Race", "list_price": 100})
        return {"customers": customers.ids, "product": product.id}


@pytest.fixture(scope="module")
def bosses(serve, rpc, database, world):
    """The clients of one running server."""
    with serve(database, workers=4) as server:
        yield [rpc(server, login) for login in BOSSES]


def _both(bosses, *arguments, **keywords):
    """Have both call the same; return the texts of the refusals, None for none."""

    def call(number):
        try:
            bosses[number].call(*arguments, **keywords)
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    texts = at_once(len(bosses), call)
    assert not any("could not serialize" in (text or "") for text in texts), texts
    return texts


def test_one_account_of_a_customer(bosses, world, database, odoo_env):
    for customer in world["customers"]:
        values = [{"partner_id": customer, "credit_limit": 1000}]
        texts = _both(bosses, "jxc.credit.account", "create", values)
        assert texts.count(None) == 1, texts
    with odoo_env(database) as env:
        domain = [("partner_id", "in", world["customers"])]
        assert env["jxc.credit.account"].search_count(domain) == ROUNDS


def test_promise_is_accepted_once(bosses, database, odoo_env):
    with odoo_env(database) as env:
        customer = env["res.partner"].create({"name": "Promiser", "is_company": True})
        account = env["jxc.credit.account"].create({"partner_id": customer.id})
        promises = env["jxc.credit.promise"].create(
            [
                {
                    "account_id": account.id,
                    "amount": 100 + number,
                    "date": date.today() + timedelta(days=5),
                }
                for number in range(ROUNDS)
            ]
        )
        ids = {promise.id: promise.amount for promise in promises}
        account_id = account.id
    for promise_id in ids:
        _both(bosses, "jxc.credit.promise", "action_accept", [promise_id])
    with odoo_env(database) as env:
        promises = env["jxc.credit.promise"].browse(ids)
        assert all(promise.accepted_by_id for promise in promises)
        bodies = env["jxc.credit.account"].browse(account_id).message_ids.mapped("body")
        for amount in ids.values():
            assert sum(f"{amount:.2f}" in body for body in bodies) == 1, bodies


def test_price_change_takes_effect_once(bosses, world, database, odoo_env):
    with odoo_env(database) as env:
        asker = env["res.users"].create(
            {
                "name": "price_asker",
                "login": "price_asker",
                "group_ids": [
                    (6, 0, env.ref("sales_team.group_sale_salesman_all_leads").ids)
                ],
            }
        )
        changes = (
            env["jxc.price.change"]
            .with_user(asker)
            .create(
                [
                    {
                        "reason": "Season",
                        "line_ids": [
                            (
                                0,
                                0,
                                {
                                    "product_tmpl_id": world["product"],
                                    "new_price": 150 + 50 * number,
                                },
                            )
                        ],
                    }
                    for number in range(ROUNDS)
                ]
            )
        )
        ids = changes.ids
        changes.action_submit()
        assert set(changes.mapped("state")) == {"requested"}
    for change_id in ids:
        _both(bosses, "jxc.price.change", "action_approve", [change_id])
    with odoo_env(database) as env:
        changes = env["jxc.price.change"].browse(ids)
        assert set(changes.mapped("state")) == {"done"}
        logs = env["jxc.price.log"].search([("change_id", "in", ids)])
        assert len(logs) == ROUNDS, logs.mapped("what")
        product = env["product.template"].browse(world["product"])
        assert product.list_price == 150 + 50 * (ROUNDS - 1)
