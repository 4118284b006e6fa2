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

import sys
from datetime import timedelta

from frame import as_admin, environment, medians, parse, show
from ledger_data import DAYS, MARK, Builder

from odoo import fields
from odoo.tools import SQL

ALLOWED = 2.0


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
    seconds = medians(env, ways, pairs)
    return {
        "from": str(date_from),
        "to": str(date_to),
        "groupby": groupby,
        **{f"{name}_ms": round(taken * 1000) for name, taken in seconds.items()},
        "ratio_plain": round(seconds["summary"] / seconds["plain"], 2),
        "ratio_values": round(seconds["summary"] / seconds["values"], 2),
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
    seconds = medians(env, ways, pairs)
    return {
        "entries": entries.search_count(domain),
        **{f"{name}_ms": round(taken * 1000) for name, taken in seconds.items()},
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
    options = parse(__doc__, lines=1_000_000, pairs=7)
    with environment(options, tz="UTC") as env:
        Builder(env, options.lines).build()
        env = as_admin(env)
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
    show(options, figures)
    slow = any(run["ratio_values"] > ALLOWED for run in figures["runs"])
    return 1 if slow or figures["differing_rows"] else 0


if __name__ == "__main__":
    sys.exit(main())
