# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Several mailings to the same customers are sent at the same moment."""

import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

MAILINGS = 4
LIMIT = 2


@pytest.fixture(scope="module")
def marketing(database, odoo_env):
    """A company with a limit, and mailings by SMS that are ready to go."""
    with odoo_env(database) as env:
        env.company.write(
            {"jxc_marketing_limit": LIMIT, "jxc_quiet_from": 0, "jxc_quiet_to": 0}
        )
        env["res.users"].create(
            {
                "name": "Marketer",
                "login": "race-marketer",
                "password": PASSWORD,
                "group_ids": [
                    (4, env.ref("mass_mailing.group_mass_mailing_user").id),
                    (4, env.ref("sales_team.group_sale_salesman_all_leads").id),
                ],
            }
        )
        shops = env["res.partner"].create(
            [
                {"name": f"Race Shop {number}", "phone": f"+86 138 0013 800{number}"}
                for number in range(3)
            ]
        )
        mailings = env["mailing.mailing"].create(
            [
                {
                    "subject": f"Tea {number}",
                    "mailing_type": "sms",
                    "mailing_model_id": env["ir.model"]._get_id("res.partner"),
                    "mailing_domain": repr([("id", "in", shops.ids)]),
                    "body_plaintext": "New tea",
                }
                for number in range(MAILINGS)
            ]
        )
        return shops.ids, mailings.ids


def _send(server, mailing):
    """Send over XML-RPC; return the refusal, or None."""
    client = XmlRpc(server.url, server.database, "race-marketer", PASSWORD)
    try:
        client.call("mailing.mailing", "action_send_sms", [mailing])
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None


def test_nobody_gets_more_than_the_limit(serve, database, odoo_env, marketing):
    shops, mailings = marketing
    with serve(database, workers=4) as server:
        refused = at_once(MAILINGS, lambda number: _send(server, mailings[number]))
    assert refused == [None] * MAILINGS
    with odoo_env(database) as env:
        for shop in shops:
            traces = env["mailing.trace"].search(
                [("model", "=", "res.partner"), ("res_id", "=", shop)]
            )
            left_out = traces.filtered(lambda trace: trace.trace_status == "cancel")
            assert len(traces - left_out) == LIMIT
            assert set(left_out.mapped("failure_type")) == {"jxc_limit"}
            assert len(left_out) == MAILINGS - LIMIT
