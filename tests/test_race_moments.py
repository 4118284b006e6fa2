# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two transactions that overlap in the worst moment, step by step."""

from datetime import date, timedelta
from itertools import count
from unittest.mock import patch

import psycopg2.errors
import pytest
from psycopg2.pool import PoolError

from odoo.exceptions import UserError
from odoo.modules.registry import Registry

NUMBERS = count(1)


@pytest.fixture
def begin(database, odoo_env):
    """Return a context manager: an environment whose snapshot is taken at once."""
    from contextlib import contextmanager

    @contextmanager
    def transaction():
        with odoo_env(database) as env:
            env.cr.execute("SELECT 1 FROM res_partner LIMIT 1")
            yield env

    return transaction


@pytest.fixture(scope="module")
def product_id(database, odoo_env):
    with odoo_env(database) as env:
        values = {"taxes_id": False, "supplier_taxes_id": False}
        return env["product.product"].create({"name": "Moment", **values}).id


def _customer(begin, limit=1000.0, children=0):
    """Return ids: customer, credit account, contacts that invoices go to."""
    with begin() as env:
        values = {"name": f"Customer {next(NUMBERS)}", "is_company": True}
        customer = env["res.partner"].create(values)
        contacts = customer.create(
            [
                {"name": f"Contact {n}", "parent_id": customer.id, "type": "invoice"}
                for n in range(children)
            ]
        )
        account = env["jxc.credit.account"].create(
            {"partner_id": customer.id, "credit_limit": limit}
        )
        return customer.id, account.id, contacts.ids


def _sale(begin, product_id, partner_id, amount):
    with begin() as env:
        line = {"product_id": product_id, "price_unit": amount}
        values = {"partner_id": partner_id, "order_line": [(0, 0, line)]}
        return env["sale.order"].create(values).id


def _budget(begin, amount, confirm):
    """Return ids: vendor, budget."""
    with begin() as env:
        vendor = env["res.partner"].create({"name": f"Vendor {next(NUMBERS)}"})
        line = {"partner_id": vendor.id, "amount_planned": amount, "control": "block"}
        budget = env["jxc.purchase.budget"].create(
            {
                "name": f"Moment {vendor.id}",
                "date_from": date.today() - timedelta(days=30),
                "date_to": date.today() + timedelta(days=30),
                "line_ids": [(0, 0, line)],
            }
        )
        if confirm:
            budget.action_confirm()
        return vendor.id, budget.id


def _purchase(begin, product_id, partner_id, amount):
    with begin() as env:
        line = {"product_id": product_id, "product_qty": 1, "price_unit": amount}
        values = {"partner_id": partner_id, "order_line": [(0, 0, line)]}
        return env["purchase.order"].create(values).id


def _refused(call, match):
    with pytest.raises(UserError, match=match):
        call()


def test_contacts_share_the_limit_of_their_company(begin, product_id):
    _customer_id, account_id, contacts = _customer(begin, children=2)
    first, second = (_sale(begin, product_id, one, 600) for one in contacts)
    with begin() as one, begin() as other:
        one["sale.order"].browse(first).action_confirm()
        _refused(other["sale.order"].browse(second).action_confirm, "600")
        other.cr.rollback()
    with begin() as env:
        assert env["jxc.credit.account"].browse(account_id).exposure == 600


def test_order_and_invoice_share_the_limit(begin, product_id):
    customer_id, account_id, _contacts = _customer(begin)
    order_id = _sale(begin, product_id, customer_id, 900)
    with begin() as env:
        line = {"name": "Work", "price_unit": 500, "tax_ids": False}
        values = {"invoice_date": date.today(), "invoice_line_ids": [(0, 0, line)]}
        invoice_id = (
            env["account.move"]
            .create({"move_type": "out_invoice", "partner_id": customer_id, **values})
            .id
        )
    with begin() as one, begin() as other:
        one["account.move"].browse(invoice_id).action_post()
        _refused(other["sale.order"].browse(order_id).action_confirm, "400")
        other.cr.rollback()
    with begin() as env:
        assert env["jxc.credit.account"].browse(account_id).exposure == 500


def test_what_a_savepoint_took_back_can_be_taken_again(begin, product_id):
    customer_id, account_id, _contacts = _customer(begin)
    first, second, third = (
        _sale(begin, product_id, customer_id, amount) for amount in (600, 900, 200)
    )
    with begin() as one, begin() as other:
        with pytest.raises(KeyError), one.cr.savepoint():
            one["sale.order"].browse(first).action_confirm()
            raise KeyError
        one.invalidate_all()
        one["sale.order"].browse(second).action_confirm()
        _refused(other["sale.order"].browse(third).action_confirm, "Customer")
        other.cr.rollback()
    with begin() as env:
        assert env["jxc.credit.account"].browse(account_id).exposure == 900
        env["sale.order"].browse(third).order_line.price_unit = 100
        env["sale.order"].browse(third).action_confirm()


