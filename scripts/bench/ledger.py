#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Time a month of the stock ledger summary beside plain GROUP BY statements.

    python scripts/bench/ledger.py -c odoo.conf -d DATABASE [--lines N] [--json FILE]

Needs a database with jxc_stock that is there to be filled: the first run adds 5,000
products, two warehouses and N done operations (a million when left out) over two years,
by set-based statements; later runs use what is there.

For a recent month, one in the middle and the very first, and by product, warehouse,
location and lot, in turns A B C A B C, medians:

plain      one GROUP BY over the operations: opening, in, out and closing quantity
values     the same with the values of the moves
summary    jxc.stock.ledger.summary(), rights, names and values included, as a user

And 明细账 of one product: its entries with their running balances, the first screen and
the last thousand, beside one window function over the same entries.

Exit status 1 when any summary takes more than twice the time of `values`.
"""

import argparse
import json
import statistics
import sys
import time
from datetime import timedelta

import odoo
from odoo import api, fields
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

MARK = "LEDGER-BENCH"
PRODUCTS = 5000
DAYS = 730
ALLOWED = 2.0


class Builder:
    """Adds the history to a database."""

    def __init__(self, env, lines):
        self.env, self.lines = env, lines
        self.company = env.company

    def build(self):
        first = self.env["product.product"].search([("default_code", "=", f"{MARK}-0")])
        if first:
            return
        warehouses = self._warehouses()
        product = self.env["product.product"].create(
            {"name": MARK, "default_code": f"{MARK}-0", "is_storable": True}
        )
        product.categ_id = self.env["product.category"].create(
            {"name": MARK, "property_cost_method": "average"}
        )
        stock = self.env.ref("stock.stock_location_suppliers")
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "location_id": stock.id,
                "location_dest_id": warehouses[0].lot_stock_id.id,
            }
        )
        move._action_confirm()
        move.quantity = 1
        move.picked = True
        move._action_done()
        self.env.flush_all()
        self._clone_products(product)
        self._clone_moves(product, move, warehouses)
        self._build_quants(product)
        self.env.cr.commit()
        self.env.cr.connection.autocommit = True
        self.env.cr.execute("ANALYZE")
        self.env.cr.connection.autocommit = False

    def _warehouses(self):
        warehouses = self.env["stock.warehouse"].search([], limit=1)
        for number in (1, 2):
            warehouses |= self.env["stock.warehouse"].create(
                {"name": f"{MARK} {number}", "code": f"LB{number}"}
            )
        return warehouses

    def _columns(self, table, replaced):
        """Column list and select list that copy a row but for some columns."""
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public'",
            [table],
        )
        names = [name for (name,) in self.env.cr.fetchall()]
        targets = SQL(", ").join(map(SQL.identifier, names))
        sources = SQL(", ").join(
            replaced.get(name, SQL.identifier("o", name)) for name in names
        )
        return targets, sources

    def _copy(self, table, number, replaced, rows):
        targets, sources = self._columns(table, replaced)
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s o CROSS JOIN (%s) g"
                " WHERE o.id = %s",
                SQL.identifier(table),
                targets,
                sources,
                SQL.identifier(table),
                rows,
                number,
            )
        )
        self.env.cr.execute(
            SQL(
                "SELECT setval(%s, (SELECT MAX(id) FROM %s))",
                f"{table}_id_seq",
                SQL.identifier(table),
            )
        )

    def _clone_products(self, product):
        rows = SQL("SELECT k FROM generate_series(1, %s) k", PRODUCTS - 1)
        template = product.product_tmpl_id
        name = SQL("jsonb_build_object('en_US', 'Ledger bench ' || g.k)")
        code = SQL("%s || g.k", f"{MARK}-")
        self._copy(
            "product_template",
            template.id,
            {"id": SQL("o.id + g.k"), "name": name, "default_code": code},
            rows,
        )
        self._copy(
            "product_product",
            product.id,
            {
                "id": SQL("o.id + g.k"),
                "product_tmpl_id": SQL("o.product_tmpl_id + g.k"),
                "default_code": code,
                "standard_price": SQL(
                    "jsonb_build_object(%s, 1 + g.k %% 50)", str(self.company.id)
                ),
            },
            rows,
        )
        self.env.cr.execute(
            SQL(
                "UPDATE product_product SET standard_price = jsonb_build_object(%s, 1)"
                " WHERE id = %s",
                str(self.company.id),
                product.id,
            )
        )

    def _clone_moves(self, product, move, warehouses):
        """Receipts, issues and transfers at a constant cost of each product."""
        shelves = [warehouse.lot_stock_id.id for warehouse in warehouses]
        supplier = self.env.ref("stock.stock_location_suppliers").id
        customer = self.env.ref("stock.stock_location_customers").id
        rows = SQL(
            """
            SELECT k, product, quantity,
                   quantity * (1 + (product - %(first)s) %% 50) AS value,
                   kind < 48 AS is_in, kind >= 52 AS is_out,
                   CASE WHEN kind < 48 THEN %(supplier)s ELSE shelf END AS source,
                   CASE WHEN kind < 48 THEN shelf
                        WHEN kind < 52 THEN other ELSE %(customer)s END AS dest,
                   now() AT TIME ZONE 'UTC' - %(days)s * interval '1 day'
                       * (1 - k / (%(lines)s + 1.0)) AS date
              FROM (SELECT k, h %% 100 AS kind,
                           %(first)s + (h / 100) %% %(products)s AS product,
                           1 + (h / 7) %% 20 AS quantity,
                           (%(shelves)s)[1 + (h / 11) %% 3] AS shelf,
                           (%(shelves)s)[1 + (h / 11 + 1) %% 3] AS other
                      FROM (SELECT k, abs(hashint8(k)::bigint) AS h
                              FROM generate_series(1, %(lines)s) k) hashed) drawn
            """,
            first=product.id,
            products=PRODUCTS,
            lines=self.lines,
            days=DAYS,
            supplier=supplier,
            customer=customer,
            shelves=shelves,
        )
        common = {
            "product_id": SQL("g.product"),
            "location_id": SQL("g.source"),
            "location_dest_id": SQL("g.dest"),
            "quantity": SQL("g.quantity"),
            "date": SQL("g.date"),
            "id": SQL("o.id + g.k"),
        }
        moved = {"product_qty": SQL("g.quantity"), "product_uom_qty": SQL("g.quantity")}
        valued = {
            "value": SQL("CASE WHEN g.is_in OR g.is_out THEN g.value ELSE 0 END"),
            "is_in": SQL("g.is_in"),
            "is_out": SQL("g.is_out"),
        }
        self._copy("stock_move", move.id, {**common, **moved, **valued}, rows)
        line = {
            "move_id": SQL("o.move_id + g.k"),
            "quantity_product_uom": SQL("g.quantity"),
        }
        self._copy("stock_move_line", move.move_line_ids.id, {**common, **line}, rows)
        self.env.cr.execute(
            SQL("UPDATE stock_move SET value = 1 WHERE id = %s", move.id)
        )

    def _build_quants(self, product):
        """Stock of now, as the operations say."""
        quant = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("quantity", ">", 0)], limit=1
        )
        targets, sources = self._columns(
            "stock_quant",
            {
                "id": SQL("nextval('stock_quant_id_seq')"),
                "product_id": SQL("g.product_id"),
                "location_id": SQL("g.location_id"),
                "quantity": SQL("g.quantity"),
            },
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO stock_quant (%(targets)s)
                SELECT %(sources)s
                  FROM stock_quant o
                 CROSS JOIN (
                    SELECT product_id, legs.location_id, SUM(quantity) AS quantity
                      FROM (SELECT product_id, location_dest_id AS location_id,
                                   quantity_product_uom AS quantity, id
                              FROM stock_move_line
                             UNION ALL
                            SELECT product_id, location_id, -quantity_product_uom, id
                              FROM stock_move_line) legs
                      JOIN stock_location l ON l.id = legs.location_id
                     WHERE l.usage = 'internal' AND product_id >= %(first)s
                       AND legs.id > %(line)s
                     GROUP BY 1, 2) g
                 WHERE o.id = %(quant)s
                """,
                targets=targets,
                sources=sources,
                first=product.id,
                line=self.env["stock.move.line"]
                .search([("product_id", "=", product.id)], order="id", limit=1)
                .id,
                quant=quant.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_quant a SET quantity = total
                  FROM (SELECT product_id, location_id, SUM(quantity) AS total,
                               MIN(id) AS id
                          FROM stock_quant WHERE product_id = %(first)s
                         GROUP BY 1, 2) b
                 WHERE a.id = b.id;
                DELETE FROM stock_quant a USING stock_quant b
                 WHERE a.product_id = %(first)s AND b.product_id = a.product_id
                   AND b.location_id = a.location_id AND b.id < a.id;
                """,
                first=product.id,
            )
        )


GROUPS = {
    "product": SQL(),
    "warehouse": SQL(", warehouse_id"),
    "location": SQL(", location_id"),
    "lot": SQL(", lot_id"),
}


def plain(env, bounds, groupby, values):
    """The statement somebody would write by hand."""
    value = SQL(
        """, SUM(value) FILTER (WHERE date < %(a)s),
             SUM(value) FILTER (WHERE date >= %(a)s AND date < %(b)s AND value > 0),
             SUM(value) FILTER (WHERE date >= %(a)s AND date < %(b)s AND value < 0),
             SUM(value) FILTER (WHERE date < %(b)s)""",
        a=bounds[0],
        b=bounds[1],
    )
    return env.execute_query(
        SQL(
            """
            SELECT product_id %(group)s,
                   SUM(quantity) FILTER (WHERE date < %(a)s),
                   SUM(quantity) FILTER (WHERE date >= %(a)s AND date < %(b)s
                                         AND quantity > 0),
                   SUM(quantity) FILTER (WHERE date >= %(a)s AND date < %(b)s
                                         AND quantity < 0),
                   SUM(quantity) FILTER (WHERE date < %(b)s)
                   %(value)s
              FROM (SELECT ml.product_id, ml.lot_id,
                           l.warehouse_id, l.id AS location_id,
                           m.date,
                           ml.quantity_product_uom AS quantity, m.value
                      FROM stock_move_line ml
                      JOIN stock_move m ON m.id = ml.move_id
                      JOIN stock_location l ON l.id = ml.location_dest_id
                     WHERE m.state = 'done' AND l.usage IN ('internal', 'transit')
                     UNION ALL
                    SELECT ml.product_id, ml.lot_id,
                           l.warehouse_id, l.id AS location_id,
                           m.date,
                           -ml.quantity_product_uom, -m.value
                      FROM stock_move_line ml
                      JOIN stock_move m ON m.id = ml.move_id
                      JOIN stock_location l ON l.id = ml.location_id
                     WHERE m.state = 'done' AND l.usage IN ('internal', 'transit')
                   ) legs
             GROUP BY product_id %(group)s
            """,
            group=GROUPS[groupby],
            a=bounds[0],
            b=bounds[1],
            value=value if values else SQL(),
        )
    )


def measure(env, date_from, date_to, groupby, pairs):
    bounds = date_from, date_to + timedelta(days=1)
    ways = {
        "plain": lambda: plain(env, bounds, groupby, False),
        "values": lambda: plain(env, bounds, groupby, True),
        "summary": lambda: env["jxc.stock.ledger"].summary(date_from, date_to, groupby),
    }
    times = {name: [] for name in ways}
    for _turn in range(pairs):
        for name, way in ways.items():
            env.invalidate_all()
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    return {
        "from": str(date_from),
        "to": str(date_to),
        "groupby": groupby,
        **{f"{name}_ms": round(taken * 1000) for name, taken in medians.items()},
        "ratio_plain": round(medians["summary"] / medians["plain"], 2),
        "ratio_values": round(medians["summary"] / medians["values"], 2),
    }


def measure_entries(env, pairs):
    """明细账 of the product with the most entries."""
    entries = env["jxc.stock.ledger"]
    product = env["product.product"].search([("default_code", "=", f"{MARK}-7")])
    domain = [("product_id", "=", product.id)]
    names = ["date", "reference", "quantity_in", "quantity_out", "balance_product"]
    window = SQL(
        """
        SELECT ml.id, SUM(ml.quantity_product_uom) OVER (ORDER BY m.date, ml.id)
          FROM stock_move_line ml JOIN stock_move m ON m.id = ml.move_id
         WHERE ml.product_id = %s AND m.state = 'done'
        """,
        product.id,
    )
    ways = {
        "window": lambda: env.execute_query(window),
        "screen": lambda: entries.search_read(domain, names, limit=80),
        "thousand": lambda: entries.search_read(domain, names, limit=1000),
    }
    times = {name: [] for name in ways}
    for _turn in range(pairs):
        for name, way in ways.items():
            env.invalidate_all()
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    return {
        "entries": entries.search_count(domain),
        **{
            f"{name}_ms": round(statistics.median(taken) * 1000)
            for name, taken in times.items()
        },
    }


def check(env, start):
    """How many rows of a month are not those of the statement written by hand."""
    end = start + timedelta(days=30)
    rows = env["jxc.stock.ledger"].summary(start, end, "warehouse")
    ours = {
        (row["product_id"], row["warehouse_id"]): tuple(
            row[f"{name}_qty"] for name in ("opening", "in", "out", "closing")
        )
        for row in rows
    }
    plainly = plain(env, (start, end + timedelta(days=1)), "warehouse", False)
    return sum(
        ours.get((product, warehouse), (0, 0, 0, 0))
        != (float(opening or 0), float(came or 0), -float(left or 0), float(now or 0))
        for product, warehouse, opening, came, left, now in plainly
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-c", "--config", required=True)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--json")
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "--no-http", "--log-level=error"])
    with Registry(options.database).cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {"tz": "UTC"})
        Builder(env, options.lines).build()
        admin = env.ref("base.user_admin")
        env = env(user=admin.id, su=False)
        env.cr.execute("SELECT COUNT(*) FROM stock_move_line WHERE state = 'done'")
        today = fields.Date.today()
        starts = [today - timedelta(days=days) for days in (30, 365, DAYS)]
        figures = {
            "lines": env.cr.fetchone()[0],
            "differing_rows": sum(check(env, start) for start in starts),
        }
        figures["runs"] = [
            measure(env, start, start + timedelta(days=30), groupby, options.pairs)
            for start in starts
            for groupby in GROUPS
        ]
        figures["entries"] = measure_entries(env, options.pairs)
    print(json.dumps(figures, indent=1))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
    slow = any(run["ratio_values"] > ALLOWED for run in figures["runs"])
    return 1 if slow or figures["differing_rows"] else 0


if __name__ == "__main__":
    sys.exit(main())
