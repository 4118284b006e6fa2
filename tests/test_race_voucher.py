# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Vouchers posted and months closed by many at the same moment."""

from contextlib import suppress

import pytest

from clients import Refused
from races import at_once

CLIENTS = 6
TURNS = 4


@pytest.fixture(scope="module")
def client(serve, json2, database):
    """A JSON-2 client of a server with several workers."""
    with serve(database, workers=4) as server:
        yield json2(server)


def _try(client, *arguments, **keywords):
    """Return the refusal's message, empty when there was none."""
    try:
        client.call(*arguments, **keywords)
    except Refused as refusal:
        return refusal.message
    return ""


def _drafts(odoo_env, database, dates):
    """Ids of balanced draft entries, one for each date."""
    with odoo_env(database) as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        env = env(context={"allowed_company_ids": company.ids})
        accounts = env["account.account"].with_company(company)
        bank, capital = (
            accounts.search([("code", "=", code), ("company_ids", "in", company.ids)])
            for code in ("100200", "300100")
        )
        journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        moves = env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "date": date,
                    "journal_id": journal.id,
                    "line_ids": [
                        (0, 0, {"account_id": bank.id, "balance": 5}),
                        (0, 0, {"account_id": capital.id, "balance": -5}),
                    ],
                }
                for date in dates
            ]
        )
        return moves.ids


def _numbers(odoo_env, database, period):
    with odoo_env(database) as env:
        moves = env["account.move"].search(
            [("state", "=", "posted"), ("jxc_voucher_period", "=", period)]
        )
        return sorted(moves.mapped("jxc_voucher_no"))


def _period(odoo_env, database, date):
    with odoo_env(database) as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        return env["jxc.finance.period"]._get_or_create(company, date).id


def test_numbers_have_no_gaps_and_no_doubles(client, database, odoo_env):
    """Parallel postings, some of which fail, number their vouchers 1, 2, 3 …"""
    ids = _drafts(odoo_env, database, ["2024-03-05"] * CLIENTS * TURNS)
    with odoo_env(database) as env:
        # One cannot be posted: its journal is archived.
        broken = env["account.move"].browse(ids[0])
        broken.name = False
        broken.journal_id = broken.journal_id.copy({"active": False, "code": "OLD"})

    def post(number):
        return [
            _try(
                client,
                "account.move",
                "action_post",
                ids=[ids[turn * CLIENTS + number]],
            )
            for turn in range(TURNS)
        ]

    messages = sum(at_once(CLIENTS, post), [])
    posted = messages.count("")
    assert posted == len(ids) - 1, messages
    assert _numbers(odoo_env, database, "2024-03") == list(range(1, posted + 1))


def test_batches_that_roll_back_leave_no_gap(client, database, odoo_env):
    """A batch fails as a whole: what it would have been numbered is not missing."""
    good = _drafts(odoo_env, database, ["2024-04-05"] * CLIENTS * 3)
    bad = _drafts(odoo_env, database, ["2024-04-06"] * CLIENTS)
    with odoo_env(database) as env:
        env["account.move"].browse(bad).action_post()

    def post(number):
        own = good[number * 3 : number * 3 + 3]
        if number % 2:
            # The last one is posted already, so that the batch is refused.
            return _try(client, "account.move", "action_post", ids=[*own, bad[number]])
        return _try(client, "account.move", "action_post", ids=own)

    messages = at_once(CLIENTS, post)
    assert messages.count("") == CLIENTS // 2
    numbers = _numbers(odoo_env, database, "2024-04")
    assert numbers == list(range(1, CLIENTS + 3 * CLIENTS // 2 + 1))


def test_numbers_of_transactions_that_roll_back_are_used_again(database, odoo_env):
    """A number is taken, then everything is undone: the next voucher gets it."""

    class Undo(Exception):
        pass

    ids = _drafts(odoo_env, database, ["2024-05-05"] * CLIENTS * TURNS)

    def post(number):
        for turn in range(TURNS):
            with suppress(Undo), odoo_env(database) as env:
                move = env["account.move"].browse(ids[number * TURNS + turn])
                move.action_post()
                env.flush_all()
                assert move.jxc_voucher_no
                if (number + turn) % 2:
                    raise Undo

    at_once(CLIENTS, post)
    numbers = _numbers(odoo_env, database, "2024-05")
    assert numbers == list(range(1, CLIENTS * TURNS // 2 + 1))


def test_one_of_many_closes(client, database, odoo_env):
    """Of people who close a month together one does; the others are told."""
    ids = _drafts(odoo_env, database, ["2023-01-05"])
    assert not _try(client, "account.move", "action_post", ids=ids)
    period_id = _period(odoo_env, database, "2023-01-31")
    messages = at_once(
        3,
        lambda _n: _try(client, "jxc.finance.period", "action_close", ids=[period_id]),
    )
    assert messages.count("") == 1
    assert all("closed since" in message for message in messages if message)
    with odoo_env(database) as env:
        period = env["jxc.finance.period"].browse(period_id)
        assert period.state == "closed"
        assert str(period.company_id.jxc_closed_date) == "2023-01-31"


def test_posting_while_a_month_is_closed(client, database, odoo_env):
    """An entry is in the month before it is closed, or not in it at all."""
    for month in (2, 3, 4):
        dates = [f"2023-{month:02}-10"] * CLIENTS * TURNS
        ids = _drafts(odoo_env, database, dates)
        # Drafts of the month would be in the way; these wait in the month after.
        with odoo_env(database) as env:
            moves = env["account.move"].browse(ids)
            moves.date = f"2023-{month + 1:02}-10"
        period_id = _period(odoo_env, database, f"2023-{month:02}-01")
        seen = []

        def act(number, ids=ids, month=month, period_id=period_id, seen=seen):
            if not number:
                message = _try(
                    client, "jxc.finance.period", "action_close", ids=[period_id]
                )
                if not message:
                    seen.append(
                        client.call(
                            "account.move",
                            "search_count",
                            domain=[
                                ["state", "=", "posted"],
                                ["jxc_voucher_period", "=", f"2023-{month:02}"],
                            ],
                        )
                    )
                return message
            for turn in range(TURNS):
                own = ids[(number - 1) * TURNS + turn]
                values = {"date": f"2023-{month:02}-10"}
                # In one request the entry is dated into the month and posted.
                _try(client, "account.move", "write", ids=[own], vals=values)
                _try(client, "account.move", "action_post", ids=[own])
            return ""

        at_once(CLIENTS + 1, act)
        numbers = _numbers(odoo_env, database, f"2023-{month:02}")
        assert numbers == list(range(1, len(numbers) + 1))
        with odoo_env(database) as env:
            period = env["jxc.finance.period"].browse(period_id)
            if seen:
                assert period.state == "closed"
                assert len(numbers) == seen[0]
            else:
                period.action_renumber()
                late = env["account.move"].browse(ids)
                late.filtered(lambda m: m.state == "draft").unlink()
                period.action_close()
            assert not env["account.move"].search_count(
                [
                    ("state", "=", "posted"),
                    ("date", ">=", period.date_from),
                    ("date", "<=", period.date_to),
                    ("jxc_voucher_no", "=", 0),
                ]
            )