def test_one_raise_serves_one_order(begin, product_id):
    customer_id, account_id, _contacts = _customer(begin, limit=0)
    first, second = (_sale(begin, product_id, customer_id, 500) for _ in range(2))
    with begin() as env:
        raised = {"amount": 500, "until": "2199-12-31", "reason": "Fair"}
        env["jxc.credit.override"].create({"account_id": account_id, **raised})
    with begin() as one, begin() as other:
        one["sale.order"].browse(first).action_confirm()
        _refused(other["sale.order"].browse(second).action_confirm, "500")
        other.cr.rollback()


def test_a_customer_gets_one_account(begin):
    accounts = [_customer(begin)[1] for _ in range(2)]
    with begin() as env:
        shared = env["res.partner"].create({"name": "Shared", "is_company": True}).id
    with begin() as one, begin() as other:
        one["jxc.credit.account"].browse(accounts[0]).member_ids = [(4, shared)]
        one.flush_all()
        one.cr.commit()
        with pytest.raises(psycopg2.errors.SerializationFailure):
            other["jxc.credit.account"].browse(accounts[1]).member_ids = [(4, shared)]
            other.flush_all()
        other.cr.rollback()


def test_no_connection_left(begin, product_id):
    from odoo.addons.jxc_base.tools import gate_session

    customer_id, _account_id, _contacts = _customer(begin)
    order_id = _sale(begin, product_id, customer_id, 100)
    gate_session.close_all()
    with begin() as env:
        order = env["sale.order"].browse(order_id)
        with patch.object(Registry, "cursor", side_effect=PoolError("full")):
            _refused(order.action_confirm, "try again")
        env.cr.rollback()


def test_order_confirmed_while_its_budget_starts(begin, product_id):
    """Neither sees the other; the order is counted all the same."""
    vendor_id, budget_id = _budget(begin, 100, confirm=False)
    first, second = (
        _purchase(begin, product_id, vendor_id, amount) for amount in (500, 100)
    )
    with begin() as one, begin() as other:
        one["purchase.order"].browse(first).button_confirm()
        other["jxc.purchase.budget"].browse(budget_id).action_confirm()
        other.flush_all()
        other.cr.commit()
        # Too early: the order is not there yet.
        with begin() as env:
            budgets = env["jxc.purchase.budget"]
            budgets._cron_count_late_documents()
            assert budgets.browse(budget_id).jxc_started_in
    with begin() as env:
        env["jxc.purchase.budget"]._cron_count_late_documents()
    with begin() as env:
        budget = env["jxc.purchase.budget"].browse(budget_id)
        assert not budget.jxc_started_in
        assert budget.line_ids.amount_committed == 500
        assert budget.action_recompute_check() == []
        _refused(env["purchase.order"].browse(second).button_confirm, "Moment")
        env.cr.rollback()


def test_entries_are_folded_when_nobody_adds_older_ones(begin, product_id):
    """An order that is still being confirmed has an entry below those committed."""
    vendor_id, budget_id = _budget(begin, 1000, confirm=True)
    with begin() as env:
        # Confirming notes the vendor on the product: two of them, not to collide there.
        other_id = env["product.product"].create({"name": "Moment 2"}).id
    slow = _purchase(begin, product_id, vendor_id, 500)
    quick = _purchase(begin, other_id, vendor_id, 100)
    late = _purchase(begin, product_id, vendor_id, 401)
    with begin() as one:
        one["purchase.order"].browse(slow).button_confirm()
        with begin() as other:
            other["purchase.order"].browse(quick).button_confirm()
        for _run in range(2):
            with begin() as env:
                env["jxc.budget.balance"]._cron_fold(at_least=1)
        with begin() as env:
            line = env["jxc.purchase.budget"].browse(budget_id).line_ids
            own = [("line_id", "=", line.id)]
            assert not env["jxc.budget.balance"].search(own), "too early"
    for _run in range(2):
        with begin() as env:
            env["jxc.budget.balance"]._cron_fold(at_least=1)
    with begin() as env:
        budget = env["jxc.purchase.budget"].browse(budget_id)
        balance = env["jxc.budget.balance"].search(own)
        assert balance.amount_committed == 600
        assert budget.line_ids.amount_committed == 600
        assert budget.action_recompute_check() == []
        _refused(env["purchase.order"].browse(late).button_confirm, "Moment")
        env.cr.rollback()


