# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What entries collect, in the collection report and in targets."""

import pytest

from collecting import (
    create_entry,
    create_invoice,
    get_accounts,
    get_collected,
    get_reached,
    in_bank,
    match,
    match_own,
    open_books,
)
from selling import create_customer


@pytest.fixture
def shop(odoo_env, database):
    with open_books(odoo_env, database) as books:
        yield books


def test_advances_pay_what_their_customer_owes(shop):
    """What an entry moves to another customer beside them is a debt, no money."""
    env, company = shop
    customer, other = create_customer(env, "Payer Ltd"), create_customer(env, "Bee Ltd")
    receivable = customer.property_account_receivable_id
    advances = company.jxc_advance_received_account_id
    reached = get_reached(env)
    before = reached()
    invoice = create_invoice(env, customer, 1000)
    entry = create_entry(
        env,
        (advances, customer, 500),
        (receivable, other, 500),
        (receivable, customer, -1000),
    )
    match(receivable, invoice, entry)
    found = get_collected(env, customer | other)
    assert found == {customer: (500, -500, 0), other: (0, 500, 500)}
    assert reached() - before == 500


@pytest.mark.parametrize(("ahead", "money"), [(300, -3000), (1500, 5000), (1500, 0)])
def test_openings_beside_own_advances(shop, ahead, money):
    """They are debts, whatever of advances and of the bank opens with them."""
    env, _company = shop
    customer = create_customer(env, f"Own {ahead} {money} Ltd")
    nobody = customer.browse()
    receivable, advances, bank, equity, _loss = get_accounts(env, customer)
    opening = create_entry(
        env,
        (receivable, customer, 1000),
        (advances, customer, -ahead),
        (bank, nobody, money),
        (equity, nobody, ahead - 1000 - money),
    )
    assert get_collected(env, customer) == {customer: (0, 1000, 1000)}
    reached = get_reached(env)
    before = reached()
    match(receivable, opening, create_invoice(env, customer, 400, "out_refund"))
    assert reached() == before, "no money was paid out"
    wrong = create_entry(
        env,
        (receivable, customer, -200),
        (advances, customer, 200),
        (equity, nobody, 500),
        (bank, nobody, -500),
    )
    match(receivable, opening, wrong)
    assert get_collected(env, customer) == {customer: (0, 800, 400)}


def test_credit_notes_that_are_kept_in_part(shop):
    env, _company = shop
    customer = create_customer(env, "Part Ltd")
    nobody = customer.browse()
    receivable, advances, bank, _equity, loss = get_accounts(env, customer)
    # 300 are paid out, 100 are kept, 100 are lost: four fifths were paid back.
    note = create_invoice(env, customer, 500, "out_refund")
    paid = create_entry(
        env,
        (receivable, customer, 500),
        (bank, nobody, -300),
        (advances, customer, -100),
        (loss, nobody, -100),
    )
    match(receivable, note, paid)
    assert get_collected(env, customer) == {customer: (-400, 100, 0)}
    reached = get_reached(env)
    before = reached()
    note = create_invoice(env, customer, 500, "out_refund")
    kept = create_entry(
        env,
        (receivable, customer, 500),
        (bank, nobody, -300),
        (advances, customer, -200),
    )
    match(receivable, note, kept)
    used = create_entry(env, (advances, customer, 200), (receivable, customer, -200))
    match(receivable, used, create_invoice(env, customer, 200))
    assert reached() == before, "what is kept came off, and was used"


def test_payments_whose_difference_is_equity(shop):
    """Of earlier years: it was money all the same."""
    env, _company = shop
    customer = create_customer(env, "Years Ltd")
    _receivable, _advances, _bank, equity, _loss = get_accounts(env, customer)
    invoice = create_invoice(env, customer, 1000)
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create(
        {
            "amount": 980,
            "payment_difference_handling": "reconcile",
            "writeoff_account_id": equity.id,
        }
    )._create_payments()
    assert get_collected(env, customer) == {customer: (1000, 0, 0)}


def test_vouchers_whose_difference_is_equity(shop):
    """In the journal of a bank they open nothing, as payments do not."""
    env, _company = shop
    customer = create_customer(env, "Voucher Ltd")
    nobody = customer.browse()
    receivable, _advances, bank, equity, _loss = get_accounts(env, customer)
    invoice = create_invoice(env, customer, 1000)
    paid = create_entry(
        env,
        (bank, nobody, 980),
        (equity, nobody, 20),
        (receivable, customer, -1000),
        **in_bank(env),
    )
    match(receivable, invoice, paid)
    assert get_collected(env, customer) == {customer: (980, -20, 0)}


