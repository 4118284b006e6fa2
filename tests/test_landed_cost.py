# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Freight and duty on top of the price, in a company that books stock at movement.

The platform's app for landed costs is not one of those our addons need, so it is
installed here, over all of ours.
"""

import pytest
from freezegun import freeze_time

from test_addon_lifecycle import complaints


@pytest.fixture(scope="module")
def importer(database, odoo_env, postgres_server):
    """A company that books at movement; returns what the tests share."""
    from conftest import install_over

    log = install_over(database, postgres_server, "stock_landed_costs")
    assert complaints(log) == []
    with odoo_env(database) as env:
        env["jxc.finance.setup"].apply_defaults(env.company)
        env.company.jxc_books_stock = True
        freight = env["product.product"].create(
            {
                "name": "Freight",
                "type": "service",
                "landed_cost_ok": True,
                "split_method_landed_cost": "by_quantity",
            }
        )
        return {
            "vendor": env["res.partner"].create({"name": "Overseas Ltd"}).id,
            "customer": env["res.partner"].create({"name": "Corner Shop"}).id,
            "freight": freight.id,
        }


def _on(day):
    return freeze_time(f"{day} 04:00:00")


def _product(env, name):
    # A product has its first cost on the day it is made.
    with _on("2025-12-01"):
        return env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "purchase_method": "receive",
                "supplier_taxes_id": [(5,)],
                "taxes_id": [(5,)],
            }
        )


def _done(picking, quantity):
    picking.move_ids.quantity = quantity
    picking.move_ids.picked = True
    picking.with_context(skip_backorder=True).button_validate()
    return picking.move_ids


def _buy(env, shared, product, day, quantity, price):
    with _on(day):
        line = {"product_id": product.id, "product_qty": quantity, "price_unit": price}
        order = env["purchase.order"].create(
            {
                "partner_id": shared["vendor"],
                "order_line": [(0, 0, {**line, "tax_ids": [(5,)]})],
            }
        )
        order.button_confirm()
        _done(order.picking_ids, quantity)
    return order


def _sell(env, shared, product, day, quantity):
    with _on(day):
        order = env["sale.order"].create(
            {
                "partner_id": shared["customer"],
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": 100,
                            "tax_ids": [(5,)],
                        },
                    )
                ],
            }
        )
        order.action_confirm()
        _done(order.picking_ids, quantity)
    return order


def _land(env, shared, day, pickings, amount):
    """Freight that comes later than the goods."""
    with _on(day):
        cost = env["stock.landed.cost"].create(
            {
                "date": day,
                "picking_ids": [(6, 0, pickings.ids)],
                "account_journal_id": env.company.account_stock_journal_id.id,
                "cost_lines": [
                    (
                        0,
                        0,
                        {
                            "product_id": shared["freight"],
                            "split_method": "by_quantity",
                            "price_unit": amount,
                        },
                    )
                ],
            }
        )
        cost.button_validate()
    return cost


def _balance(env, product, account, day):
    [[balance]] = env["account.move.line"]._read_group(
        [
            ("product_id", "=", product.id),
            ("account_id", "=", account.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", day),
        ],
        [],
        ["balance:sum"],
    )
    return env.company.currency_id.round(balance)


def _month_end(env, date, now):
    with _on(now):
        return env["jxc.stock.snapshot"].take(date, env.company)


def test_goods_here(database, odoo_env, importer):
    """All goods are here: freight makes them dearer, the vendor is owed his price."""
    with odoo_env(database) as env:
        company = env.company
        product = _product(env, "Here")
        order = _buy(env, importer, product, "2026-01-05", 10, 10)
        _land(env, importer, "2026-01-20", order.picking_ids, 50)
        stock = company.account_stock_valuation_id
        assert order.picking_ids.move_ids.value == 150
        assert _balance(env, product, stock, "2026-01-31") == 150
        accrual = company.jxc_accrual_account_id
        assert _balance(env, product, accrual, "2026-01-31") == -100
        assert sum(order.order_line.jxc_accrual_ids.mapped("amount")) == 100
        with _on("2026-01-25"):
            bill = env["account.move"].browse(order.action_create_invoice()["res_id"])
            bill.invoice_date = bill.date = "2026-01-25"
            bill.action_post()
        assert _balance(env, product, accrual, "2026-01-31") == 0
        assert _balance(env, product, stock, "2026-01-31") == 150


def test_goods_partly_sold(database, odoo_env, importer):
    """Four of ten are sold: their share of the freight is cost, not stock."""
    with odoo_env(database) as env:
        company = env.company
        product = _product(env, "Sold")
        order = _buy(env, importer, product, "2026-01-05", 10, 10)
        _sell(env, importer, product, "2026-01-10", 4)
        stock = company.account_stock_valuation_id
        assert _balance(env, product, stock, "2026-01-31") == 60
        _land(env, importer, "2026-01-20", order.picking_ids, 50)
        assert _balance(env, product, stock, "2026-01-31") == 90
        # The freight's own bill is 50 of cost; 30 of it are stock now, 20 stay.
        freight = env["product.product"].browse(importer["freight"])
        cost = freight._get_product_accounts()["expense"]
        assert _balance(env, product, cost, "2026-01-31") == -30
        _sell(env, importer, product, "2026-01-28", 2)
        assert _balance(env, product, stock, "2026-01-31") == 60


def test_month_end(database, odoo_env, importer):
    """Stock, accruals and accounts agree, and the value is the platform's."""
    with odoo_env(database) as env:
        snapshot = _month_end(env, "2026-01-31", "2026-02-02")
        assert snapshot.is_tied
        values = {
            line.product_id.name: (line.quantity, line.value, line.amount_adjusted)
            for line in snapshot.line_ids
        }
        assert values == {"Here": (10, 150, 0), "Sold": (4, 60, 0)}


