# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A year of trade: who buys what again and when, and what is bought together.

What is expected is worked out here from the source tables alone.
"""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from statistics import median

import pytest

from odoo.fields import Command

NORTHWIND = Path(__file__).parents[1] / "demo" / "northwind"
END = date(2025, 12, 31)
SUPPORT, CONFIDENCE, RECOMMENDED = 4, 10, 8
CENT, HALF = Decimal("0.01"), Fraction(1, 2)


def _read(folder, table):
    with open(folder / f"{table}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Orders as (number, customer, day, {product code: quantity}), and factors."""
    orders = {}
    for row in _read(NORTHWIND / "data", "orders"):
        day = date.fromisoformat(row["order_date"][:10])
        orders[row["order_id"]] = (row["customer_id"], day, Counter())
    for row in _read(NORTHWIND / "data", "order_details"):
        code = f"P{int(row['product_id']):03d}"
        orders[row["order_id"]][2][code] += int(row["quantity"])
    moved = END - max(day for _customer, day, _lines in orders.values())
    folder = tmp_path_factory.mktemp("northwind")
    command = [sys.executable, NORTHWIND / "make_layout.py", NORTHWIND / "data", folder]
    subprocess.run(command, check=True, capture_output=True)
    factors = defaultdict(lambda: 1)
    for row in _read(folder, "product_units"):
        if "sale" in row["use"]:
            factors[row["code"]] = int(row["factor"])
    return [
        (customer, day + moved, lines) for customer, day, lines in orders.values()
    ], factors


@pytest.fixture(scope="module")
def codes(northwind_database, odoo_env):
    """Recomputed for the last day of the trade; {product code: id}."""
    with odoo_env(northwind_database, "admin") as env:
        company = env.company
        company.write(
            {
                "jxc_repurchase_months": 240,
                "jxc_affinity_months": 240,
                "jxc_affinity_min_orders": SUPPORT,
                "jxc_affinity_min_confidence": CONFIDENCE,
            }
        )
        for model in ("jxc.repurchase.cycle", "jxc.product.affinity"):
            assert env[model]._recompute(company, END)["created"]
            assert not any(env[model]._recompute(company, END).values())
        products = env["product.product"].search([("default_code", "=like", "P0%")])
        return {product.default_code: product.id for product in products}


def _average(gaps):
    """Days as kept, to a tenth, and in full."""
    return Fraction(sum(gaps), len(gaps))


def _cycles(orders, factors, way):
    """{(customer, product): (purchases, interval, quantity, last, next)}

    :param way: average or median, of a list of days
    """
    bought = defaultdict(Counter)
    for customer, day, lines in orders:
        for code, quantity in lines.items():
            bought[customer, code][day] += quantity * factors[code]
    result = {}
    for key, by_day in bought.items():
        days = sorted(by_day)
        if len(days) >= 3:
            gaps = [(b - a).days for a, b in zip(days, days[1:], strict=False)]
            interval = Fraction(way(gaps))
            due = days[-1] + timedelta(days=int(interval + HALF))
            usual = float(median(by_day.values()))
            tenths = int(interval * 10 + HALF) / 10
            result[key] = (len(days), tenths, usual, days[-1], due)
    return result


def _affinities(orders):
    """{(product, other): (orders with both, confidence, lift)}"""
    one, both = Counter(), Counter()
    for _customer, _day, lines in orders:
        one.update(lines.keys())
        both.update(combinations(sorted(lines), 2))
    result = {}
    for (first, second), count in both.items():
        for code, other in ((first, second), (second, first)):
            share = Decimal(100 * count) / one[code]
            lift = Decimal(count * len(orders)) / (one[code] * one[other])
            if count >= SUPPORT and share >= CONFIDENCE and lift > 1:
                result[code, other] = (
                    count,
                    float(share.quantize(CENT, ROUND_HALF_UP)),
                    float(lift.quantize(CENT, ROUND_HALF_UP)),
                )
    return result


def _recommended(affinities, basket, codes):
    """Codes, best first: by the product of the basket that promises most."""
    best = {}
    for (code, other), (_count, confidence, lift) in affinities.items():
        if code in basket and other not in basket:
            best[other] = max(best.get(other, (0, 0)), (confidence, lift))
    ranked = sorted(best, key=lambda code: (*[-x for x in best[code]], codes[code]))
    return ranked[:RECOMMENDED]