def test_two_overrides_of_one_order_do_not_add_up_twice(begin, product_id):
    """Two requests that confirm one order at once use its override once."""
    vendor_id, budget_id = _budget(begin, 100, confirm=True)
    order_id = _purchase(begin, product_id, vendor_id, 150)
    with begin() as env:
        line = env["jxc.purchase.budget"].browse(budget_id).line_ids
        override = env["jxc.budget.override"].create(
            {
                "line_id": line.id,
                "res_model": "purchase.order",
                "res_id": order_id,
                "amount": 50,
                "reason": "Moment",
            }
        )
        override_id = override.id
    with begin() as one, begin() as other:
        assert other["purchase.order"].browse(order_id).state == "draft"
        one["purchase.order"].browse(order_id).button_confirm()
        one.flush_all()
        one.cr.commit()
        with pytest.raises((psycopg2.errors.SerializationFailure, UserError)):
            other["purchase.order"].browse(order_id).button_confirm()
            other.flush_all()
        other.cr.rollback()
    with begin() as env:
        override = env["jxc.budget.override"].browse(override_id)
        assert override.amount_used == 50
        budget = env["jxc.purchase.budget"].browse(budget_id)
        assert budget.line_ids.amount_committed == 150
        assert budget.action_recompute_check() == []


def test_a_cut_and_an_order_do_not_pass_together(begin, product_id):
    """What is being ordered cannot be cut, although the cut does not see it yet."""
    vendor_id, budget_id = _budget(begin, 1000, confirm=True)
    order_id = _purchase(begin, product_id, vendor_id, 700)
    with begin() as env:
        line = env["jxc.purchase.budget"].browse(budget_id).line_ids
        cut = env["jxc.purchase.budget.transfer"].create(
            {
                "kind": "cut",
                "reason": "Moment",
                "line_ids": [(0, 0, {"line_from_id": line.id, "amount": 400})],
            }
        )
        cut.action_submit()
        cut_id = cut.id
    with begin() as one, begin() as other:
        one["purchase.order"].browse(order_id).button_confirm()
        cut = other["jxc.purchase.budget.transfer"].browse(cut_id)
        _refused(lambda: cut._approve(other.user), "lower")
        other.cr.rollback()


def test_budget_in_use_is_not_reset(begin, product_id):
    vendor_id, budget_id = _budget(begin, 1000, confirm=True)
    order_id = _purchase(begin, product_id, vendor_id, 500)
    with begin() as one, begin() as other:
        one["purchase.order"].browse(order_id).button_confirm()
        _refused(other["jxc.purchase.budget"].browse(budget_id).action_draft, "now")
        other.cr.rollback()
    with begin() as env:
        budget = env["jxc.purchase.budget"].browse(budget_id)
        assert budget.state == "confirmed"
        assert budget.line_ids.amount_committed == 500


def test_reset_budget_gives_nothing(begin, product_id):
    vendor_id, budget_id = _budget(begin, 1000, confirm=True)
    order_id = _purchase(begin, product_id, vendor_id, 500)
    with begin() as one, begin() as other, begin() as late:
        one["jxc.purchase.budget"].browse(budget_id).action_draft()
        _refused(other["purchase.order"].browse(order_id).button_confirm, "Moment")
        other.cr.rollback()
        one.flush_all()
        one.cr.commit()
        # Its snapshot is from before the reset.
        _refused(late["purchase.order"].browse(order_id).button_confirm, "Moment")
        late.cr.rollback()
    with begin() as env:
        env["purchase.order"].browse(order_id).button_confirm()
        assert not env["jxc.budget.entry"].search([("budget_id", "=", budget_id)])


def _cut(line, amount):
    """Return a submitted cut that OdooBot asked for, for the administrator."""
    admin = line.env.ref("base.user_admin")
    admin.group_ids += line.env.ref("jxc_base.group_budget_manager")
    cut = line.env["jxc.purchase.budget.transfer"].create(
        {
            "kind": "cut",
            "reason": "Less",
            "line_ids": [(0, 0, {"line_from_id": line.id, "amount": amount})],
        }
    )
    cut.action_submit()
    return cut.with_user(admin)


def test_limit_in_use_is_not_lowered(begin, product_id):
    vendor_id, budget_id = _budget(begin, 1000, confirm=True)
    order_id = _purchase(begin, product_id, vendor_id, 800)
    with begin() as one, begin() as other:
        one["purchase.order"].browse(order_id).button_confirm()
        line = other["jxc.purchase.budget"].browse(budget_id).line_ids
        cut = _cut(line, 700)
        _refused(cut.action_approve, "800")
        other.cr.rollback()
