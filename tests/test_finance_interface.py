# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Another finance program reads the books: our example client, and running changes."""

import threading
import time

import pytest

from books_reader import ask, post, reader_of, rows_of, run, wait_for_others
from races import at_once

MONTH = ("2026-03-01", "2026-03-31")
REFUSED_MONTH = ("2026-05-01", "2026-05-31")


@pytest.fixture(scope="module")
def books(database, odoo_env):
    """A user that reads the books, and how to post an entry."""
    with odoo_env(database, "admin") as env:
        accounts = env["account.account"].search([("code", "in", ("100200", "500100"))])
        return reader_of(env, "robot", accounts)


def test_refusals_by_the_client(server, books, database, odoo_env, tmp_path):
    """All that keeps vouchers from being exported is told, not its last line only."""
    with odoo_env(database, "admin") as env:
        receivable = env["account.account"].search(
            [("account_type", "=", "asset_receivable")], limit=1
        )
        pair = {**books, "accounts": [receivable.id, books["accounts"][0]]}
        for name in ("Uncoded A", "Uncoded B"):
            move = post(env, pair, name, REFUSED_MONTH[0])
            move.line_ids[0].partner_id = env["res.partner"].create({"name": name})
    file = str(tmp_path / "vouchers.xml")
    for login in (None, "robot"):
        done = ask(server, books, "export", "u8_xml", *REFUSED_MONTH, file, login=login)
        assert done.returncode == 2
        assert "Uncoded A" in done.stderr
        assert "Uncoded B" in done.stderr
        assert "Traceback" not in done.stderr


def test_example_client(server, books, database, odoo_env, tmp_path):
    """Everything of the documentation, over both interfaces."""
    with odoo_env(database, "admin") as env:
        move = post(env, books, "EXAMPLE")
        partner = env.company.partner_id.id
    for login in (None, "robot"):
        found = rows_of(run(server, books, "vouchers", *MONTH, login=login))
        assert move.id in [row["id"] for row in found]
        codes = [
            row["code"]
            for row in rows_of(run(server, books, "balances", *MONTH, login=login))
        ]
        assert {"100200", "500100"} <= set(codes)
        run(server, books, "open-items", MONTH[1], login=login)
        [total] = rows_of(
            run(server, books, "statement", str(partner), *MONTH, login=login)
        )
        assert total["closing"] == 0
        file = tmp_path / "vouchers.xml"
        run(server, books, "export", "u8_xml", *MONTH, str(file), login=login)
        assert b"EXAMPLE" in file.read_bytes()


def _told(server, books, cursor, login):
    """Return the next changes; transactions that run, wherever, hold them back."""
    end = time.monotonic() + 60
    rows = []
    while not rows and time.monotonic() < end:
        rows = rows_of(run(server, books, "changes", cursor, login=login))
    return rows


@pytest.mark.parametrize("login", [None, "robot"], ids=["json-2", "xml-rpc"])
def test_changes_by_the_client(server, books, database, odoo_env, tmp_path, login):
    """Posted, changed, taken back and deleted: each is told once, by both ways."""
    cursor = str(tmp_path / "cursor")
    wait_for_others(database, odoo_env)
    run(server, books, "changes", cursor, login=login)
    with odoo_env(database, "admin") as env:
        move = post(env, books, f"CHANGES {login}")
        move_id = move.id
    [row] = _told(server, books, cursor, login)
    assert row["id"] == move_id
    assert not run(server, books, "changes", cursor, login=login)
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
                move = post(env, books, f"RACE{number}-{turn}", "2026-04-01")
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
        wait_for_others(database, odoo_env)
    finally:
        stop.set()
        reader.join()
    assert len(made) == 16
    assert set(made) <= told
