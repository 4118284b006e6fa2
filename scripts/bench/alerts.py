#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Scan 50,000 product-warehouse pairs for alerts, beside the plain SQL that finds them.

    python scripts/bench/alerts.py -c odoo.conf -d DATABASE [--json FILE]

Needs a database with jxc_stock. Products, warehouses, goods, lots, rules and a year of
transfers are made by set-based SQL in one transaction, which is rolled back at the end.

first    scan() with no alert there yet: opens all of them
again    scan() with nothing to change
plain    the selects that find the same causes, each kind on its own, nothing written

One product in ten has something wrong with it; --wrong changes that percentage:
writing the alerts of the first scan costs more than finding them.

Exit status 1 when a scan takes ten seconds or three times the plain SQL, when the
second scan changes something, or when both do not find the same number.
"""

import statistics
import sys

from frame import environment, parse, show, timed
from rows import analyze, copy

from odoo.tools import SQL

import odoo.addons  # noqa: F401  (makes odoo.addons a package before the next import)

PLAIN = {
    "below and above": """
        SELECT count(*) FILTER (WHERE quantity < low),
            count(*) FILTER (WHERE high > 0 AND quantity > high)
        FROM (
            SELECT rule.product_min_qty AS low, rule.product_max_qty AS high,
                COALESCE(sum(quant.quantity), 0) AS quantity
            FROM stock_warehouse_orderpoint rule
            LEFT JOIN stock_location location
                ON location.warehouse_id = rule.warehouse_id
                AND location.usage = 'internal'
            LEFT JOIN stock_quant quant ON quant.location_id = location.id
                AND quant.product_id = rule.product_id
            GROUP BY rule.id
        ) pair""",
    "expiry": """
        SELECT count(*) FROM (
            SELECT 1 FROM stock_quant quant
            JOIN stock_lot lot ON lot.id = quant.lot_id
            JOIN stock_location location ON location.id = quant.location_id
            WHERE location.usage = 'internal' AND lot.alert_date <= now()
            GROUP BY quant.product_id, location.warehouse_id, quant.lot_id
            HAVING sum(quant.quantity) > 0
        ) lots""",
    "idle": """
        SELECT count(*) FROM (
            SELECT quant.product_id, location.warehouse_id FROM stock_quant quant
            JOIN stock_location location ON location.id = quant.location_id
            WHERE location.usage = 'internal'
            GROUP BY quant.product_id, location.warehouse_id
            HAVING sum(quantity) > 0 AND max(in_date) < now() - interval '90 days'
        ) stock
        WHERE NOT EXISTS (
            SELECT 1 FROM (
                SELECT DISTINCT move.product_id, place.warehouse_id
                FROM stock_move move
                JOIN stock_location place
                    ON place.id IN (move.location_id, move.location_dest_id)
                WHERE move.state = 'done' AND move.date > now() - interval '90 days'
            ) moved
            WHERE moved.product_id = stock.product_id
                AND moved.warehouse_id = stock.warehouse_id
        )""",
    "negative": """
        SELECT count(*) FROM (
            SELECT 1 FROM stock_quant quant
            JOIN stock_location location ON location.id = quant.location_id
            WHERE location.usage = 'internal' AND quantity < 0
            GROUP BY quant.product_id, location.warehouse_id, quant.lot_id
        ) negative""",
}


class Data:
    """The year of a company, written in a few statements."""

    def __init__(self, env, options):
        self.env = env
        self.products, self.warehouses = options.products, options.warehouses
        self.moves, self.wrong = options.moves, options.wrong

    def build(self):
        shelves = self._warehouses()
        first = self._products()
        self._goods(first, shelves)
        self._rules(first, shelves)
        self._history(first, shelves)
        analyze(
            self.env,
            "product.product",
            "product.template",
            "stock.quant",
            "stock.lot",
            "stock.warehouse.orderpoint",
            "stock.move",
        )
        return self.products * self.warehouses

    def _run(self, sql):
        self.env.cr.execute(sql)

    def _warehouses(self):
        made = self.env["stock.warehouse"].create(
            [{"name": f"Bench {n}", "code": f"BN{n}"} for n in range(self.warehouses)]
        )
        return made.lot_stock_id

    def _products(self):
        """Make the products; return the id of the one they are copied from."""
        product = self.env["product.product"].create(
            {
                "name": "Bench",
                "is_storable": True,
                "tracking": "lot",
                "use_expiration_date": True,
                "jxc_idle_days": 90,
            }
        )
        templates = copy(self.env, product.product_tmpl_id, self.products)
        copy(
            self.env,
            product,
            self.products,
            product_tmpl_id=SQL("%s + g.n", templates),
            barcode=SQL("NULL"),
        )
        self._run(
            SQL(
                """
                INSERT INTO stock_lot (name, product_id, company_id, alert_date,
                    expiration_date, create_date)
                SELECT 'L' || id, id, %s, now() + days,
                    now() + days + interval '10 days', now()
                FROM (
                    SELECT id, CASE WHEN id %% 100 < %s THEN id %% 200 - 100
                        ELSE 1 + id %% 200 END * interval '1 day' AS days
                    FROM product_product WHERE id > %s
                ) product
                """,
                self.env.company.id,
                self.wrong,
                product.id,
            )
        )
        return product.id

    def _goods(self, first, shelves):
        self._run(
            SQL(
                """
                INSERT INTO stock_quant (product_id, location_id, company_id, lot_id,
                    quantity, reserved_quantity, in_date, expiration_date)
                SELECT lot.product_id, shelf.id, shelf.company_id,
                    CASE WHEN lot.id %% 2 = 0 THEN lot.id END,
                    CASE WHEN lot.product_id %% 100 < %s
                        THEN (lot.id * 7 + shelf.id) %% 100 - 2
                        ELSE 12 + lot.id %% 60 END,
                    0,
                    now() - CASE WHEN lot.product_id %% 100 < %s
                        THEN lot.id %% 200 ELSE 5 END * interval '1 day',
                    lot.expiration_date
                FROM stock_lot lot, stock_location shelf
                WHERE lot.product_id > %s AND shelf.id IN %s
                """,
                self.wrong,
                self.wrong,
                first,
                shelves._ids,
            )
        )

    def _rules(self, first, shelves):
        self._run(
            SQL(
                """
                INSERT INTO stock_warehouse_orderpoint (name, active, trigger,
                    product_id, warehouse_id, location_id, company_id, product_min_qty,
                    product_max_qty)
                SELECT 'OP', TRUE, 'manual', product.id, shelf.warehouse_id, shelf.id,
                    shelf.company_id, 10, 80
                FROM product_product product, stock_location shelf
                WHERE product.id > %s AND shelf.id IN %s
                """,
                first,
                shelves._ids,
            )
        )

    def _history(self, first, shelves):
        customers = self.env.ref("stock.stock_location_customers")
        product = self.env["product.product"].browse(first)
        move = self.env["stock.move"].create(
            {
                "product_id": first,
                "product_uom": product.uom_id.id,
                "product_uom_qty": 1,
                "location_id": shelves[0].id,
                "location_dest_id": customers.id,
            }
        )
        copy(
            self.env,
            move,
            self.moves,
            product_id=SQL("%s + g.n %% %s + 1", first, self.products),
            location_id=SQL("(%s)[g.n %% %s + 1]", list(shelves._ids), len(shelves)),
            state=SQL("'done'"),
            date=SQL("now() - (g.n %% 365) * interval '1 day'"),
        )


def plain(cr):
    """Find everything that is wrong; return how much."""
    found = 0
    for query in PLAIN.values():
        cr.execute(query)
        found += sum(cr.fetchone())
    return found


def measure(env, options):
    data = Data(env, options)
    build_seconds, pairs = timed(data.build)
    alerts = env["jxc.stock.alert"]
    plain(env.cr)  # the pages are in memory for both
    plain_seconds, first_seconds, again_seconds = [], [], []
    for _round in range(options.rounds):
        seconds, found = timed(lambda: plain(env.cr))
        plain_seconds.append(seconds)
        env.cr.execute("SAVEPOINT round")
        seconds, first = timed(alerts.scan)
        first_seconds.append(seconds)
        seconds, again = timed(alerts.scan)
        again_seconds.append(seconds)
        env.cr.execute("ROLLBACK TO SAVEPOINT round")
    median = statistics.median
    return {
        "pairs": pairs,
        "moves": options.moves,
        "wrong_percent": options.wrong,
        "build_seconds": round(build_seconds, 1),
        "plain_found": found,
        "first": first,
        "again": again,
        "plain_seconds": round(median(plain_seconds), 2),
        "first_seconds": round(median(first_seconds), 2),
        "again_seconds": round(median(again_seconds), 2),
        "first_ratio": round(median(first_seconds) / median(plain_seconds), 2),
        "again_ratio": round(median(again_seconds) / median(plain_seconds), 2),
    }


def verdict(report):
    bad = []
    for name in ("first", "again"):
        if report[f"{name}_seconds"] >= 10:
            bad.append(f"{name}: {report[f'{name}_seconds']} s")
        if report[f"{name}_ratio"] > 3:
            bad.append(f"{name}: {report[f'{name}_ratio']} times the plain SQL")
    if any(report["again"].values()):
        bad.append(f"the second scan changed something: {report['again']}")
    if report["first"]["opened"] != report["plain_found"]:
        bad.append("both do not find the same")
    return bad


def main(argv=None):
    options = parse(
        __doc__,
        argv,
        products=10_000,
        warehouses=5,
        moves=200_000,
        wrong=10,  # per cent of products
        rounds=5,
    )
    with environment(options, tracking_disable=True) as env:
        env = env(context={**env.context, "allowed_company_ids": env.company.ids})
        report = measure(env, options)
    report["bad"] = verdict(report)
    show(options, report)
    return 1 if report["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
