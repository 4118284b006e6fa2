# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Open items are settled once, and a settlement is undone once, by many at once."""

import pytest

from clients import Refused
from races import at_once

CLERKS = 6


@pytest.fixture(scope="module")
def client(serve, json2, database):
    """A JSON-2 client of a server with several workers."""
    with serve(database, workers=4) as server:
        yield json2(server)


@pytest.fixture(scope="module")
def items(odoo_env, database):
    """A customer with an invoice of 1,000 and a receipt of 600."""
    with odoo_env(database) as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        env = env(context={"allowed_company_ids": company.ids})
        partner = env["res.partner"].create({"name": "Race Wholesale"})
        receivable = partner.property_account_receivable_id
        other = env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", company.ids)],
            limit=1,
        )
        journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        moves = env["account.move"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": "2026-03-05",
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "account_id": receivable.id,
                                "partner_id": partner.id,
                                "balance": amount,
                            },
                        ),
                        (0, 0, {"account_id": other.id, "balance": -amount}),
                    ],
                }
                for amount in (1000, -600)
            ]
        )
        moves.action_post()
        lines = moves.line_ids.filtered(lambda line: line.account_id == receivable)
        settlements = env["jxc.settlement"].create(
            [
                {
                    "kind": "receivable",
                    "date": "2026-03-31",
                    "partner_id": partner.id,
                    "company_id": company.id,
                }
                for _clerk in range(CLERKS)
            ]
        )
        for settlement in settlements:
            settlement.action_propose()
        return settlements.ids, lines.ids


def _try(client, method, number):
    """Return the refusal's message, empty when there was none."""
    try:
        client.call("jxc.settlement", method, ids=[number])
    except Refused as refusal:
        return refusal.message
    return ""


def _open(odoo_env, database, lines):
    with odoo_env(database) as env:
        return env["account.move.line"].browse(lines).mapped("amount_residual")


def test_open_items_are_settled_once(client, odoo_env, database, items):
    """Of many settlements of the same items one is applied, the others are told."""
    settlements, lines = items
    told = at_once(
        CLERKS, lambda number: _try(client, "action_apply", settlements[number])
    )
    assert told.count("") == 1, told
    assert _open(odoo_env, database, lines) == [400, 0]
    for message in filter(None, told):
        assert "serializ" not in message and "lock" not in message.lower(), message
    with odoo_env(database) as env:
        states = env["jxc.settlement"].browse(settlements).mapped("state")
        assert sorted(states) == ["applied"] + ["draft"] * (CLERKS - 1)
        partials = env["account.move.line"].browse(lines).matched_credit_ids
        assert partials.mapped("amount") == [600]


def test_one_settlement_is_undone_once(client, odoo_env, database, items):
    """Undone by many at the same moment, it gives back exactly what it took."""
    settlements, lines = items
    with odoo_env(database) as env:
        [applied] = (
            env["jxc.settlement"]
            .browse(settlements)
            .filtered(lambda settlement: settlement.state == "applied")
            .ids
        )
    told = at_once(CLERKS, lambda number: _try(client, "action_undo", applied))
    assert told.count("") == 1, told
    assert _open(odoo_env, database, lines) == [1000, -600]
