# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a customer paid ahead takes off what he owes, on whichever account it is."""

import pytest

from odoo import fields
from odoo.exceptions import UserError

from selling import create_customer, create_goods


@pytest.fixture
def shop(odoo_env, database):
    """A company with an account of advances, a customer with a limit, and money."""
    with odoo_env(database) as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        env = env(context={"allowed_company_ids": company.ids})
        check = env["jxc.finance.setup.check"]
        check._fix("settlement_accounts", company)
        yield env, company


def _pay(env, customer, amount, **values):
    journal = env["account.journal"].search(
        [("company_id", "=", env.company.id), ("type", "=", "bank")], limit=1
    )
    payment = env["account.payment"].create(
        {
            "partner_id": customer.id,
            "partner_type": "customer",
            "payment_type": "inbound",
            "amount": amount,
            "journal_id": journal.id,
            **values,
        }
    )
    payment.action_post()
    return payment


def _order(env, customer, product, quantity):
    return env["sale.order"].create(
        {
            "partner_id": customer.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
            ],
        }
    )


def _entry(env, *sides, **values):
    """A posted entry of (account, partner, balance)."""
    journal = env["account.journal"].search(
        [("company_id", "=", env.company.id), ("type", "=", "general")], limit=1
    )
    entry = env["account.move"].create(
        {
            "journal_id": journal.id,
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "balance": balance,
                    },
                )
                for account, partner, balance in sides
            ],
            **values,
        }
    )
    entry.action_post()
    return entry


def _match(account, *moves):
    lines = moves[0].browse().union(*moves).line_ids
    lines.filtered(lambda line: line.account_id == account).reconcile()


def _match_own(account, entry, *documents):
    """Match each document with the items of its customer in an entry."""
    for document in documents:
        lines = (document | entry).line_ids.filtered(
            lambda line, owner=document.partner_id: (
                line.account_id == account and line.partner_id == owner
            )
        )
        lines.reconcile()


def _invoice(env, customer, price, kind="out_invoice", **values):
    invoice = env["account.move"].create(
        {
            "move_type": kind,
            "partner_id": customer.id,
            "invoice_date": fields.Date.today(),
            "invoice_line_ids": [
                (0, 0, {"name": "Goods", "price_unit": price, "tax_ids": []})
            ],
            **values,
        }
    )
    invoice.action_post()
    return invoice


def _collected(env, customers):
    """{customer: (collected, other, closing)} of the collection report."""
    report = env["jxc.sale.collection"].create({"partner_ids": customers.ids})
    report._refresh_lines()
    return {
        customer: tuple(
            sum(lines.mapped(name)) for name in ("collected", "other", "closing")
        )
        for customer, lines in report.line_ids.grouped("partner_id").items()
    }


def _target(env):
    """A target by money of this month, for the company; reads what was reached."""
    values = {
        "company_id": env.company.id,
        "kind": "collected",
        "scope": "company",
        "date_from": fields.Date.today().replace(day=1),
    }
    targets = env["jxc.sales.target"]
    target = targets.search([(name, "=", value) for name, value in values.items()])
    if not target:
        values = {**values, "date": values.pop("date_from"), "amount": 1000}
        target = targets.create(values)

    def reached():
        env.invalidate_all()
        report = env["jxc.sales.target.report"]
        return report.search([("target_id", "=", target.id)]).actual

    return reached


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
    advance = _pay(env, customer, 500, jxc_is_advance=True)
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
    _pay(env, customer, 200, jxc_is_advance=True, jxc_sale_order_id=order.id)
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
        _entry(env, (advances, taker, 500), (receivable, debtor, -500))


def test_debts_taken_over_between_advances(shop):
    """Nor may his advance become another one's while he owes all that it paid."""
    env, company = shop
    customer = create_customer(
        env, "Giver Ltd", limit=1000, order_action="block", company_id=company.id
    )
    other = create_customer(env, "Getter Ltd")
    advances = company.jxc_advance_received_account_id
    _pay(env, customer, 5000, jxc_is_advance=True)
    _order(env, customer, create_goods(env, "Jar"), 60).action_confirm()
    for getter in (other, other.browse()):
        with pytest.raises(UserError, match="Giver Ltd"), env.cr.savepoint():
            _entry(env, (advances, customer, 5000), (advances, getter, -5000))


def test_advances_pay_what_their_customer_owes(shop):
    """What an entry moves to another customer beside them is a debt, no money."""
    env, company = shop
    customer, other = create_customer(env, "Payer Ltd"), create_customer(env, "Bee Ltd")
    receivable = customer.property_account_receivable_id
    advances = company.jxc_advance_received_account_id
    reached = _target(env)
    before = reached()
    invoice = _invoice(env, customer, 1000)
    entry = _entry(
        env,
        (advances, customer, 500),
        (receivable, other, 500),
        (receivable, customer, -1000),
    )
    _match(receivable, invoice, entry)
    found = _collected(env, customer | other)
    assert found == {customer: (500, -500, 0), other: (0, 500, 500)}
    assert reached() - before == 500


def _accounts(env, customer):
    """Receivable, advances, bank, equity, loss."""
    company = env.company
    bank = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    equity, loss = (
        env["account.account"].search(
            [("account_type", "=", kind), ("company_ids", "in", company.ids)], limit=1
        )
        for kind in ("equity", "expense")
    )
    return (
        customer.property_account_receivable_id,
        company.jxc_advance_received_account_id,
        bank.default_account_id,
        equity,
        loss,
    )


