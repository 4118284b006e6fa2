# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Claims meet releases and the night; tickets and SMS are each done once."""

import functools
import importlib.util
import os
import signal
import threading
import xmlrpc.client
from datetime import timedelta

import pytest

from odoo import fields
from odoo.service.model import retrying

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

#: times that two things meet
ROUNDS = 5
AGENTS = 4
NUMBER = "13800138000"


@pytest.fixture(scope="module")
def people(database, odoo_env):
    """Logins: two salespeople, and as many agents as close a ticket at once."""
    with odoo_env(database) as env:
        env.company.write({"jxc_pool_active": True, "jxc_pool_limit": 0})
        rule = {"name": "All", "days": 90, "warn_days": 7, "company_id": env.company.id}
        env["jxc.pool.rule"].create(rule)

        def logins(word, count, group):
            users = env["res.users"].create(
                [
                    {
                        "name": f"{word} {number}",
                        "login": f"{word}-{number}",
                        "password": PASSWORD,
                        "group_ids": [(4, env.ref(group).id)],
                    }
                    for number in range(count)
                ]
            )
            return users.mapped("login")

        return (
            logins("seller", 2, "sales_team.group_sale_salesman"),
            logins("agent", AGENTS, "helpdesk_mgmt.group_helpdesk_manager"),
        )


def _call(server, login, model, method, *arguments):
    """Call over XML-RPC; return the refusal, or None."""
    client = XmlRpc(server.url, server.database, login, PASSWORD)
    try:
        client.call(model, method, *arguments)
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None


def _customers(env, login, **values):
    seller = env["res.users"].search([("login", "=", login)])
    return env["res.partner"].create(
        [
            {
                "name": f"Shop {number}",
                "user_id": seller.id,
                "customer_rank": 1,
                **values,
            }
            for number in range(ROUNDS)
        ]
    )


def _assert_told_rightly(env, customer, refusal, claimer, kinds):
    """Whoever was told yes has the customer, whoever was told no has not."""
    partner = env["res.partner"].browse(customer)
    log = env["jxc.pool.log"].search([("partner_id", "=", customer)], order="id")
    if refusal is None:
        assert partner.user_id.login == claimer
        assert log.mapped("kind") == [*kinds, "claim"]
        assert partner.jxc_pool_state == "owned"
    else:
        assert "belongs to" in refusal or "claimed by somebody else" in refusal
        assert not partner.user_id
        assert log.mapped("kind") == kinds
        assert partner.jxc_pool_state == "pool"


def test_claimed_while_it_is_released(serve, database, odoo_env, people):
    (owner, claimer), _agents = people
    with odoo_env(database) as env:
        customers = _customers(env, owner).ids

    def act(server, customer, number):
        login = claimer if number else owner
        method = "action_jxc_claim" if number else "action_jxc_release"
        return _call(server, login, "res.partner", method, [customer])

    with serve(database, workers=4) as server:
        results = [
            at_once(2, functools.partial(act, server, customer))
            for customer in customers
        ]
    with odoo_env(database) as env:
        for customer, (released, claimed) in zip(customers, results, strict=True):
            assert released is None
            _assert_told_rightly(env, customer, claimed, claimer, ["release"])


def test_claimed_while_the_night_runs(serve, database, odoo_env, people):
    """A customer that falls tonight is the claimer's, or free tomorrow."""
    (owner, claimer), _agents = people
    with odoo_env(database) as env:
        customers = _customers(env, owner)
        customers.jxc_owner_since = fields.Datetime.now() - timedelta(days=400)
        yesterday = fields.Date.today() - timedelta(days=1)
        customers.write({"jxc_pool_warned_on": yesterday, "jxc_pool_due": yesterday})
        ids = customers.ids

    def act(server, number):
        if number:
            customer = ids[number - 1]
            return _call(server, claimer, "res.partner", "action_jxc_claim", [customer])
        with odoo_env(database) as env:
            retrying(env["jxc.pool.run"]._cron_run, env)
        return None

    with serve(database, workers=4) as server:
        results = at_once(ROUNDS + 1, functools.partial(act, server))
        # the night has passed: what was refused meanwhile is free now
        again = [
            refusal and _call(server, claimer, "res.partner", "action_jxc_claim", [one])
            for one, refusal in zip(ids, results[1:], strict=True)
        ]
    assert again == [None] * ROUNDS
    with odoo_env(database) as env:
        for customer in ids:
            _assert_told_rightly(env, customer, None, claimer, ["fall"])


