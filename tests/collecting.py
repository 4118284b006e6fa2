# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Entries that pay what customers owe, and what reports say was collected by them."""

from contextlib import contextmanager

from odoo import fields


@contextmanager
def open_books(odoo_env, database):
    """A company with an account of advances: an environment in it, and the company."""
    with odoo_env(database) as env:
        company = env["res.company"].search([("chart_template", "=", "cn")], limit=1)
        env = env(context={"allowed_company_ids": company.ids})
        check = env["jxc.finance.setup.check"]
        check._fix("settlement_accounts", company)
        yield env, company


def create_payment(env, customer, amount, **values):
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


def create_entry(env, *sides, **values):
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


def match(account, *moves):
    lines = moves[0].browse().union(*moves).line_ids
    lines.filtered(lambda line: line.account_id == account).reconcile()


def match_own(account, entry, *documents):
    """Match each document with the items of its customer in an entry."""
    for document in documents:
        lines = (document | entry).line_ids.filtered(
            lambda line, owner=document.partner_id: (
                line.account_id == account and line.partner_id == owner
            )
        )
        lines.reconcile()


def create_invoice(env, customer, price, kind="out_invoice", **values):
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


def get_collected(env, customers):
    """{customer: (collected, other, closing)} of the collection report."""
    report = env["jxc.sale.collection"].create({"partner_ids": customers.ids})
    report._refresh_lines()
    return {
        customer: tuple(
            sum(lines.mapped(name)) for name in ("collected", "other", "closing")
        )
        for customer, lines in report.line_ids.grouped("partner_id").items()
    }


def get_reached(env):
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


def get_accounts(env, customer):
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


def in_bank(env):
    """The journal that bookkeepers enter vouchers of the bank in."""
    journals = env["account.journal"]
    company = env.company.id
    domain = [("company_id", "=", company), ("type", "=", "bank")]
    return {"journal_id": journals.search(domain, limit=1).id}