@pytest.mark.parametrize(("ahead", "money"), [(300, -3000), (1500, 5000), (1500, 0)])
def test_openings_beside_own_advances(shop, ahead, money):
    """They are debts, whatever of advances and of the bank opens with them."""
    env, _company = shop
    customer = create_customer(env, f"Own {ahead} {money} Ltd")
    nobody = customer.browse()
    receivable, advances, bank, equity, _loss = _accounts(env, customer)
    opening = _entry(
        env,
        (receivable, customer, 1000),
        (advances, customer, -ahead),
        (bank, nobody, money),
        (equity, nobody, ahead - 1000 - money),
    )
    assert _collected(env, customer) == {customer: (0, 1000, 1000)}
    reached = _target(env)
    before = reached()
    _match(receivable, opening, _invoice(env, customer, 400, "out_refund"))
    assert reached() == before, "no money was paid out"
    wrong = _entry(
        env,
        (receivable, customer, -200),
        (advances, customer, 200),
        (equity, nobody, 500),
        (bank, nobody, -500),
    )
    _match(receivable, opening, wrong)
    assert _collected(env, customer) == {customer: (0, 800, 400)}


def test_credit_notes_that_are_kept_in_part(shop):
    env, _company = shop
    customer = create_customer(env, "Part Ltd")
    nobody = customer.browse()
    receivable, advances, bank, _equity, loss = _accounts(env, customer)
    # 300 are paid out, 100 are kept, 100 are lost: four fifths were paid back.
    note = _invoice(env, customer, 500, "out_refund")
    paid = _entry(
        env,
        (receivable, customer, 500),
        (bank, nobody, -300),
        (advances, customer, -100),
        (loss, nobody, -100),
    )
    _match(receivable, note, paid)
    assert _collected(env, customer) == {customer: (-400, 100, 0)}


def test_payments_whose_difference_is_equity(shop):
    """Of earlier years: it was money all the same."""
    env, _company = shop
    customer = create_customer(env, "Years Ltd")
    _receivable, _advances, _bank, equity, _loss = _accounts(env, customer)
    invoice = _invoice(env, customer, 1000)
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create(
        {
            "amount": 980,
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": equity.id,
        }
    )._create_payments()
    assert _collected(env, customer) == {customer: (1000, 0, 0)}


def test_several_customers_beside_advances(shop):
    env, _company = shop
    one, two = create_customer(env, "One Ltd"), create_customer(env, "Two Ltd")
    nobody = one.browse()
    receivable, advances, bank, _equity, _loss = _accounts(env, one)
    owed, note = _invoice(env, one, 900), _invoice(env, two, 200, "out_refund")
    kept = _entry(
        env,
        (bank, nobody, 1000),
        (receivable, two, 200),
        (advances, two, -300),
        (receivable, one, -900),
    )
    _match_own(receivable, kept, owed, note)
    assert _collected(env, one | two) == {one: (900, 0, 0), two: (-200, 0, 0)}
    owed, note = _invoice(env, one, 500), _invoice(env, two, 300, "out_refund")
    paid = _entry(
        env,
        (advances, one, 500),
        (receivable, one, -500),
        (receivable, two, 300),
        (bank, nobody, -300),
    )
    _match_own(receivable, paid, owed, note)
    assert _collected(env, one | two) == {one: (1400, 0, 0), two: (-500, 0, 0)}


def test_money_and_advances_in_one_entry(shop):
    """What is kept as an advance pays when it is used; what was, goes before money."""
    env, company = shop
    customer, other = create_customer(env, "Both Ltd"), create_customer(env, "Side Ltd")
    nobody = customer.browse()
    receivable, advances, bank, _equity, loss = _accounts(env, customer)
    one, two = _invoice(env, customer, 800), _invoice(env, customer, 400)
    kept = _entry(
        env,
        (bank, nobody, 1000),
        (loss, nobody, 200),
        (receivable, customer, -800),
        (advances, customer, -400),
    )
    _match(receivable, one, kept)
    assert _collected(env, customer) == {customer: (600, -200, 400)}
    used = _entry(env, (advances, customer, 400), (receivable, customer, -400))
    _match(receivable, two, used)
    assert _collected(env, customer) == {customer: (1000, -200, 0)}
    three, four = _invoice(env, customer, 500), _invoice(env, other, 500)
    both = _entry(
        env,
        (bank, nobody, 500),
        (advances, customer, 500),
        (receivable, customer, -500),
        (receivable, other, -500),
    )
    _match_own(receivable, both, three, four)
    found = _collected(env, customer | other)
    assert found == {customer: (1500, -200, 0), other: (500, 0, 0)}


def test_opening_debts_beside_advances_of_others(shop):
    env, company = shop
    customer, other = create_customer(env, "Old Ltd"), create_customer(env, "Ahead 2")
    receivable = customer.property_account_receivable_id
    advances = company.jxc_advance_received_account_id
    equity = env["account.account"].search(
        [("account_type", "=", "equity"), ("company_ids", "in", company.ids)], limit=1
    )
    opening = _entry(
        env,
        (receivable, customer, 1000),
        (advances, other, -300),
        (equity, customer.browse(), -700),
    )
    assert _collected(env, customer | other) == {customer: (0, 1000, 1000)}
    reached = _target(env)
    before = reached()
    _match(receivable, opening, _invoice(env, customer, 400, "out_refund"))
    assert reached() == before, "no money was paid out"


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
    _pay(env, customer, 1000, jxc_is_advance=True)
    settlement = env["jxc.settlement"].create(
        {"kind": "advance_receivable", "partner_id": customer.id}
    )
    settlement.action_propose()
    settlement.action_apply()
    assert invoice.amount_residual == 0
    report = env["jxc.sale.collection"].create({"partner_ids": [(4, customer.id)]})
    report._refresh_lines()
    assert (report.line_ids.billed, report.line_ids.collected) == (1000, 1000)
