# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Another finance program reads the books: our example client, and running changes."""

import json
import os
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from races import at_once

CLIENT = Path(__file__).resolve().parent.parent / "docs/examples/finance_client.py"
MONTH = ("2026-03-01", "2026-03-31")
REFUSED_MONTH = ("2026-05-01", "2026-05-31")


@pytest.fixture(scope="module")
def books(database, odoo_env):
    """A user that reads the books, and how to post an entry."""
    with odoo_env(database, "admin") as env:
        user = env["res.users"].create(
            {
                "name": "Robot",
                "login": "robot",
                "group_ids": [
                    (4, env.ref("jxc_finance_bridge.group_finance_integration").id)
                ],
            }
        )
        expires = datetime.now() + timedelta(days=1)
        key = env(user=user.id)["res.users.apikeys"]._generate("rpc", "x", expires)
        journal = env["account.journal"].search([("type", "=", "general")], limit=1)
        accounts = env["account.account"].search([("code", "in", ("100200", "500100"))])
        return {"key": key, "journal": journal.id, "accounts": accounts.ids}


def _post(env, books, ref, date="2026-03-05"):
    lines = [
        (0, 0, {"account_id": account, "balance": balance, "name": ref})
        for account, balance in zip(books["accounts"], (5, -5), strict=True)
    ]
    values = {"journal_id": books["journal"], "date": date, "ref": ref}
    move = env["account.move"].create({**values, "line_ids": lines})
    move.action_post()
    return move


def _run(server, books, *arguments, login=None):
    done = _ask(server, books, *arguments, login=login)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _ask(server, books, *arguments, login=None):
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


def test_refusals_by_the_client(server, books, database, odoo_env, tmp_path):
    """All that keeps vouchers from being exported is told, not its last line only."""
    with odoo_env(database, "admin") as env:
        receivable = env["account.account"].search(
            [("account_type", "=", "asset_receivable")], limit=1
        )
        pair = {**books, "accounts": [receivable.id, books["accounts"][0]]}
        for name in ("Uncoded A", "Uncoded B"):
            move = _post(env, pair, name, REFUSED_MONTH[0])
            move.line_ids[0].partner_id = env["res.partner"].create({"name": name})
    file = str(tmp_path / "vouchers.xml")
    for login in (None, "robot"):
        done = _ask(
            server, books, "export", "u8_xml", *REFUSED_MONTH, file, login=login
        )
        assert done.returncode == 2
        assert "Uncoded A" in done.stderr
        assert "Uncoded B" in done.stderr
        assert "Traceback" not in done.stderr


def _rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_example_client(server, books, database, odoo_env, tmp_path):
    """Everything of the documentation, over both interfaces."""
    with odoo_env(database, "admin") as env:
        move = _post(env, books, "EXAMPLE")
        partner = env.company.partner_id.id
    for login in (None, "robot"):
        found = _rows(_run(server, books, "vouchers", *MONTH, login=login))
        assert move.id in [row["id"] for row in found]
        codes = [
            row["code"]
            for row in _rows(_run(server, books, "balances", *MONTH, login=login))
        ]
        assert {"100200", "500100"} <= set(codes)
        _run(server, books, "open-items", MONTH[1], login=login)
        [total] = _rows(
            _run(server, books, "statement", str(partner), *MONTH, login=login)
        )
        assert total["closing"] == 0
        file = tmp_path / "vouchers.xml"
        _run(server, books, "export", "u8_xml", *MONTH, str(file), login=login)
        assert b"EXAMPLE" in file.read_bytes()


def _wait_for_others(database, odoo_env):
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


def _told(server, books, cursor, login):
    """Return the next changes; transactions that run, wherever, hold them back."""
    end = time.monotonic() + 60
    rows = []
    while not rows and time.monotonic() < end:
        rows = _rows(_run(server, books, "changes", cursor, login=login))
    return rows


@pytest.mark.parametrize("login", [None, "robot"], ids=["json-2", "xml-rpc"])
def test_changes_by_the_client(server, books, database, odoo_env, tmp_path, login):
    """Posted, changed, taken back and deleted: each is told once, by both ways."""
    cursor = str(tmp_path / "cursor")
    _wait_for_others(database, odoo_env)
    _run(server, books, "changes", cursor, login=login)
    with odoo_env(database, "admin") as env:
        move = _post(env, books, f"CHANGES {login}")
        move_id = move.id
    [row] = _told(server, books, cursor, login)
    assert row["id"] == move_id
    assert not _run(server, books, "changes", cursor, login=login)
    with odoo_env(database, "admin") as env:
        env["account.move"].browse(move_id).button_draft()
    [row] = _told(server, books, cursor, login)
    assert (row["removed"], row["id"]) == (True, move_id)
    with odoo_env(database, "admin") as env:
        env["account.move"].browse(move_id).with_context(force_delete=True).unlink()
    [row] = _told(server, books, cursor, login)
    assert (row["removed"], row["id"]) == (True, move_id)


def test_no_change_is_missed(books, database, odoo_env):
    """Transactions that commit late and in any order, while a reader polls."""
    stop = threading.Event()
    made, told = [], set()

    def write(number):
        for turn in range(4):
            with odoo_env(database, "admin") as env:
                move = _post(env, books, f"RACE{number}-{turn}", "2026-04-01")
                made.append(move.id)
                # the first ones to begin are the last ones to end
                stop.wait(0.3 if number % 2 else 0.01)

    def read():
        cursor = None
        while True:
            last = stop.is_set()
            more = True
            while more:
                with odoo_env(database, "admin") as env:
                    page = env["jxc.voucher"].get_vouchers(cursor=cursor, limit=3)
                told.update(row["id"] for row in page["vouchers"])
                cursor, more = page["cursor"], page["more"]
            if last:
                return

    reader = threading.Thread(target=read)
    reader.start()
    try:
        at_once(4, write)
        _wait_for_others(database, odoo_env)
    finally:
        stop.set()
        reader.join()
    assert len(made) == 16
    assert set(made) <= told