def test_debts_taken_over_beside_money(shop):
    """One pays half, another one owes the rest: paid when he pays."""
    env, _company = shop
    one, two = create_customer(env, "Half Ltd"), create_customer(env, "Rest Ltd")
    nobody = one.browse()
    receivable, _advances, bank, _equity, _loss = get_accounts(env, one)
    taken = create_entry(
        env,
        (bank, nobody, 500),
        (receivable, two, 500),
        (receivable, one, -1000),
        **in_bank(env),
    )
    match_own(receivable, taken, create_invoice(env, one, 1000))
    expected = {one: (500, -500, 0), two: (0, 500, 500)}
    assert get_collected(env, one | two) == expected
    paid = create_entry(env, (bank, nobody, 500), (receivable, two, -500))
    debt = taken.line_ids.filtered(lambda line: line.partner_id == two)
    (debt | paid.line_ids.filtered(lambda line: line.partner_id == two)).reconcile()
    expected[two] = 500, 500, 0
    assert get_collected(env, one | two) == expected


def test_targets_count_money_alone(shop):
    """What is given up, or goes to fees, is none, as in the collection report."""
    env, _company = shop
    customer = create_customer(env, "Lost Ltd")
    *_accounts_before, loss = get_accounts(env, customer)
    reached = get_reached(env)
    before = reached()
    for amount in (980, 1):
        invoice = create_invoice(env, customer, 1000)
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {
                "amount": amount,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": loss.id,
            }
        )._create_payments()
    assert reached() - before == 981
    assert get_collected(env, customer) == {customer: (981, -1019, 0)}


def test_several_customers_beside_advances(shop):
    env, _company = shop
    one, two = create_customer(env, "One Ltd"), create_customer(env, "Two Ltd")
    nobody = one.browse()
    receivable, advances, bank, _equity, _loss = get_accounts(env, one)
    owed, note = (
        create_invoice(env, one, 900),
        create_invoice(env, two, 200, "out_refund"),
    )
    kept = create_entry(
        env,
        (bank, nobody, 1000),
        (receivable, two, 200),
        (advances, two, -300),
        (receivable, one, -900),
    )
    match_own(receivable, kept, owed, note)
    assert get_collected(env, one | two) == {one: (900, 0, 0), two: (-200, 0, 0)}
    owed, note = (
        create_invoice(env, one, 500),
        create_invoice(env, two, 300, "out_refund"),
    )
    paid = create_entry(
        env,
        (advances, one, 500),
        (receivable, one, -500),
        (receivable, two, 300),
        (bank, nobody, -300),
    )
    match_own(receivable, paid, owed, note)
    assert get_collected(env, one | two) == {one: (1400, 0, 0), two: (-500, 0, 0)}


def test_money_and_advances_in_one_entry(shop):
    """What is kept as an advance pays when it is used; what was, goes before money."""
    env, company = shop
    customer, other = create_customer(env, "Both Ltd"), create_customer(env, "Side Ltd")
    nobody = customer.browse()
    receivable, advances, bank, _equity, loss = get_accounts(env, customer)
    one, two = create_invoice(env, customer, 800), create_invoice(env, customer, 400)
    kept = create_entry(
        env,
        (bank, nobody, 1000),
        (loss, nobody, 200),
        (receivable, customer, -800),
        (advances, customer, -400),
    )
    match(receivable, one, kept)
    assert get_collected(env, customer) == {customer: (600, -200, 400)}
    used = create_entry(env, (advances, customer, 400), (receivable, customer, -400))
    match(receivable, two, used)
    assert get_collected(env, customer) == {customer: (1000, -200, 0)}
    three, four = create_invoice(env, customer, 500), create_invoice(env, other, 500)
    both = create_entry(
        env,
        (bank, nobody, 500),
        (advances, customer, 500),
        (receivable, customer, -500),
        (receivable, other, -500),
    )
    match_own(receivable, both, three, four)
    found = get_collected(env, customer | other)
    assert found == {customer: (1500, -200, 0), other: (500, 0, 0)}


def test_opening_debts_beside_advances_of_others(shop):
    env, company = shop
    customer, other = create_customer(env, "Old Ltd"), create_customer(env, "Ahead 2")
    receivable = customer.property_account_receivable_id
    advances = company.jxc_advance_received_account_id
    equity = env["account.account"].search(
        [("account_type", "=", "equity"), ("company_ids", "in", company.ids)], limit=1
    )
    opening = create_entry(
        env,
        (receivable, customer, 1000),
        (advances, other, -300),
        (equity, customer.browse(), -700),
    )
    assert get_collected(env, customer | other) == {customer: (0, 1000, 1000)}
    reached = get_reached(env)
    before = reached()
    match(receivable, opening, create_invoice(env, customer, 400, "out_refund"))
    assert reached() == before, "no money was paid out"
