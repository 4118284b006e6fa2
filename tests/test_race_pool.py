# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Many salespeople claim the same customer, and one claims many, at the same time."""

import functools
import itertools
import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

SELLERS = 6
LIMIT = 4
#: a customer and its open lead
PLACES = 2
#: times that two things meet
ROUNDS = 6


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


def _claim(server, login, record, model="res.partner"):
    """Claim over XML-RPC; return the refusal, or None."""
    client = XmlRpc(server.url, server.database, login, PASSWORD)
    try:
        client.call(model, "action_jxc_claim", [record])
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


def test_one_wins_each_lead(serve, database, odoo_env, pool):
    """Leads of nobody's, without a customer yet: several, all at once for each."""
    logins, _customers = pool
    with odoo_env(database) as env:
        leads = env["crm.lead"].create(
            [
                {"name": f"Race Lead {number}", "user_id": False}
                for number in range(ROUNDS)
            ]
        )
        leads._jxc_fall("fall")
        env.company.jxc_pool_limit = 100
        leads = leads.ids
    with serve(database, workers=4) as server:
        results = [
            at_once(
                SELLERS,
                lambda number, lead=lead: _claim(
                    server, logins[number], lead, "crm.lead"
                ),
            )
            for lead in leads
        ]
    with odoo_env(database) as env:
        env.company.jxc_pool_limit = LIMIT
        for lead, refused in zip(leads, results, strict=True):
            winners = [logins[n] for n, told in enumerate(refused) if told is None]
            lead = env["crm.lead"].browse(lead)
            assert winners == [lead.user_id.login]
            assert all(
                "belongs to" in told or "claimed by somebody else" in told
                for told in refused
                if told
            )
            log = env["jxc.pool.log"].search([("lead_id", "=", lead.id)], order="id")
            assert log.mapped("kind") == ["fall", "claim"]
            assert log[-1].new_owner_id == lead.user_id
        # the other tests count what each of them owns
        env["crm.lead"].browse(leads).unlink()


def _history(env, customer):
    """Owners of a customer one after the other, as the history tells it."""
    log = env["jxc.pool.log"].search([("partner_id", "=", customer)], order="id")
    for former, latter in itertools.pairwise(log):
        assert latter.old_owner_id == former.new_owner_id
    return log


def test_assigned_while_it_is_claimed(serve, database, odoo_env, pool):
    """Nobody keeps a customer that he was told is not his, and nothing is skipped."""
    logins, _customers = pool
    with odoo_env(database) as env:
        boss, wanted = _boss(env)
        customers = env["res.partner"].create(
            [{"name": f"Assigned {number}"} for number in range(ROUNDS)]
        )
        customers._jxc_fall("fall")
        customers = customers.ids

    def act(server, customer, number):
        if number:
            return _claim(server, logins[0], customer)
        client = XmlRpc(server.url, server.database, boss, PASSWORD)
        try:
            client.call("res.partner", "write", [customer], {"user_id": wanted})
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    with serve(database, workers=4) as server:
        results = [
            at_once(2, functools.partial(act, server, customer))
            for customer in customers
        ]
    with odoo_env(database) as env:
        for customer, (assigned, claimed) in zip(customers, results, strict=True):
            log = _history(env, customer)
            assert assigned is None, "a manager's word holds, before or after"
            owner = env["res.partner"].browse(customer).user_id
            assert owner == log[-1].new_owner_id
            assert owner.id == wanted, "whoever came first"
            kinds = log.mapped("kind")
            if claimed is None:  # came first, and was assigned to another then
                assert kinds == ["fall", "claim", "assign"]
            else:
                assert kinds == ["fall", "assign"]
                assert "belongs to" in claimed or "claimed by somebody" in claimed