def test_ticket_closed_by_many_at_once(serve, database, odoo_env, people):
    """Everybody's click succeeds, the customer is asked for a rating once."""
    agents = people[1]
    with odoo_env(database) as env:
        done = env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        assert done.jxc_asks_rating
        customer = env["res.partner"].create(
            {"name": "Wang Fang", "email": "wang@example.com"}
        )
        values = {"description": "x", "partner_id": customer.id}
        tickets = (
            env["helpdesk.ticket"]
            .create(
                [{"name": f"Broken {number}", **values} for number in range(ROUNDS)]
            )
            .ids
        )
        stage = done.id

    def act(server, ticket, number):
        values = {"stage_id": stage}
        return _call(server, agents[number], "helpdesk.ticket", "write", ticket, values)

    with serve(database, workers=4) as server:
        for ticket in tickets:
            assert at_once(AGENTS, functools.partial(act, server, ticket)) == (
                [None] * AGENTS
            )
    with odoo_env(database) as env:
        for ticket in env["helpdesk.ticket"].browse(tickets):
            assert ticket.closed
            assert ticket.jxc_solved_at
            asked = env["mail.mail"].search(
                [("model", "=", ticket._name), ("res_id", "=", ticket.id)]
            )
            asked = asked.filtered(lambda mail: "/rate/" in (mail.body_html or ""))
            assert len(asked) == 1


def test_ticket_taken_by_many_at_once(serve, database, odoo_env, people):
    """One of them has it in the end, and the history names each one before."""
    agents = people[1]
    with odoo_env(database) as env:
        values = {"name": "Mine", "description": "x", "user_id": False}
        ticket = env["helpdesk.ticket"].create(values).id
        takers = [
            {"user_id": env["res.users"].search([("login", "=", login)]).id}
            for login in agents
        ]
    with serve(database, workers=4) as server:
        told = at_once(
            AGENTS,
            lambda number: _call(
                server,
                agents[number],
                "helpdesk.ticket",
                "write",
                ticket,
                takers[number],
            ),
        )
    assert told == [None] * AGENTS
    with odoo_env(database) as env:
        record = env["helpdesk.ticket"].browse(ticket)
        changes = record.message_ids.tracking_value_ids.filtered(
            lambda value: value.field_id.name == "user_id"
        ).sorted("id")
        owners = [0, *(change.new_value_integer for change in changes)]
        assert owners[:-1] == [change.old_value_integer for change in changes]
        assert owners[-1] == record.user_id.id
        assert len(changes) == AGENTS


def test_documents_of_a_ticket_and_calls_are_made_once(
    serve, database, odoo_env, people
):
    """Whoever clicks at once gets the same return, repair order or call to report."""
    agents = people[1]
    with odoo_env(database) as env:
        users = env["res.users"].search([("login", "in", agents)])
        for group in (
            "sales_team.group_sale_salesman_all_leads",
            "stock.group_stock_user",
        ):
            users.group_ids += env.ref(group)
        reasons = env["jxc.sale.return.reason"]
        assert reasons.search([], limit=1) or reasons.create({"name": "Broken"})
        customer = env["res.partner"].create(
            {"name": "Li Na", "phone": "0571-87001122", "customer_rank": 1}
        )
        kettle = env["product.product"].create({"name": "Kettle", "is_storable": True})
        tickets = env["helpdesk.ticket"].create(
            [
                {
                    "name": f"Broken {number}",
                    "description": "x",
                    "partner_id": customer.id,
                    "jxc_product_id": kettle.id,
                }
                for number in range(ROUNDS)
            ]
        )
        ids, shop = tickets.ids, customer.id

    def act(server, ticket, method, number):
        login = agents[number]
        return _call(server, login, "helpdesk.ticket", method, [ticket])

    def dial(server, _number):
        return _call(server, agents[0], "res.partner", "action_jxc_call", [shop])

    methods = ("action_jxc_return", "action_jxc_repair")
    with serve(database, workers=4) as server:
        for ticket in ids:
            for method in methods:
                told = at_once(3, functools.partial(act, server, ticket, method))
                assert told == [None] * 3
        assert at_once(3, functools.partial(dial, server)) == [None] * 3
    with odoo_env(database) as env:
        for ticket in env["helpdesk.ticket"].browse(ids):
            assert (ticket.jxc_return_count, ticket.jxc_repair_count) == (1, 1)
        drafts = env["jxc.followup"].search([("partner_id", "=", shop)])
        assert drafts.mapped("is_draft") == [True]


