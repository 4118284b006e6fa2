# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a customer paid ahead takes off what he owes, on whichever account it is."""

import pytest

from odoo.exceptions import UserError

from collecting import (
    create_entry,
    create_payment,
    open_books,
)
from selling import create_customer, create_goods


@pytest.fixture
def shop(odoo_env, database):
    with open_books(odoo_env, database) as books:
        yield books


def _order(env, customer, product, quantity):
    return env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
            ],
        }
    )


def test_advances_free_credit(shop):
    """Like any receipt: 600 owed, 500 paid ahead, 100 are used, and 500 more fit."""
    env, company = shop
    customer = create_customer(
        env, "Ahead Ltd", limit=600, order_action="block", company_id=company.id
    )
    account = env["jxc.credit.account"].search([("partner_id", "=", customer.id)])
    goods = create_goods(env, "Lamp")
    sold = _order(env, customer, goods, 6)
    sold.action_confirm()
    with pytest.raises(UserError, match="limit"), env.cr.savepoint():
        _order(env, customer, goods, 5).with_context(lang="en_US").action_confirm()
    advance = create_payment(env, customer, 500, jxc_is_advance=True)
    item = advance.move_id.line_ids.filtered(lambda line: line.balance < 0)
    assert item.account_id == company.jxc_advance_received_account_id
    env.invalidate_all()
    assert (account.exposure_unapplied, account.exposure) == (500, 100)
    shown = env["account.move.line"].search(account._jxc_open_items_domain("unapplied"))
    assert shown == item
    _order(env, customer, goods, 5).action_confirm()
    env.invalidate_all()
    assert account.exposure == 600


def test_advances_pay_orders(shop):
    """A deposit (定金) that is marked as advance is one all the same."""
    env, company = shop
    customer = create_customer(
        env, "Deposit Ltd", limit=0, order_action="block", company_id=company.id
    )
    order = _order(env, customer, create_goods(env, "Vase"), 2)
    create_payment(env, customer, 200, jxc_is_advance=True, jxc_sale_order_id=order.id)
    assert order._jxc_prepaid() == 200
    order.action_confirm()
    assert order.state == "sale"


def test_debts_taken_over_by_an_advance(shop):
    """Who pays another one's debt with his own advance owes that much more."""
    env, company = shop
    taker = create_customer(
        env, "Taker Ltd", limit=100, order_action="block", company_id=company.id
    )
    debtor = create_customer(env, "Debtor Ltd")
    advances = company.jxc_advance_received_account_id
    receivable = debtor.property_account_receivable_id
    with pytest.raises(UserError, match="Taker Ltd"), env.cr.savepoint():
        create_entry(env, (advances, taker, 500), (receivable, debtor, -500))


def test_debts_taken_over_between_advances(shop):
    """Nor may his advance become another one's while he owes all that it paid."""
    env, company = shop
    customer = create_customer(
        env, "Giver Ltd", limit=1000, order_action="block", company_id=company.id
    )
    other = create_customer(env, "Getter Ltd")
    advances = company.jxc_advance_received_account_id
    create_payment(env, customer, 5000, jxc_is_advance=True)
    _order(env, customer, create_goods(env, "Jar"), 60).action_confirm()
    for getter in (other, other.browse()):
        with pytest.raises(UserError, match="Giver Ltd"), env.cr.savepoint():
            create_entry(env, (advances, customer, 5000), (advances, getter, -5000))


def test_advances_are_collected_when_they_are_settled(shop):
    env, company = shop
    customer = create_customer(env, "Collected Ltd")
    order = _order(env, customer, create_goods(env, "Bowl"), 10)
    order.action_confirm()
    for move in order.picking_ids.move_ids:
        move.write({"quantity": 10, "picked": True})
    order.picking_ids._action_done()
    invoice = order._create_invoices()
    invoice.action_post()
    create_payment(env, customer, 1000, jxc_is_advance=True)
    settlement = env["jxc.settlement"].create(
        {"kind": "advance_receivable", "partner_id": customer.id}
    )
    settlement.action_propose()
    settlement.action_apply()
    assert invoice.amount_residual == 0
    report = env["jxc.sale.collection"].create({"partner_ids": [(4, customer.id)]})
    report._refresh_lines()
    assert (report.line_ids.billed, report.line_ids.collected) == (1000, 1000)
