# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Mailings and programs write to the same customers at the same moment."""

import xmlrpc.client

import pytest

from clients import XmlRpc
from conftest import PASSWORD
from races import at_once

#: and as many programs
MAILINGS = 3
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
        gateway = env["jxc.sms.gateway"].create(
            {
                "name": "Race",
                "endpoint": "https://sms.example.com/send",
                "template_ids": [
                    (0, 0, {"name": "tea", "content": "Tea!", "is_marketing": True})
                ],
            }
        )
        return shops.ids, mailings.ids, gateway.id


def _send(server, marketing, number):
    """Send over XML-RPC, half of it by a program; return the refusal, or None."""
    shops, mailings, gateway = marketing
    client = XmlRpc(server.url, server.database, "race-marketer", PASSWORD)
    try:
        if number < MAILINGS:
            client.call("mailing.mailing", "action_send_sms", [mailings[number]])
        else:
            numbers = [f"1380013800{place}" for place in range(len(shops))]
            client.call("jxc.sms.gateway", "send", [gateway], numbers, "tea")
    except xmlrpc.client.Fault as fault:
        return fault.faultString
    return None


def test_nobody_gets_more_than_the_limit(serve, database, odoo_env, marketing):
    shops = marketing[0]
    with serve(database, workers=4) as server:
        refused = at_once(2 * MAILINGS, lambda n: _send(server, marketing, n))
    assert refused == [None] * 2 * MAILINGS
    with odoo_env(database) as env:
        for shop in shops:
            traces = env["mailing.trace"].search(
                [("model", "=", "res.partner"), ("res_id", "=", shop)]
            )
            left_out = traces.filtered(lambda trace: trace.trace_status == "cancel")
            by_programs = env["jxc.sms.message"].search(
                [("partner_id", "=", shop), ("uuid", "not in", _uuids(traces))]
            )
            refused = by_programs.filtered(lambda row: row.state == "cancelled")
            sent = len(traces - left_out) + len(by_programs - refused)
            assert sent == LIMIT
            assert set(left_out.mapped("failure_type")) <= {"jxc_limit"}
            assert len(left_out) + len(refused) == 2 * MAILINGS - LIMIT


def _uuids(traces):
    return traces.sms_tracker_ids.mapped("sms_uuid")
