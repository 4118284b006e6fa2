# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Several people propose and send the same payment reminders at the same moment."""

from datetime import timedelta

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

CUSTOMERS = 12
CLERKS = 6


@pytest.fixture(scope="module")
def overdue(database, odoo_env):
    """Customers with one overdue invoice each, and people who remind them."""
    with odoo_env(database) as env:
        today = env.cr.now().date()
        env["res.users"].create(
            [
                {
                    "name": f"Clerk {number}",
                    "login": f"race-clerk-{number}",
                    "password": PASSWORD,
                    "group_ids": [(4, env.ref("account.group_account_invoice").id)],
                }
                for number in range(CLERKS)
            ]
        )
        customers = env["res.partner"].create(
            [
                {"name": f"Late Shop {number}", "email": f"late{number}@example.com"}
                for number in range(CUSTOMERS)
            ]
        )
        invoices = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_date": today - timedelta(days=40),
                    "invoice_date_due": today - timedelta(days=10),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        (0, 0, {"name": "Goods", "quantity": 1, "price_unit": 100})
                    ],
                }
                for customer in customers
            ]
        )
        invoices.action_post()
        return customers.ids


def test_everybody_is_reminded_once(serve, database, odoo_env, overdue):
    """One reminder and one e-mail a customer, and nobody sees a database error."""
    with serve(database, workers=4) as server:

        def client(number):
            return XmlRpc(server.url, server.database, f"race-clerk-{number}", PASSWORD)

        at_once(
            CLERKS,
            lambda number: client(number).call(
                "jxc.dunning.reminder", "action_propose_all"
            ),
        )
        proposed = client(0).call(
            "jxc.dunning.reminder", "search", [("partner_id", "in", overdue)]
        )
        at_once(
            CLERKS,
            lambda number: client(number).call(
                "jxc.dunning.reminder", "action_send", proposed
            ),
        )
    with odoo_env(database) as env:
        reminders = env["jxc.dunning.reminder"].search([("partner_id", "in", overdue)])
        assert sorted(reminders.partner_id.ids) == sorted(overdue)
        assert len(reminders) == CUSTOMERS
        assert set(reminders.mapped("state")) == {"sent"}
        mails = env["mail.mail"].search(
            [("model", "=", reminders._name), ("res_id", "in", reminders.ids)]
        )
        assert sorted(mails.mapped("res_id")) == sorted(reminders.ids)
