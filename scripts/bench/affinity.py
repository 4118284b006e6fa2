#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Time cycles and recommendations beside plain SELECT statements of the same figures.

    python scripts/bench/affinity.py -c odoo.conf -d DATABASE [--lines N]

Needs a database with jxc_crm_lite that is there to be filled: the first run adds 2,000
customers, 500 products and N order lines (200,000 when left out) in orders of ten over
two years; later runs use what is there. Everybody buys ten of the products that go
together in fifties, so that there is something to find.

``cold`` writes all rows, ``again`` none. The statements only read what somebody would
write by hand. Exit status 1 when a second run writes, when the figures differ, or when
a recomputation takes more than 60 seconds.
"""

import sys
from datetime import timedelta

from frame import environment, parse, show, timed
from rows import commit_and_analyze, copy

from odoo import Command, fields
from odoo.tools import SQL

MARK = "AFFINITY-BENCH"
PER_ORDER, CUSTOMERS, PRODUCTS, GROUP = 10, 2000, 500, 50
ALLOWED_SECONDS = 60

PAIRS = """
    WITH basket AS (
        SELECT DISTINCT l.order_id, l.product_id
          FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
         WHERE o.state = 'sale' AND o.company_id = %(company)s
           AND o.date_order >= %(start)s AND l.display_type IS NULL
    ), sold AS (SELECT product_id, COUNT(*) AS n FROM basket GROUP BY 1)
    SELECT COUNT(*) FROM (
        SELECT a.product_id, b.product_id, COUNT(*) AS pairs
          FROM basket a
          JOIN basket b ON b.order_id = a.order_id AND b.product_id <> a.product_id
         GROUP BY 1, 2
        HAVING COUNT(*) >= %(support)s
    ) pair (one, other, pairs)
      JOIN sold one ON one.product_id = pair.one
      JOIN sold other ON other.product_id = pair.other
     WHERE pairs * (SELECT COUNT(DISTINCT order_id) FROM basket) > one.n * other.n
       AND 100.0 * pairs >= one.n * %(confidence)s
"""
CYCLES = """
    WITH bought AS (
        SELECT o.partner_id, l.product_id, o.date_order::date AS day,
               SUM(l.product_uom_qty) AS qty,
               o.date_order::date - LAG(o.date_order::date) OVER (
                   PARTITION BY o.partner_id, l.product_id ORDER BY o.date_order::date
               ) AS gap
          FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
         WHERE o.state = 'sale' AND o.company_id = %(company)s
           AND o.date_order >= %(start)s AND l.display_type IS NULL
         GROUP BY 1, 2, 3
    )
    SELECT COUNT(*) FROM (
        SELECT partner_id, product_id,
               PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap),
               PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY qty)
          FROM bought GROUP BY 1, 2 HAVING COUNT(*) >= %(minimum)s
    ) cycle
"""


def build(env, lines):
    """Fill the database, once: one order made by Odoo, cloned by SQL."""
    if env["sale.order"].search_count([("name", "=like", f"{MARK}-%")], limit=1):
        return
    partners = env["res.partner"].create(
        [{"name": f"{MARK} {number}"} for number in range(CUSTOMERS)]
    )
    products = env["product.product"].create(
        [
            {"name": f"{MARK} {number}", "type": "consu", "taxes_id": False}
            for number in range(PRODUCTS)
        ]
    )
    order = env["sale.order"].create(
        {
            "partner_id": partners[0].id,
            "order_line": [Command.create({"product_id": products[0].id})],
        }
    )
    env.flush_all()
    orders = lines // PER_ORDER
    first = copy(
        env,
        order,
        orders,
        name=SQL("%s || g.n", f"{MARK}-"),
        state=SQL("'sale'"),
        partner_id=SQL("(%s::int[])[1 + g.n %% %s]", partners.ids, CUSTOMERS),
        date_order=SQL(
            "NOW() AT TIME ZONE 'UTC' - g.n * INTERVAL '730 days' / %s", orders
        ),
        access_token=SQL("NULL"),
    )
    # A customer's products are of one group of fifty, the same ten most of the time.
    copy(
        env,
        order.order_line,
        orders * PER_ORDER,
        order_id=SQL("%s + 1 + (g.n - 1) / %s", first, PER_ORDER),
        product_id=SQL(
            "(%s::int[])[1 + ((g.n / %s) %% %s) * %s + ((g.n %% %s) * 5"
            " + (g.n / 97) %% 3)"
            " %% %s]",
            products.ids,
            PER_ORDER,
            PRODUCTS // GROUP,
            GROUP,
            PER_ORDER,
            GROUP,
        ),
        product_uom_qty=SQL("1 + g.n %% 7"),
        state=SQL("'sale'"),
    )
    order.order_line.unlink()
    order.unlink()
    commit_and_analyze(env)


def window(today, months):
    """The first day that counts."""
    return fields.Date.subtract(today, months=months) + timedelta(days=1)


def measure(env, model, statement, **values):
    model = env[model]
    model.search([("company_id", "=", env.company.id)]).unlink()
    env.flush_all()
    cold, written = timed(lambda: model._recompute(env.company))
    again, rewritten = timed(lambda: model._recompute(env.company))
    plain, [(count,)] = timed(
        lambda: env.execute_query(SQL(statement, company=env.company.id, **values))
    )
    return {
        "model": model._name,
        "rows": written["created"],
        "plain_rows": count,
        "cold_s": round(cold, 4),
        "again_s": round(again, 4),
        "plain_s": round(plain, 4),
        "wrote_again": sum(rewritten.values()),
    }


def main():
    options = parse(__doc__, lines=200_000)
    with environment(options, tz="UTC") as env:
        build(env, options.lines)
        company = env.company
        company.partner_id.tz = "UTC"
        company.jxc_affinity_months = 12
        today = fields.Date.today()
        figures = {
            "lines": env["sale.order.line"].search_count([]),
            "measured": [
                measure(
                    env,
                    "jxc.product.affinity",
                    PAIRS,
                    start=window(today, company.jxc_affinity_months),
                    support=company.jxc_affinity_min_orders,
                    confidence=company.jxc_affinity_min_confidence,
                ),
                measure(
                    env,
                    "jxc.repurchase.cycle",
                    CYCLES,
                    start=window(today, company.jxc_repurchase_months),
                    minimum=company.jxc_repurchase_min,
                ),
            ],
        }
        order = env["sale.order"].search([("name", "=", f"{MARK}-1")])
        basket = {"order": order.order_line.product_id.ids}
        affinity = env["jxc.product.affinity"]
        figures["recommend_ms"] = (
            1000 * timed(lambda: affinity._recommend(company, basket))[0]
        )
    show(options, figures)
    bad = [
        one
        for one in figures["measured"]
        if one["wrote_again"]
        or one["rows"] != one["plain_rows"]
        or one["cold_s"] > ALLOWED_SECONDS
    ]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
