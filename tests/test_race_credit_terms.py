# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A committed order is judged anew by the gate's own connection, and counts once."""

import xmlrpc.client

import pytest

from races import at_once
from selling import create_customer, create_goods, create_order, create_people

LIMIT = 10000.0
SELLER = "terms_seller"
CUSTOMER = "Terms Debtor"


@pytest.fixture(scope="module")
def trade(database, odoo_env):
    """Confirmed orders of 5,650 and 4,350, due at once: all of the limit."""
    with odoo_env(database) as env:
        create_people(env, **{SELLER: ["sales_team.group_sale_salesman_all_leads"]})
        env["res.users"].search([("login", "=", SELLER)]).lang = "en_US"
        customer = create_customer(
            env, CUSTOMER, LIMIT, order_action="block", credit_days=30
        )
        product = create_goods(env, "Terms Goods", price=50.0, quantity=1000)
        terms = {
            days: env["jxc.credit.account"]
            ._jxc_find_or_create_term(env.company, days)
            .id
            for days in (10, 15, 20)
        }
        orders = [
            create_order(env, customer, product, quantity, payment_term_id=False)
            for quantity in (113, 87)
        ]
        for order in orders:
            order.action_confirm()
        account = env["jxc.credit.account"].search([("partner_id", "=", customer.id)])
        assert account.exposure == LIMIT
        return {
            "ids": [order.id for order in orders],
            "terms": terms,
            "account": account.id,
        }


def test_later_terms_count_the_order_once(serve, rpc, database, odoo_env, trade):
    with serve(database, workers=2) as server:
        # A connection of its own for each who asks at the same moment.
        sellers = [rpc(server, SELLER) for _order in trade["ids"]]

        def delay(number, days):
            values = {"payment_term_id": trade["terms"][days]}
            try:
                sellers[number].call(
                    "sale.order", "write", [trade["ids"][number]], values
                )
            except xmlrpc.client.Fault as fault:
                return fault.faultString
            return None

        assert delay(0, 10) is None, "all of it fits, and stays as much"
        # One after the other: one that runs is counted by the other until it is done.
        assert delay(1, 10) is None
        _set_account(odoo_env, database, trade, credit_limit=LIMIT - 1)
        text = delay(0, 15)
        assert CUSTOMER in text and "1.00 is missing" in text, text
        _set_account(odoo_env, database, trade, order_action="warn")
        assert delay(0, 15) is None
        with odoo_env(database) as env:
            order = env["sale.order"].browse(trade["ids"][0])
            assert order.payment_term_id.id == trade["terms"][15]
            bodies = "".join(order.message_ids.mapped("body")).replace("\xa0", "")
            assert "9,999.00" in bodies and "10,000.00" in bodies, bodies
            assert "15,650" not in bodies
        _set_account(
            odoo_env, database, trade, credit_limit=LIMIT * 2, order_action="block"
        )
        assert at_once(2, lambda number: delay(number, 20)) == [None, None]
    with odoo_env(database) as env:
        assert env["jxc.credit.account"].browse(trade["account"]).exposure == LIMIT


def _set_account(odoo_env, database, trade, **values):
    with odoo_env(database) as env:
        env["jxc.credit.account"].browse(trade["account"]).write(values)