@pytest.mark.parametrize("cost_method", ["average", "fifo"])
@pytest.mark.parametrize("accrual", ["bill", "difference", "month"])
def test_goods_valued_by_lot(database, odoo_env, importer, accrual, cost_method):
    """Freight makes each lot of a receipt dearer; that of sold ones becomes cost."""
    with odoo_env(database) as env:
        company = env.company
        company.jxc_accrual_method = accrual
        category = env["product.category"].create(
            {"name": "Lots", "property_cost_method": cost_method}
        )
        product = _product(env, "By Lot")
        product.write({"categ_id": category.id, "tracking": "lot"})
        product.lot_valuated = True
        one, other = env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in ("A", "B")]
        )
        buy = _order_of_lots(env, importer, product, {one: 6, other: 4})
        sale = _sell_lot(env, importer, product, one, 2)
        _invoice_all(env, buy, sale)
        _land(env, importer, "2026-02-05", buy.picking_ids, 30)
        snapshot = _month_end(env, "2026-02-28", "2026-03-02")
        assert snapshot.is_tied
        [line] = snapshot.line_ids.filtered(lambda line: line.product_id == product)
        assert (line.quantity, line.value) == (8, 8 * 13)
        assert _balance(env, product, line.account_id, "2026-02-28") == 8 * 13
        cost = line.account_id.account_stock_variation_id
        # The freight's own bill is 30 of cost more.
        assert _balance(env, product, cost, "2026-02-28") == 2 * 13 - 30
        env.invalidate_all()
        assert (one.total_value, other.total_value) == (4 * 13, 4 * 13)
        env.cr.rollback()  # the next way to accrue has the same month


def _take_lots(env, picking, quantities):
    picking.move_ids.move_line_ids.unlink()
    picking.move_ids.move_line_ids = [
        (
            0,
            0,
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "quantity": quantity,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "picking_id": picking.id,
            },
        )
        for lot, quantity in quantities.items()
    ]
    _done(picking, sum(quantities.values()))


def _order_of_lots(env, shared, product, quantities):
    """Lots received for ten each."""
    with _on("2026-02-02"):
        line = {
            "product_id": product.id,
            "product_qty": sum(quantities.values()),
            "price_unit": 10,
            "tax_ids": [(5,)],
        }
        order = env["purchase.order"].create(
            {"partner_id": shared["vendor"], "order_line": [(0, 0, line)]}
        )
        order.button_confirm()
        _take_lots(env, order.picking_ids, quantities)
    return order


def _sell_lot(env, shared, product, lot, quantity):
    with _on("2026-02-03"):
        line = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": 100,
            "tax_ids": [(5,)],
        }
        order = env["sale.order"].create(
            {"partner_id": shared["customer"], "order_line": [(0, 0, line)]}
        )
        order.action_confirm()
        _take_lots(env, order.picking_ids, {lot: quantity})
    return order


def _invoice_all(env, purchase, sale):
    with _on("2026-02-04"):
        bill = env["account.move"].browse(purchase.action_create_invoice()["res_id"])
        invoice = sale._create_invoices()
        for move in bill | invoice:
            move.invoice_date = move.date = "2026-02-04"
            move.ref = move.ref or f"Lots {purchase.name}"
            move.action_post()


def test_freight_is_no_duplicate_need(odoo_env, database, importer):
    """Each delivery has freight of its own; another service is bought once."""
    from odoo.exceptions import UserError

    with odoo_env(database) as env:
        env.company.jxc_duplicate_control = "block"
        cleaning = env["product.product"].create(
            {"name": "Cleaning", "type": "service"}
        )

        def buy(product_id):
            line = {"product_id": product_id, "product_qty": 1, "price_unit": 50}
            order = env["purchase.order"].create(
                {"partner_id": importer["vendor"], "order_line": [(0, 0, line)]}
            )
            order.button_confirm()
            return order

        for product_id in (importer["freight"], cleaning.id):
            assert buy(product_id).state == "purchase"
        assert buy(importer["freight"]).state == "purchase"
        with pytest.raises(UserError, match="Cleaning"), env.cr.savepoint():
            buy(cleaning.id)
        env.company.jxc_duplicate_control = "off"