# SMS ------------------------------------------------------------------------------


class Requests(list):
    """What the provider was asked; ``arrived`` is set by the first one."""

    def __init__(self):
        super().__init__()
        self.arrived = threading.Event()

    def append(self, request):
        super().append(request)
        self.arrived.set()


@pytest.fixture
def provider(repo, monkeypatch):
    """A provider on this machine that our servers may talk to."""
    file = repo / "addons" / "jxc_crm_lite" / "tests" / "sms_server.py"
    spec = importlib.util.spec_from_file_location("sms_server", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.SmsServer() as running:
        running.requests = Requests()
        monkeypatch.setenv("JXC_OUTBOUND_HOSTS", running.host)
        yield running


def _queue(env, provider):
    """Queue an SMS; return its id."""
    gateway = env["jxc.sms.gateway"].create(
        {
            "name": "Race",
            "endpoint": provider.url,
            "timeout": 20,
            "parameters": "to = {numbers}",
            "template_ids": [(0, 0, {"name": "news", "content": "News"})],
        }
    )
    return gateway.send([NUMBER], "news")[0]["id"]


def _send(env):
    env.ref("jxc_crm_lite.jxc_sms_cron").method_direct_trigger()


def test_two_workers_send_an_sms_once(database, odoo_env, provider):
    with odoo_env(database) as env:
        row = _queue(env, provider)

    def work(_number):
        with odoo_env(database) as env:
            try:
                _send(env)
            except Exception as refusal:  # the job is running already
                return str(refusal)
            return None

    told = at_once(2, work)
    assert None in told
    assert len(provider.requests) == 1
    with odoo_env(database) as env:
        message = env["jxc.sms.message"].browse(row)
        assert (message.state, message.tries) == ("sent", 1)
        message.gateway_id.active = False


def test_an_sms_of_a_killed_server_is_not_sent_again(
    serve, set_password, database, odoo_env, provider
):
    """It may have reached the customer: it is without an answer, for a person."""
    set_password(database)
    with odoo_env(database) as env:
        row = _queue(env, provider)
        cron = env.ref("jxc_crm_lite.jxc_sms_cron").id
    provider.plan.append("slow")
    with serve(database) as server:
        client = XmlRpc(server.url, database, "admin", PASSWORD)

        def trigger():
            with pytest.raises((OSError, xmlrpc.client.Error)):
                client.call("ir.cron", "method_direct_trigger", [cron])

        sending = threading.Thread(target=trigger)
        sending.start()
        assert provider.requests.arrived.wait(60)
        os.killpg(server.process.pid, signal.SIGKILL)
        sending.join(60)
    with odoo_env(database) as env:
        message = env["jxc.sms.message"].browse(row)
        assert message.state == "sending", "noted before the request"
        message.sent_at -= timedelta(minutes=11)
    with odoo_env(database) as env:
        # The database may notice only now that the server's connection is gone;
        # until then it keeps the job locked, and another run of it is refused.
        env.cr.execute("SET LOCAL lock_timeout = '60s'")
        env.cr.execute("SELECT id FROM ir_cron WHERE id = %s FOR UPDATE", [cron])
    with odoo_env(database) as env:
        _send(env)
    with odoo_env(database) as env:
        assert env["jxc.sms.message"].browse(row).state == "unknown"
    assert len(provider.requests) == 1
