# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Bills are matched with what was accepted; books and stock follow what is here."""

import pytest

from odoo import fields


@pytest.fixture(scope="module")
def books(database, odoo_env):
    """Goods that are inspected, of a company that holds bills beyond tolerance."""
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        env.company.write(
            {
                "jxc_bill_control": "hold",
                "jxc_books_stock": True,
                "jxc_match_action": "hold",
            }
        )
        product = env["product.product"].create(
            {
                "name": "Inspected Goods",
                "is_storable": True,
                "purchase_method": "receive",
                "supplier_taxes_id": [(5,)],
            }
        )
        env["jxc.receipt.inspection.rule"].create(
            {"product_id": product.id, "company_id": env.company.id}
        )
        partner = env["res.partner"].create({"name": "Inspected Vendor"})
        return {"product_id": product.id, "partner_id": partner.id}


def _received(env, books):
    """An order over 10 whose goods are here and wait for their inspection."""
    line = {
        "product_id": books["product_id"],
        "product_qty": 10,
        "price_unit": 9,
        "tax_ids": [(5,)],
    }
    order = env["purchase.order"].create(
        {"partner_id": books["partner_id"], "order_line": [(0, 0, line)]}
    )
    order.button_confirm()
    order.picking_ids.move_ids.write({"quantity": 10, "picked": True})
    order.picking_ids.button_validate()
    return order


def _bill(env, order, quantity):
    line = order.order_line
    bill = env["account.move"].create(
        {
            "move_type": "in_invoice",
            "partner_id": order.partner_id.id,
            "invoice_date": order.date_approve.date(),
            "ref": f"INSPECTED-{order.id}-{quantity}",
            "invoice_line_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": line.product_id.id,
                        "quantity": quantity,
                        "price_unit": 9,
                        "tax_ids": [(5,)],
                        "purchase_line_id": line.id,
                    },
                )
            ],
        }
    )
    bill.action_post()
    return bill


def _decide(order, accepted):
    lines = order.jxc_inspection_ids.line_ids.filtered(lambda one: one.state == "draft")
    lines.write({"qty_accepted": accepted, "qty_rejected": 10 - accepted})
    lines.inspection_id.action_done()


def test_a_bill_is_held_until_its_goods_are_accepted(database, odoo_env, books):
    with odoo_env(database) as env:
        order = _received(env, books)
        bill = _bill(env, order, 10)
        match = bill.jxc_match_ids
        assert (match.quantity_received, match.quantity_available) == (0, 0)
        assert bill.jxc_match_open
        assert bill.jxc_payment_hold
        _decide(order, 10)
        assert match.quantity_received == 10
        assert match.state == "matched"
        assert not bill.jxc_match_open
        assert not bill.jxc_payment_hold


def test_a_bill_of_rejected_goods_stays_held(database, odoo_env, books):
    with odoo_env(database) as env:
        order = _received(env, books)
        bill = _bill(env, order, 10)
        _decide(order, 6)
        assert bill.jxc_match_ids.quantity_available == 6
        assert bill.jxc_match_open
        assert bill.jxc_payment_hold


def test_the_books_accrue_what_is_here(database, odoo_env, books):
    """Stock has the value of goods that wait or were rejected, so the books owe it."""
    with odoo_env(database) as env:
        order = _received(env, books)
        line = order.order_line
        assert (line.qty_received, line.jxc_qty_arrived) == (0, 10)
        assert sum(line.jxc_accrual_ids.mapped("amount")) == 90
        _decide(order, 6)
        assert line.qty_received == 6
        assert sum(line.jxc_accrual_ids.mapped("amount")) == 90
        _bill(env, order, 6)
        assert sum(line.jxc_accrual_ids.mapped("amount")) == 36


def test_the_month_end_names_what_is_here_and_not_billed(database, odoo_env, books):
    with odoo_env(database) as env:
        env.company.jxc_books_stock = False
        order = _received(env, books)
        _decide(order, 6)
        _bill(env, order, 6)
        order.action_jxc_close_short()
        line = order.order_line
        assert line.product_qty == line.qty_received == line.qty_invoiced == 6
        # the month in China, where goods of its first hours belong to it
        here = order.with_context(tz="Asia/Shanghai")
        day = fields.Datetime.context_timestamp(here, order.date_approve).date()
        period = env["jxc.finance.period"]._get_or_create(env.company, day)
        found = period._get_received_lines(env.company).filtered(period._is_unbilled)
        assert line in found
        env.cr.rollback()
