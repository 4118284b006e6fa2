#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Time the nightly customer classes beside a plain statement of the same figures.

    python scripts/bench/customer_classes.py -c odoo.conf -d DATABASE
        [--customers N] [--lines N] [--json FILE]

Needs a database with jxc_crm_lite that is there to be filled: the first run adds N
customers (100,000 when left out) and N order lines (a million) in confirmed orders of
four over two years, by set-based statements; later runs use what is there.

first      all rows are new
again      the same day once more: nothing is written
next day   every customer's days since the last order change
plain      one GROUP BY over the orders with shares and scores, into a temporary table

Exit status 1 when a run takes longer than three minutes, when running again writes
anything, or when the classes differ from the plain ones.
"""

import argparse
import json
import sys
import time
from datetime import timedelta

import odoo
from odoo import api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

MARK = "CLASSES-BENCH"
PER_ORDER = 4
DAYS = 730
ALLOWED = 180

PLAIN = """
    CREATE TEMPORARY TABLE plain_classes ON COMMIT DROP AS
    WITH figures AS (
        SELECT contact.commercial_partner_id AS partner_id, MAX(day) AS last,
               COUNT(*) FILTER (WHERE day > %(start)s) AS number,
               COALESCE(SUM(amount) FILTER (WHERE day > %(start)s), 0) AS revenue
          FROM (SELECT partner_id, amount_untaxed AS amount,
                       (date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                       AS day
                  FROM sale_order
                 WHERE company_id = %(company)s AND state = 'sale') sale
          JOIN res_partner contact ON contact.id = sale.partner_id
         WHERE day <= %(day)s
      GROUP BY 1
    ), shares AS (
        SELECT *, SUM(revenue) OVER () AS total,
               SUM(revenue) OVER (ORDER BY revenue DESC)
               - SUM(revenue) OVER (PARTITION BY revenue) AS better
          FROM figures
    )
    SELECT partner_id, revenue,
           CASE WHEN revenue <= 0 THEN 'c'
                WHEN better * 100 < total * %(a)s THEN 'a'
                WHEN better * 100 < total * %(b)s THEN 'b'
                ELSE 'c' END AS abc
      FROM shares
"""


class Builder:
    """Adds the customers and their orders to a database."""

    def __init__(self, env, customers, lines):
        self.env, self.customers, self.orders = env, customers, lines // PER_ORDER

    def build(self):
        found = self.env["res.partner"].search_count([("ref", "=", MARK)], limit=1)
        if found:
            return
        partner = self.env["res.partner"].create(
            {"name": MARK, "ref": MARK, "is_company": True, "customer_rank": 1}
        )
        product = self.env["product.product"].create(
            {"name": MARK, "type": "service", "list_price": 100, "taxes_id": False}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        self.env.flush_all()
        base = self._clone(
            "res_partner",
            partner.id,
            self.customers - 1,
            {"commercial_partner_id": "OWN_ID"},
        )
        # Few customers buy much: the square of an even number between 0 and 1.
        orders = self._clone(
            "sale_order",
            order.id,
            self.orders - 1,
            {
                "partner_id": f"{base} + 1 + trunc(power(random(), 2) * %(n)s)::int",
                "date_order": "now() - random() * %(days)s * interval '1 day'",
                "amount_untaxed": "round((10 + power(random(), 4) * 9990)::numeric, 2)",
                "name": f"'{MARK}-' || number",
            },
            n=self.customers - 1,
            days=DAYS,
        )
        for _line in range(PER_ORDER):
            self._clone(
                "sale_order_line",
                order.order_line.id,
                self.orders - 1,
                {"order_id": f"{orders} + number"},
            )
        self.env.invalidate_all()

    def _clone(self, table, template, count, changed, **values):
        """Copy a row ``count`` times; return the number before the first copy's id."""
        columns = [
            name
            for (name,) in self.env.execute_query(
                SQL(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = %s AND column_name <> 'id'",
                    table,
                )
            )
        ]
        [(last,)] = self.env.execute_query(
            SQL("SELECT setval(%s, nextval(%s) + %s)", *[f"{table}_id_seq"] * 2, count)
        )
        before = last - count - 1
        new = ", ".join(
            changed.get(name, f'source."{name}"').replace(
                "OWN_ID", f"{before} + number"
            )
            for name in columns
        )
        names = ", ".join(f'"{name}"' for name in columns)
        text = (
            f"INSERT INTO {table} (id, {names}) SELECT {before} + number, {new}"
            f" FROM {table} source, generate_series(1, {count}) number"
            f" WHERE source.id = {template}"
        )
        self.env.execute_query(SQL(text, **values))
        return before


def timed(call):
    start = time.perf_counter()
    result = call()
    return round(time.perf_counter() - start, 2), result


def plain(env, day):
    company = env.company
    env.execute_query(SQL("DROP TABLE IF EXISTS plain_classes"))
    env.execute_query(
        SQL(
            PLAIN,
            company=company.id,
            day=day,
            start=day.replace(year=day.year - 1),
            zone=company._jxc_timezone(),
            a=company.jxc_class_a_percent,
            b=company.jxc_class_b_percent,
        )
    )


def differing(env):
    """Customers whose class is another one than the plain one."""
    [(count,)] = env.execute_query(
        SQL(
            """
            SELECT COUNT(*)
              FROM plain_classes plain
         LEFT JOIN jxc_customer_class kept
                ON kept.partner_id = plain.partner_id AND kept.company_id = %s
             WHERE kept.abc IS DISTINCT FROM plain.abc
            """,
            env.company.id,
        )
    )
    return count


def measure(env):
    classes = env["jxc.customer.class"]
    company, day = env.company, fields.Date.today()
    later = day + timedelta(days=1)
    env.execute_query(
        SQL("DELETE FROM jxc_customer_class WHERE company_id = %s", company.id)
    )
    figures = {}
    figures["first_s"], first = timed(lambda: classes._recompute(company, day))
    figures["again_s"], again = timed(lambda: classes._recompute(company, day))
    figures["plain_s"], _none = timed(lambda: plain(env, day))
    figures["differing"] = differing(env)
    figures["next_day_s"], moved = timed(lambda: classes._recompute(company, later))
    figures["rows"] = {"first": first, "again": again, "next_day": moved}
    return figures


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-c", "--config", required=True)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--json", help="write the figures to this file as well")
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "--no-http", "--log-level=error"])
    registry = Registry(options.database)
    with registry.cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {"tz": "UTC"})
        seconds, _none = timed(Builder(env, options.customers, options.lines).build)
        cr.commit()
        for table in ("res_partner", "sale_order", "sale_order_line"):
            cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        cr.commit()
    with registry.cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {"tz": "UTC"})
        cr.execute(
            "SELECT (SELECT COUNT(*) FROM res_partner),"
            " (SELECT COUNT(*) FROM sale_order_line)"
        )
        partners, lines = cr.fetchone()
        figures = {"partners": partners, "lines": lines, "build_s": seconds}
        figures.update(measure(env))
        cr.rollback()
    text = json.dumps(figures, indent=1)
    print(text)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text)
    slow = max(figures["first_s"], figures["again_s"], figures["next_day_s"]) > ALLOWED
    wrote = any(figures["rows"]["again"].values())
    return 1 if slow or wrote or figures["differing"] else 0


if __name__ == "__main__":
    sys.exit(main())
