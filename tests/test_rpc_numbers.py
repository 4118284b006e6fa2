# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Text where a number belongs, as other programs send it by mistake."""

import xmlrpc.client

import pytest

from odoo.fields import Command

from clients import XmlRpc
from conftest import PASSWORD

PLANNER = "rpc-planner"


@pytest.fixture(scope="module")
def budget(database, odoo_env):
    """Ids of a draft budget, its line, and a change of it; PLANNER may write both."""
    with odoo_env(database) as env:
        env["res.users"].create(
            {
                "name": "Planner",
                "login": PLANNER,
                "password": PASSWORD,
                "group_ids": [
                    Command.link(env.ref("jxc_base.group_budget_manager").id)
                ],
            }
        )
        budget = env["jxc.purchase.budget"].create(
            {
                "name": "Numbers",
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "line_ids": [Command.create({"amount_planned": 100.0})],
            }
        )
        return {"budget": budget.id, "line": budget.line_ids.id}


def _refusal(client, *call):
    with pytest.raises(xmlrpc.client.Fault) as raised:
        client.call(*call)
    assert "Traceback" not in raised.value.faultString
    return raised.value.faultString


def test_text_for_numbers(serve, database, budget):
    """The answer names model, record, field and value; all that is wrong at once."""
    model, line_id = "jxc.purchase.budget.line", budget["line"]
    with serve(database) as server:
        client = XmlRpc(server.url, server.database, PLANNER, PASSWORD)
        wrong = {
            "amount_planned": "12 000",
            "tolerance_percent": "ten",
            "sequence": "a",
        }
        answer = _refusal(client, model, "write", [line_id], wrong)
        assert answer.count("Purchase Budget Line Numbers: All purchases") == 3
        for text in (
            "Planned must be a number, not 12 000.",
            "Tolerance (%) must be a number, not ten.",
            "Sequence must be a whole number, not a.",
        ):
            assert text in answer
        new = [{"budget_id": budget["budget"], **wrong}] * 2
        assert _refusal(client, model, "create", new).count("Planned must be") == 2
        lines = [
            (1, line_id, {"amount_planned": "much"}),
            (0, 0, {"amount_planned": [1]}),
        ]
        answer = _refusal(
            client,
            "jxc.purchase.budget",
            "write",
            [budget["budget"]],
            {"line_ids": lines},
        )
        assert "not much." in answer and "not [1]." in answer
        nothing = {"amount_planned": float("nan")}
        assert "not nan." in _refusal(client, model, "write", [line_id], nothing)
        # What the platform reads as a number stays one.
        client.call(model, "write", [line_id], {"amount_planned": "250.5"})
        [read] = client.call(model, "read", [line_id], ["amount_planned", "sequence"])
        assert (read["amount_planned"], read["sequence"]) == (250.5, 10)
