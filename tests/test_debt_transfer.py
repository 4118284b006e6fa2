# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""应收转应收: who takes over a debt gets credit, so the settlement asks his limit."""

import pytest

from clients import Refused

DAY = "2026-03-05"


@pytest.fixture(scope="module")
def draft(odoo_env, database):
    """A settlement that moves 1,000 of one customer to another with a limit of 400."""
    with odoo_env(database) as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        env = env(context={"allowed_company_ids": company.ids})
        debtor, taker = env["res.partner"].create([{"name": "Old"}, {"name": "Taker"}])
        account = env["jxc.credit.account"].create(
            {"partner_id": taker.id, "company_id": company.id, "credit_limit": 400}
        )
        receivable = debtor.property_account_receivable_id
        income = env["account.account"].search(
            [("account_type", "=", "income"), ("company_ids", "in", company.ids)],
            limit=1,
        )
        journal = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "general")], limit=1
        )
        entry = env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": DAY,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": receivable.id,
                            "partner_id": debtor.id,
                            "balance": 1000,
                        },
                    ),
                    (0, 0, {"account_id": income.id, "balance": -1000}),
                ],
            }
        )
        entry.action_post()
        settlement = env["jxc.settlement"].create(
            {
                "kind": "receivable_transfer",
                "partner_id": debtor.id,
                "other_partner_id": taker.id,
                "date": DAY,
                "company_id": company.id,
            }
        )
        settlement.action_propose()
        return {"id": settlement.id, "account": account.id}


def test_limit_of_who_takes_over(serve, json2, database, odoo_env, draft):
    """Over JSON-2: refused with the limit, applied when that suffices, and undone."""
    with serve(database) as server:
        client = json2(server)
        with pytest.raises(Refused, match="Taker"):
            client.call("jxc.settlement", "action_apply", ids=[draft["id"]])
        with odoo_env(database) as env:
            account = env["jxc.credit.account"].browse(draft["account"])
            assert account.exposure == 0
            account.credit_limit = 1000
        client.call("jxc.settlement", "action_apply", ids=[draft["id"]])
        with odoo_env(database) as env:
            assert env["jxc.credit.account"].browse(draft["account"]).exposure == 1000
        client.call("jxc.settlement", "action_undo", ids=[draft["id"]])
    with odoo_env(database) as env:
        assert env["jxc.credit.account"].browse(draft["account"]).exposure == 0