@pytest.mark.parametrize("way", ["average", "median"])
def test_repurchase_intervals(way, source, codes, northwind_database, odoo_env):
    expected = _cycles(*source, {"average": _average, "median": median}[way])
    assert len(expected) == 83
    with odoo_env(northwind_database, "admin") as env:
        assert env.company.jxc_repurchase_by == "average"
        env.company.jxc_repurchase_by = way
        env["jxc.repurchase.cycle"]._recompute(env.company, END)
        rows = env["jxc.repurchase.cycle"].search([])
        found = {
            (row.partner_id.ref, row.product_id.default_code): (
                row.purchase_count,
                row.interval_days,
                row.usual_qty,
                row.last_date,
                row.next_date,
            )
            for row in rows
        }
        env.cr.rollback()
    assert found == expected
    intervals = {interval for _count, interval, _usual, _last, _due in found.values()}
    assert any(interval % 1 not in (0, 0.5) for interval in intervals) == (
        way == "average"
    )


def test_bought_together(source, codes, northwind_database, odoo_env):
    orders, _factors = source
    expected = _affinities(orders)
    assert len(expected) > 50
    with odoo_env(northwind_database, "admin") as env:
        found = {
            (row.product_id.default_code, row.other_id.default_code): (
                row.order_count,
                row.confidence,
                row.lift,
            )
            for row in env["jxc.product.affinity"].search([])
        }
    assert found == expected


def test_recommendations(source, codes, northwind_database, odoo_env):
    """For all 89 customers who bought, and for quotations."""
    orders, _factors = source
    affinities = _affinities(orders)
    bought = defaultdict(set)
    for customer, _day, lines in orders:
        bought[customer] |= lines.keys()
    assert len(bought) == 89
    with odoo_env(northwind_database, "admin") as env:
        customers = env["res.partner"].search([("ref", "in", list(bought))])
        found = {
            customer.ref: customer.jxc_recommend_ids.other_id.mapped("default_code")
            for customer in customers
        }
        expected = {
            customer: _recommended(affinities, basket, codes)
            for customer, basket in bought.items()
        }
        assert found == expected
        assert any(found.values())
        for basket in (["P001"], ["P002", "P011"], ["P059", "P060", "P072"]):
            order = env["sale.order"].create(
                {
                    "partner_id": customers[0].id,
                    "order_line": [
                        Command.create({"product_id": codes[code]}) for code in basket
                    ],
                }
            )
            offered = order.jxc_recommend_ids.other_id.mapped("default_code")
            assert offered == _recommended(affinities, basket, codes), basket
        env.cr.rollback()


def test_returned_goods_are_no_purchase(codes, northwind_database, odoo_env):
    with odoo_env(northwind_database, "admin") as env:
        cycles = env["jxc.repurchase.cycle"]
        cycle, line = _delivered_last(env, cycles.search([("purchase_count", ">", 3)]))
        count, last = cycle.purchase_count, cycle.last_date
        moves = line.move_ids.filtered(lambda move: move.state == "done")
        wizard = (
            env["stock.return.picking"]
            .with_context(active_model="stock.picking", active_id=moves.picking_id.id)
            .create({"picking_id": moves.picking_id.id})
        )
        for row in wizard.product_return_moves:
            row.quantity = row.move_quantity if row.product_id == line.product_id else 0
        back = env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        for move in back.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        back.with_context(skip_backorder=True).button_validate()
        assert back.state == "done"
        cycles._recompute(env.company, END)
        assert cycle.purchase_count == count - 1
        assert cycle.last_date < last
        env.cr.rollback()


def _delivered_last(env, cycles):
    """A cycle whose last purchase is one delivered line, and this line."""
    for cycle in cycles:
        lines = env["sale.order.line"].search(
            [
                ("order_partner_id", "=", cycle.partner_id.id),
                ("product_id", "=", cycle.product_id.id),
                ("state", "=", "sale"),
                ("order_id.date_order", ">=", cycle.last_date - timedelta(days=1)),
            ]
        )
        moves = lines.move_ids
        if len(lines) == 1 and len(moves) == 1 and moves.state == "done":
            if not moves.product_id.tracking or moves.product_id.tracking == "none":
                return cycle, lines
    raise AssertionError("no customer got all that was ordered last")