def test_merged_while_it_is_claimed(serve, database, odoo_env, pool):
    """What is merged away and what stays end as one customer with one owner."""
    logins, _customers = pool
    with odoo_env(database) as env:
        boss, _wanted = _boss(env)
        env.company.jxc_pool_limit = 100
        kept, gone = (
            env["res.partner"].create(
                [{"name": f"{word} {number}"} for number in range(ROUNDS)]
            )
            for word in ("Kept", "Gone")
        )
        (kept | gone)._jxc_fall("fall")
        pairs = list(zip(kept.ids, gone.ids, strict=True))

    def act(server, pair, number):
        if number:
            return _claim(server, logins[number], pair[number - 1])
        client = XmlRpc(server.url, server.database, boss, PASSWORD)
        try:
            wizard = client.call(
                "jxc.partner.merge",
                "create",
                {"partner_ids": [(6, 0, pair)], "dst_partner_id": pair[0]},
            )
            client.call("jxc.partner.merge", "write", [wizard], {"reason": "twice"})
            client.call("jxc.partner.merge", "action_merge", [wizard])
        except xmlrpc.client.Fault as fault:
            return fault.faultString
        return None

    with serve(database, workers=4) as server:
        results = [at_once(3, functools.partial(act, server, pair)) for pair in pairs]
    with odoo_env(database) as env:
        sellers = {
            number: env["res.users"].search([("login", "=", logins[number])])
            for number in (1, 2)
        }
        for pair, (merged, of_kept, of_gone) in zip(pairs, results, strict=True):
            assert merged is None
            partner = env["res.partner"].browse(pair).exists()
            assert partner.ids == [pair[0]]
            assert partner.jxc_pool_state == ("owned" if partner.user_id else "pool")
            if of_kept is None:
                assert partner.user_id == sellers[1]
            elif of_gone is None:
                assert partner.user_id == sellers[2]
            log = env["jxc.pool.log"].search([("partner_id", "=", partner.id)])
            claimed = log.filtered(lambda row: row.kind == "claim").new_owner_id
            told_yes = [
                sellers[number]
                for number, refusal in ((1, of_kept), (2, of_gone))
                if refusal is None
            ]
            assert set(claimed) == set(told_yes), "no claim gets lost"


def test_a_night_is_not_lost_by_a_customer_that_is_written(database, odoo_env, pool):
    """Who writes a customer during the nightly run does not end it for all."""
    logins, _customers = pool
    with odoo_env(database) as env:
        seller = env["res.users"].search([("login", "=", logins[0])])
        rule = {"name": "All", "days": 90, "warn_days": 7, "company_id": env.company.id}
        env["jxc.pool.rule"].create(rule)
        idle = env["res.partner"].create(
            [
                {"name": f"Idle {number}", "user_id": seller.id, "customer_rank": 1}
                for number in range(3)
            ]
        )
        idle.jxc_owner_since = "2026-01-01 08:00:00"
        ids = idle.ids
    with odoo_env(database) as night:
        night.cr.execute("SELECT 1 FROM res_partner LIMIT 1")
        with odoo_env(database) as day:
            day["res.partner"].browse(ids[1]).phone = "0571-1234"
        night["jxc.pool.run"]._cron_run()
    with odoo_env(database) as env:
        idle = env["res.partner"].browse(ids)
        assert all(idle.mapped("jxc_pool_warned_on"))
        assert idle[1].phone == "0571-1234"


def _boss(env):
    """A sales manager's login, and the id of whom he assigns customers to."""
    users = env["res.users"].with_context(active_test=False)
    boss = users.search([("login", "=", "race-boss")])
    if not boss:
        group = env.ref("sales_team.group_sale_manager")
        boss = users.create(
            {
                "name": "Boss",
                "login": "race-boss",
                "password": PASSWORD,
                "group_ids": [(4, group.id)],
            }
        )
    return boss.login, boss.id


def test_the_limit_of_a_person_holds(serve, database, odoo_env, pool):
    """Who claims more than the limit at the same moment gets exactly the limit."""
    logins, customers = pool
    with odoo_env(database) as env:
        env.company.jxc_pool_limit = LIMIT
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
