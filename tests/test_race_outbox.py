# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Jobs of one finance system: one sends, in order; the next goes on for a dead one."""

import importlib.util
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

SERVER = "addons/jxc_finance_bridge/tests/finance_server.py"
COUNT = 4


@pytest.fixture
def books(monkeypatch):
    """A server that plays a finance system."""
    path = Path(__file__).parent.parent / SERVER
    spec = importlib.util.spec_from_file_location("finance_server", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.FinanceServer() as server:
        server.password = module.PASSWORD
        monkeypatch.setenv("JXC_OUTBOUND_HOSTS", server.host)
        monkeypatch.setenv("JXC_SECRET_KEYS", Fernet.generate_key().decode())
        yield server


@pytest.fixture
def target_id(books, odoo_env, database):
    """The id of a finance system with vouchers to send."""
    with odoo_env(database) as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        env = env(context={"allowed_company_ids": company.ids})
        journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        accounts = env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", company.ids)],
            limit=2,
        )
        moves = env["account.move"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": "2026-03-05",
                    "line_ids": [
                        (0, 0, {"account_id": account.id, "balance": balance})
                        for account, balance in zip(
                            accounts, (number, -number), strict=True
                        )
                    ],
                }
                for number in range(1, COUNT + 1)
            ]
        )
        moves.action_post()
        target = env["jxc.finance.target"].create(
            {
                "name": "Order Books",
                "code": f"ORDER{moves[0].id}",
                "adapter": "u8_eai",
                "endpoint": books.url,
                "login": "user",
                "secret": books.password,
                "book": "001",
                "timeout": 30,
                "company_id": company.id,
            }
        )
        target.enqueue_moves(moves.ids)
        return target.id


def test_one_job_sends_in_order(books, odoo_env, database, target_id):
    from odoo.addons.queue_job.exception import RetryableJobError

    def run():
        with odoo_env(database) as env:
            env["jxc.finance.target"].browse(target_id)._run_outbox()

    books.hold = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(run)
        assert books.arrived.wait(20), first.exception(0)
        # The first voucher is on its way: nobody overtakes it.
        with pytest.raises(RetryableJobError, match="Another job sends"):
            run()
        assert not books.order
        books.hold.set()
        first.result(60)
    with odoo_env(database) as env:
        rows = env["jxc.finance.outbox"].search(
            [("target_id", "=", target_id)], order="id"
        )
        assert set(rows.mapped("state")) == {"done"}
        assert rows.mapped("tries") == [1] * COUNT
        assert books.order == rows.mapped("key")
        assert [float(sum(books.books[row.key])) for row in rows] == [1, 2, 3, 4]
    # Whoever comes later finds nothing to send.
    run()
    assert len(books.log) == COUNT


#: what a worker of the queue does, in a process that can be killed
WORKER = """
import sys
import odoo.api
from odoo.modules.registry import Registry
from odoo.tools import config

file, database, target_id = sys.argv[1:]
config.parse_config(["-c", file, "--log-level=critical"], setup_logging=True)
with Registry(database).cursor() as cr:
    env = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
    env["jxc.finance.target"].browse(int(target_id))._run_outbox()
"""


@pytest.mark.parametrize("arrives", [True, False])
def test_a_sender_is_killed(
    books, odoo_env, database, postgres_server, target_id, arrives
):
    """Between sending and writing down: looked up first, and there once in the end."""
    from jxcdev import odoo as jxc_odoo

    from odoo.addons.queue_job.exception import RetryableJobError

    books.hold = threading.Event()
    books.plan = [] if arrives else ["drop_before"]
    file = jxc_odoo.write_config("test-killed", postgres_server, max_cron_threads=0)
    command = [sys.executable, "-c", WORKER, str(file), database, str(target_id)]
    with subprocess.Popen(command) as worker:
        try:
            assert books.arrived.wait(120), worker.poll()
        finally:
            worker.kill()
    books.hold.set()
    end = time.monotonic() + 60
    while not books.log:
        assert time.monotonic() < end

    def rows(env):
        domain = [("target_id", "=", target_id)]
        return env["jxc.finance.outbox"].search(domain, order="id")

    with odoo_env(database) as env:
        first, *others = rows(env)
        assert (first.state, first.tries) == ("sending", 1)
        assert {(row.state, row.tries) for row in others} == {("ready", 0)}
    while True:
        try:
            with odoo_env(database) as env:
                env["jxc.finance.target"].browse(target_id)._run_outbox()
            break
        except RetryableJobError:
            # the lock of the dead one is let go when its connection is
            assert time.monotonic() < end
    with odoo_env(database) as env:
        assert set(rows(env).mapped("state")) == {"done"}
        assert books.order == rows(env).mapped("key")
        assert {len(found) for found in books.books.values()} == {1}
        assert len(books.log) == COUNT + (not arrives)
