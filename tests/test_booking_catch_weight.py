# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Goods bought by head and kept by weight, in a company that books at movement."""

import pytest


@pytest.fixture(scope="module")
def pig(database, odoo_env):
    """A pig: 1,000 a head, kept in kg."""
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        env.company.jxc_books_stock = True
        head = env["uom.uom"].create({"name": "头"})
        product = env["product.product"].create(
            {
                "name": "Pig",
                "is_storable": True,
                "uom_id": env.ref("uom.product_uom_kgm").id,
                "purchase_method": "receive",
                "supplier_taxes_id": [(5,)],
                "jxc_aux_uom_id": head.id,
                "jxc_aux_ratio": 100,
                "jxc_aux_tolerance": 10,
                "jxc_price_by": "aux",
            }
        )
        return product.id


def test_accrued_by_head(database, odoo_env, pig):
    """What came counts by head, whatever it weighs; the bill takes it back whole."""
    with odoo_env(database) as env:
        vendor = env["res.partner"].create({"name": "Farm"})
        order = env["purchase.order"].create(
            {
                "partner_id": vendor.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": pig,
                            "price_unit": 1000,
                            "jxc_aux_qty": 20,
                            "tax_ids": [(5,)],
                        },
                    )
                ],
            }
        )
        order.button_confirm()
        move = order.picking_ids.move_ids
        move.quantity = 1873.5
        move.jxc_aux_done = 20
        move.picked = True
        move.picking_id.with_context(skip_backorder=True).button_validate()
        rows = order.order_line.jxc_accrual_ids
        assert rows.amount == move.value == 20000
        assert rows.quantity == 1873.5
        bill = env["account.move"].browse(order.action_create_invoice()["res_id"])
        bill.invoice_date = rows.date
        bill.action_post()
        rows = order.order_line.jxc_accrual_ids
        assert sum(rows.mapped("amount")) == 0
        assert bill.amount_untaxed == 20000
        items = env["account.move.line"].search(
            [
                ("account_id", "=", env.company.account_stock_valuation_id.id),
                ("product_id", "=", pig),
                ("parent_state", "=", "posted"),
            ]
        )
        assert sum(items.mapped("balance")) == 20000
