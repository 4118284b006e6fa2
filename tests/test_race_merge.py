# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A contact is merged away while others still write documents for it."""

import functools
import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

#: times that a merge meets the documents
ROUNDS = 5
DOCUMENTS = ("sale.order", "jxc.followup", "account.move", "crm.lead")
BOSS = "race-merge-boss"


@pytest.fixture(scope="module")
def pairs(database, odoo_env):
    """Ids of contacts in pairs: the one that is kept, the one that goes."""
    with odoo_env(database) as env:
        groups = ("sales_team.group_sale_manager", "account.group_account_invoice")
        env["res.users"].create(
            {
                "name": "Boss",
                "login": BOSS,
                "password": PASSWORD,
                "group_ids": [(4, env.ref(group).id) for group in groups],
            }
        )
        kept, gone = (
            env["res.partner"].create(
                [{"name": f"{word} {number}"} for number in range(ROUNDS)]
            )
            for word in ("Kept", "Gone")
        )
        return list(zip(kept.ids, gone.ids, strict=True))


def _values(model, partner):
    values = {"partner_id": partner}
    if model == "account.move":
        values["move_type"] = "out_invoice"
    elif model == "crm.lead":
        values["name"] = "Deal"
    return values


def _act(server, pair, number):
    """Merge, or write a document for the contact that goes.

    :return: (id or None, refusal or None)
    """
    client = XmlRpc(server.url, server.database, BOSS, PASSWORD)
    try:
        if number < len(DOCUMENTS):
            model = DOCUMENTS[number]
            return client.call(model, "create", _values(model, pair[1])), None
        wizard = client.call(
            "jxc.partner.merge",
            "create",
            {
                "partner_ids": [(6, 0, pair)],
                "dst_partner_id": pair[0],
                "reason": "twice",
            },
        )
        client.call("jxc.partner.merge", "action_merge", [wizard])
    except xmlrpc.client.Fault as fault:
        return None, fault.faultString
    return None, None


def test_documents_for_a_contact_that_is_merged_away(serve, database, odoo_env, pairs):
    """They follow to the contact that is kept, or their author is told; no third."""
    with serve(database, workers=5) as server:
        results = [
            at_once(len(DOCUMENTS) + 1, functools.partial(_act, server, pair))
            for pair in pairs
        ]
    with odoo_env(database) as env:
        for pair, (*written, merged) in zip(pairs, results, strict=True):
            assert merged == (None, None)
            assert env["res.partner"].browse(pair).exists().ids == [pair[0]]
            for model, (record_id, refusal) in zip(DOCUMENTS, written, strict=True):
                if refusal is None:
                    record = env[model].browse(record_id).exists()
                    assert record.partner_id.id == pair[0], model
                else:
                    assert "does not exist" in refusal or "deleted" in refusal
                    assert "psycopg2" not in refusal
                    assert "violates" not in refusal
