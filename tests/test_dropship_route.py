# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Goods that vendors send straight to customers (直运), by the platform's own route.

A sale with the route buys by itself; nothing ever comes into the warehouse.
"""

import pytest
from freezegun import freeze_time

from odoo.exceptions import UserError


def _on(day):
    return freeze_time(f"{day} 04:00:00")


@pytest.fixture(scope="module")
def trade(database, odoo_env):
    """A company that books at movement, a vendor, a customer and goods of the route."""
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        env.company.jxc_books_stock = True
        env.company.partner_id.tz = "Asia/Shanghai"
        vendor = env["res.partner"].create({"name": "Straight Vendor"})
        route = env.ref("stock_dropshipping.route_drop_shipping")
        # A product has its first cost on the day it is made.
        with _on("2025-12-01"):
            goods = env["product.product"].create(
                {
                    "name": "Straight goods",
                    "is_storable": True,
                    "purchase_method": "receive",
                    "invoice_policy": "order",
                    "supplier_taxes_id": [(5,)],
                    "taxes_id": [(5,)],
                    "route_ids": [(6, 0, route.ids)],
                    "seller_ids": [(0, 0, {"partner_id": vendor.id, "price": 6})],
                }
            )
        return {
            "goods": goods.id,
            "customer": env["res.partner"].create({"name": "Straight Customer"}).id,
        }


def _sale(env, trade):
    """A confirmed sale of ten and the line of the order that the route made for it."""
    order = env["sale.order"].create(
        {
            "partner_id": trade["customer"],
            "order_line": [
                (
                    0,
                    0,
                    {
                        "product_id": trade["goods"],
                        "product_uom_qty": 10,
                        "price_unit": 10,
                    },
                )
            ],
        }
    )
    order.action_confirm()
    bought = order.order_line.purchase_line_ids
    assert bought.product_qty == 10 and bought.price_unit == 6
    bought.order_id.button_confirm()
    return order, bought.order_id


def _send(order, quantity=10):
    moves = order.order_line.move_ids.filtered(lambda move: move.state != "done")
    assert moves.picking_id.is_dropship
    moves.quantity = quantity
    moves.picked = True
    moves.picking_id.with_context(skip_backorder=True).button_validate()
    assert moves.is_dropship and moves.sale_line_id and moves.purchase_line_id
    return moves


def _invoice(sale, day):
    invoice = sale._create_invoices()
    invoice.invoice_date = invoice.date = day
    invoice.action_post()


def _bill(purchase, day, price):
    bill = purchase.env["account.move"].browse(
        purchase.action_create_invoice()["res_id"]
    )
    bill.invoice_date = bill.date = day
    bill.invoice_line_ids.price_unit = price
    bill.action_post()
    return bill


def _books(env, trade, day):
    """{accrued, shipped, cost, stock}: what the goods have on each account on a day."""
    company = env.company
    product = env["product.product"].browse(trade["goods"])
    accounts = product.product_tmpl_id.get_product_accounts()
    wanted = {
        "accrued": company.jxc_accrual_account_id,
        "shipped": company.jxc_shipped_account_id,
        "cost": accounts["expense"],
        "stock": accounts["stock_valuation"],
    }
    groups = dict(
        env["account.move.line"]._read_group(
            [
                ("product_id", "=", product.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
                ("display_type", "=", "product"),
            ],
            ["account_id"],
            ["balance:sum"],
        )
    )
    found = {name: groups.get(account, 0.0) for name, account in wanted.items()}
    return {name: amount for name, amount in found.items() if amount}


def _month_end(env, day):
    with _on("2026-12-01"):
        snapshot = env["jxc.stock.snapshot"].take(day)
    assert snapshot.is_tied, snapshot.read()
    assert snapshot.stock_value == snapshot.stock_balance == 0
    assert not snapshot.entry_ids


def test_cost_in_the_month_of_the_invoice(database, odoo_env, trade):
    """Sent in January, invoiced in February, billed in March at another price."""
    with odoo_env(database) as env:
        with _on("2026-01-10"):
            sale, purchase = _sale(env, trade)
            _send(purchase)
        assert _books(env, trade, "2026-01-31") == {"accrued": -60, "shipped": 60}
        _month_end(env, "2026-01-31")
        with _on("2026-02-05"):
            _invoice(sale, "2026-02-05")
        assert _books(env, trade, "2026-02-28") == {"accrued": -60, "cost": 60}
        _month_end(env, "2026-02-28")
        with _on("2026-03-05"):
            _bill(purchase, "2026-03-05", 7)
        assert _books(env, trade, "2026-02-28") == {"accrued": -60, "cost": 60}
        assert _books(env, trade, "2026-03-31") == {"cost": 70}
        _month_end(env, "2026-03-31")


def test_invoiced_before_it_was_sent(database, odoo_env, trade):
    """Invoiced in April and sent in May: there is no cost before the goods left."""
    with odoo_env(database) as env:
        before = _books(env, trade, "2026-03-31")["cost"]
        with _on("2026-04-10"):
            sale, purchase = _sale(env, trade)
            _invoice(sale, "2026-04-10")
        assert _books(env, trade, "2026-04-30") == {"cost": before}
        with _on("2026-05-05"):
            _send(purchase)
        assert _books(env, trade, "2026-04-30") == {"cost": before}
        assert _books(env, trade, "2026-05-31") == {
            "accrued": -60,
            "cost": before + 60,
        }
        _month_end(env, "2026-04-30")
        _month_end(env, "2026-05-31")


def test_credit_holds_straight_deliveries(database, odoo_env, trade):
    """What a vendor sends straight to a customer is held to the limit as well."""
    with odoo_env(database) as env:
        account = env["jxc.credit.account"].create(
            {
                "partner_id": trade["customer"],
                "company_id": env.company.id,
                "credit_limit": 0,
                "order_action": "none",
                "delivery_action": "block",
            }
        )
        order, _purchase = _sale(env, trade)
        with pytest.raises(UserError, match="Straight Customer"):
            _send(order)
        moves = order.order_line.move_ids
        moves.invalidate_recordset()
        assert "done" not in moves.mapped("state")
        account.invalidate_recordset()
        account.credit_limit = account.exposure_shipped + 10 * 10
        _send(order)
        assert set(order.order_line.move_ids.mapped("state")) == {"done"}
