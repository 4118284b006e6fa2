# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Tax invoices, the outbox and the release of bills, by many at once."""

import pytest

from clients import Refused
from races import at_once

CLERKS = 5


@pytest.fixture(scope="module")
def client(serve, json2, database):
    """A JSON-2 client of a server with several workers."""
    with serve(database, workers=4) as server:
        yield json2(server)


@pytest.fixture(scope="module")
def company(odoo_env, database):
    """The id of a company with the Chinese chart."""
    with odoo_env(database) as env:
        return env["res.company"].search([("chart_template", "=", "cn")], limit=1).id


def _outcomes(run):
    """What each of many clients got: True, or the class of the refusal."""

    def attempt(number):
        try:
            run(number)
        except Refused as refusal:
            return refusal.name
        return True

    return at_once(CLERKS, attempt)


def test_a_tax_invoice_is_registered_once(client, odoo_env, database, company):
    number = "26312000000000555001"
    found = _outcomes(
        lambda clerk: client.call(
            "jxc.fapiao",
            "create",
            vals_list=[
                {
                    "number": number if clerk % 2 else f" {number}",
                    "date": "2026-03-05",
                    "seller_vat": "91310115093498660A",
                    "company_id": company,
                }
            ],
        )
    )
    assert found.count(True) == 1
    assert set(found) == {True, "odoo.exceptions.ValidationError"}
    with odoo_env(database) as env:
        assert env["jxc.fapiao"].search_count([("number", "=", number)]) == 1


def test_vouchers_are_put_into_the_outbox_once(client, odoo_env, database, company):
    with odoo_env(database) as env:
        env = env(context={"allowed_company_ids": [company]})
        journal = env["account.journal"].search(
            [("company_id", "=", company), ("type", "=", "general")], limit=1
        )
        accounts = env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", company)], limit=2
        )
        moves = env["account.move"].create(
            [
                {
                    "journal_id": journal.id,
                    "date": "2026-03-05",
                    "line_ids": [
                        (0, 0, {"account_id": account.id, "balance": balance})
                        for account, balance in zip(accounts, (5, -5), strict=True)
                    ],
                }
                for _number in range(3)
            ]
        )
        moves.action_post()
        target = env["jxc.finance.target"].create(
            {
                "name": "Race Books",
                "code": "RACE",
                "adapter": "u8_eai",
                "endpoint": "https://books.example.com",
                "company_id": company,
            }
        )
        target_id, move_ids = target.id, moves.ids
    found = _outcomes(
        lambda _clerk: client.call(
            "jxc.finance.target", "enqueue_moves", ids=[target_id], move_ids=move_ids
        )
    )
    # who comes second finds them there, or is told so
    assert True in found
    assert set(found) <= {True, "odoo.exceptions.ValidationError"}
    with odoo_env(database) as env:
        rows = env["jxc.finance.outbox"].search([("target_id", "=", target_id)])
        assert sorted(rows.move_id.ids) == sorted(move_ids)
        assert len(rows) == len(move_ids)


@pytest.fixture
def held(odoo_env, database, company):
    """The match of a bill that is dearer than its order."""
    with odoo_env(database) as env:
        env = env(context={"allowed_company_ids": [company]})
        env.company.jxc_match_action = "hold"
        product = env["product.product"].create(
            {"name": "Race Service", "type": "service", "purchase_method": "purchase"}
        )
        order = env["purchase.order"].create(
            {
                "partner_id": env["res.partner"].create({"name": "Race Vendor"}).id,
                "order_line": [
                    (
                        0,
                        0,
                        {"product_id": product.id, "product_qty": 5, "price_unit": 9},
                    )
                ],
            }
        )
        order.button_confirm()
        bill = env["account.move"].browse(order.action_create_invoice()["res_id"])
        bill.invoice_date = "2026-03-05"
        bill.invoice_line_ids.price_unit = 99
        bill.action_post()
        assert bill.jxc_match_ids.is_open
        return bill.jxc_match_ids.id


def test_a_bill_is_released_once(client, odoo_env, database, held):
    found = _outcomes(
        lambda clerk: client.call(
            "jxc.invoice.match", "action_release", ids=[held], reason=f"Clerk {clerk}"
        )
    )
    assert found.count(True) == 1
    assert set(found) == {True, "odoo.exceptions.UserError"}
    with odoo_env(database) as env:
        match = env["jxc.invoice.match"].browse(held)
        texts = match.move_id.message_ids.mapped("body")
        assert sum(match.release_reason in text for text in texts) == 1
        assert sum("Clerk" in text for text in texts) == 1
