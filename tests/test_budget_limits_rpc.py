# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Over RPC nobody alone lets more through than a confirmed budget says."""

import pytest

from clients import Refused

MANAGERS = ("limit_manager_1", "limit_manager_2")
LINE = "jxc.purchase.budget.line"
CHANGE = "jxc.purchase.budget.transfer"


@pytest.fixture(scope="module")
def budget(database, odoo_env):
    """Ids of a confirmed budget and its blocking line; two who manage budgets."""
    with odoo_env(database) as env:
        env["tier.definition"].search([("model", "=", CHANGE)]).active = False
        group = env.ref("jxc_base.group_budget_manager").id
        env["res.users"].create(
            [
                {"name": login, "login": login, "group_ids": [(6, 0, [group])]}
                for login in MANAGERS
            ]
        )
        budget = env["jxc.purchase.budget"].create(
            {
                "name": "Tea",
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "line_ids": [(0, 0, {"amount_planned": 100.0})],
            }
        )
        budget.action_confirm()
        return {"id": budget.id, "line": budget.line_ids.id}


def test_wider_limits_take_a_document(server, json2, budget):
    """Refused on every way; two people and a document do it."""
    first, second = (json2(server, login) for login in MANAGERS)
    line = budget["line"]
    for wider in (
        {"tolerance_percent": 10},
        {"control": "warn"},
        {"control_order": "none"},
        {"amount_planned": 200},
    ):
        with pytest.raises(Refused):
            first.call(LINE, "write", ids=[line], vals=wider)
        with pytest.raises(Refused):
            first.call(
                "jxc.purchase.budget",
                "write",
                ids=[budget["id"]],
                vals={"line_ids": [[1, line, wider]]},
            )
    answer = first.call(
        LINE, "load", fields=[".id", "control"], data=[[str(line), "warn"]]
    )
    assert not answer["ids"]
    values = {
        "kind": "control",
        "reason": "Typhoon",
        "line_ids": [[0, 0, {"line_to_id": line, "tolerance_percent": 10}]],
    }
    [change] = first.call(CHANGE, "create", vals_list=[values])
    with pytest.raises(Refused):
        first.call(CHANGE, "write", ids=[change], vals={"state": "approved"})
    first.call(CHANGE, "action_submit", ids=[change])
    with pytest.raises(Refused):
        first.call(CHANGE, "action_approve", ids=[change])
    names = ["tolerance_percent", "control"]
    [found] = first.call(LINE, "read", ids=[line], fields=names)
    assert (found["tolerance_percent"], found["control"]) == (0, "block")
    second.call(CHANGE, "action_approve", ids=[change])
    [found] = first.call(LINE, "read", ids=[line], fields=names)
    assert (found["tolerance_percent"], found["control"]) == (10, "block")
