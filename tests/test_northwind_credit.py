# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A year of trade with limits: its orders are placed again, with control on.

Whether an order fits is worked out beside it, in plain sums of amounts: what a customer
owes, plus what was let through before.
"""

from collections import defaultdict

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

REPLAYED = 120

#: What customers owe by the documents: open items, and orders not invoiced in full.
OWED = """
    SELECT partner_id, SUM(amount)
      FROM (SELECT contact.commercial_partner_id AS partner_id,
                   item.amount_residual AS amount
              FROM account_move_line item
              JOIN account_account account ON account.id = item.account_id
              JOIN res_partner contact ON contact.id = item.partner_id
             WHERE account.account_type = 'asset_receivable'
               AND item.parent_state = 'posted'
         UNION ALL
            SELECT contact.commercial_partner_id, sale.amount_total / sale.currency_rate
              FROM sale_order sale
              JOIN res_partner contact ON contact.id = sale.partner_invoice_id
             WHERE sale.state = 'sale'
         UNION ALL
            SELECT contact.commercial_partner_id, -move.amount_total_signed
              FROM account_move move
              JOIN res_partner contact ON contact.id = move.partner_id
             WHERE move.state = 'posted' AND move.move_type LIKE 'out_%%'
               AND EXISTS (SELECT FROM account_move_line item
                             JOIN sale_order_line_invoice_rel link
                               ON link.invoice_line_id = item.id
                            WHERE item.move_id = move.id)) part
  GROUP BY 1
"""


def _owed(env):
    env.flush_all()
    env.cr.execute(OWED)
    return defaultdict(
        float, {partner: round(float(owed), 2) for partner, owed in env.cr.fetchall()}
    )


def _limits(orders, owed):
    """Room for some of each customer's orders: one and a half times the largest."""
    room = defaultdict(float)
    for order in orders:
        customer = order.partner_invoice_id.commercial_partner_id
        amount = order.amount_total / order.currency_rate
        room[customer] = max(room[customer], 1.5 * amount)
    return {
        customer: round(owed[customer.id] + more, 2) for customer, more in room.items()
    }


def _set_limits(env, limits):
    """Every second customer's orders go on hold when they do not fit."""
    Account = env["jxc.credit.account"]
    for number, customer in enumerate(sorted(limits, key=lambda one: one.id)):
        account = Account.search([("partner_id", "=", customer.id)])
        values = {
            "credit_limit": limits[customer],
            "unlimited": False,
            "order_action": "hold" if number % 2 else "block",
            "overdue_days": 0,
            "overdue_amount": 0,
        }
        if account:
            account.write(values)
        else:
            Account.create({"partner_id": customer.id, **values})


def _place(order):
    """Confirm an order; return what became of it."""
    try:
        with order.env.cr.savepoint():
            order.action_confirm()
    except UserError as refused:
        assert order.state != "sale"
        return "refused", str(refused)
    return ("through" if order.state == "sale" else order.jxc_credit_state), ""


def test_orders_replayed_with_control_on(northwind_database, odoo_env):
    """Just those orders go through that plain sums let through."""
    outcomes = defaultdict(int)
    # The limits are committed before: that is what the gate sees of them.
    with odoo_env(northwind_database, "admin") as env:
        new_test_user(
            env,
            "northwind_seller",
            "sales_team.group_sale_salesman_all_leads",
            company_id=env.company.id,
            company_ids=[Command.set(env.company.ids)],
        )
        past = env["sale.order"].search(
            [("state", "=", "sale")], order="date_order, id", limit=REPLAYED
        )
        assert len(past) == REPLAYED
        owed = _owed(env)
        limits = _limits(past, owed)
        assert len(limits) > 20
        _set_limits(env, limits)
    with odoo_env(northwind_database, "admin") as env:
        seller = env["res.users"].search([("login", "=", "northwind_seller")])
        past = past.with_env(env)
        limits = {customer.with_env(env): limit for customer, limit in limits.items()}
        for old in past:
            order = old.copy()
            customer = order.partner_invoice_id.commercial_partner_id
            account = customer.jxc_credit_account_id
            amount = round(order.amount_total / order.currency_rate, 2)
            fits = owed[customer.id] + amount <= limits[customer] + 0.005
            outcome, text = _place(order.with_user(seller))
            if fits:
                assert outcome == "through", (old.name, outcome, text)
                owed[customer.id] = round(owed[customer.id] + amount, 2)
            elif account.order_action == "hold":
                assert outcome == "hold", (old.name, outcome, text)
            else:
                assert outcome == "refused", (old.name, outcome, text)
                assert customer.name in text
            outcomes[outcome] += 1
        env.flush_all()
        accounts = env["jxc.credit.account"].search(
            [("partner_id", "in", [customer.id for customer in limits])]
        )
        accounts.invalidate_recordset()
        for account in accounts:
            expected = owed[account.partner_id.id]
            assert abs(account.exposure - expected) < 0.01, account.display_name
            assert account.exposure <= account.credit_limit + 0.005
        assert _owed(env) == {**_owed(env), **owed}
        env.cr.rollback()
    assert set(outcomes) == {"through", "hold", "refused"}, outcomes
