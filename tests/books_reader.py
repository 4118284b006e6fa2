# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Another finance program that reads the books, with our example client."""

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

CLIENT = Path(__file__).resolve().parent.parent / "docs/examples/finance_client.py"


def reader_of(env, login, accounts):
    """Return {key, journal, accounts}: of a new user that reads the books."""
    role = env.ref("jxc_finance_bridge.group_finance_integration")
    user = env["res.users"].create(
        {"name": login, "login": login, "group_ids": [(4, role.id)]}
    )
    expires = datetime.now() + timedelta(days=1)
    key = env(user=user.id)["res.users.apikeys"]._generate("rpc", "x", expires)
    journal = env["account.journal"].search([("type", "=", "general")], limit=1)
    return {"key": key, "journal": journal.id, "accounts": accounts.ids}


def post(env, books, ref, date="2026-03-05", amount=5, partner=None):
    """Post an entry on the two accounts of ``books``."""
    lines = [
        (
            0,
            0,
            {
                "account_id": account,
                "balance": balance,
                "name": ref,
                "partner_id": partner,
            },
        )
        for account, balance in zip(books["accounts"], (amount, -amount), strict=True)
    ]
    values = {"journal_id": books["journal"], "date": date, "ref": ref}
    move = env["account.move"].create({**values, "line_ids": lines})
    move.action_post()
    return move


def ask(server, books, *arguments, login=None):
    """Return the finished process of the client; over XML-RPC with a login."""
    extra = ["--xmlrpc", login] if login else []
    return subprocess.run(
        [sys.executable, CLIENT, "--url", server.url, "--database", server.database]
        + [*extra, *arguments],
        env={**os.environ, "JXC_API_KEY": books["key"], "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run(server, books, *arguments, login=None):
    """Return what the client prints."""
    done = ask(server, books, *arguments, login=login)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows_of(text):
    """Return the rows of what the client prints."""
    return [json.loads(line) for line in text.splitlines()]


def wait_for_others(database, odoo_env):
    """Wait until all that runs now is over: in any database, it holds changes back."""
    with odoo_env(database) as env:
        env.cr.execute("SELECT pg_current_xact_id()::text::bigint")
        [last] = env.cr.fetchone()
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with odoo_env(database) as env:
            env.cr.execute(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            )
            [oldest] = env.cr.fetchone()
        if oldest > last:
            return
    raise AssertionError("a transaction of another test does not end")
