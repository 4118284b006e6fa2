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
plain      one GROUP BY over the orders with shares and scores, into a temporary table;
           written with CASE and arrays of its own, after the words of the settings

Exit status 1 when a run takes longer than three minutes, when running again writes
anything, or when a class, an RFM score or a part of the life cycle differs from the
plain one.
"""

import sys
from datetime import timedelta

from frame import environment, parse, show, timed
from rows import commit_and_analyze, copy

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

MARK = "CLASSES-BENCH"
PER_ORDER = 4
DAYS = 730
ALLOWED = 180

PLAIN = """
    CREATE TEMPORARY TABLE plain_classes ON COMMIT DROP AS
    WITH figures AS (
        SELECT contact.commercial_partner_id AS partner_id, MAX(day) AS last,
               MIN(day) AS first,
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
           (SELECT 5 - COUNT(*) FROM UNNEST(%(recency)s::numeric[]) step
             WHERE %(day)s::date - last > step)::text
           || (SELECT 1 + COUNT(*) FROM UNNEST(%(frequency)s::numeric[]) step
                WHERE number >= step)
           || (SELECT 1 + COUNT(*) FROM UNNEST(%(monetary)s::numeric[]) step
                WHERE revenue >= step) AS rfm,
           CASE WHEN first >= %(day)s::date - %(new)s THEN 'new'
                WHEN last >= %(day)s::date - %(active)s THEN 'active'
                WHEN last >= %(day)s::date - %(lost)s THEN 'sleeping'
                ELSE 'lost' END AS life_cycle,
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
        copies = self.customers - 1
        own = self.env.execute_query(SQL("SELECT MAX(id) FROM res_partner"))[0][0]
        base = copy(
            self.env,
            partner,
            copies,
            commercial_partner_id=SQL("%s + g.n", own),
        )
        # Few customers buy much: the square of an even number between 0 and 1.
        orders = copy(
            self.env,
            order,
            self.orders - 1,
            partner_id=SQL(
                "%s + 1 + TRUNC(POWER(RANDOM(), 2) * %s)::int", base, copies
            ),
            date_order=SQL("NOW() - RANDOM() * %s * INTERVAL '1 day'", DAYS),
            amount_untaxed=SQL("ROUND((10 + POWER(RANDOM(), 4) * 9990)::numeric, 2)"),
            name=SQL("%s || g.n", f"{MARK}-"),
        )
        for _line in range(PER_ORDER):
            copy(
                self.env,
                order.order_line,
                self.orders - 1,
                order_id=SQL("%s + g.n", orders),
            )
        commit_and_analyze(self.env)


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
            recency=company._get_jxc_steps("jxc_recency_steps"),
            frequency=company._get_jxc_steps("jxc_frequency_steps"),
            monetary=company._get_jxc_steps("jxc_monetary_steps"),
            new=company.jxc_new_days,
            active=company.jxc_active_days,
            lost=company.jxc_lost_days,
        )
    )


def differing(env):
    """How many customers have another class, RFM and life cycle than the plain ones."""
    [(abc, rfm, life_cycle, compared)] = env.execute_query(
        SQL(
            """
            SELECT COUNT(*) FILTER (WHERE kept.abc IS DISTINCT FROM plain.abc),
                   COUNT(*) FILTER (WHERE kept.rfm_score IS DISTINCT FROM plain.rfm),
                   COUNT(*) FILTER (
                       WHERE kept.life_cycle IS DISTINCT FROM plain.life_cycle
                   ),
                   COUNT(*)
              FROM plain_classes plain
         LEFT JOIN jxc_customer_class kept
                ON kept.partner_id = plain.partner_id AND kept.company_id = %s
            """,
            env.company.id,
        )
    )
    assert compared, "nothing to compare"
    return {"abc": abc, "rfm": rfm, "life_cycle": life_cycle}


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
    options = parse(__doc__, customers=100_000, lines=1_000_000)
    with environment(options, tz="UTC") as env:
        builder = Builder(env, options.customers, options.lines)
        seconds, _none = timed(builder.build)
    with environment(options, tz="UTC") as env:
        figures = {
            "partners": env["res.partner"].search_count([]),
            "lines": env["sale.order.line"].search_count([]),
            "build_s": seconds,
        }
        figures.update(measure(env))
    figures = {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in figures.items()
    }
    show(options, figures)
    slow = max(figures["first_s"], figures["again_s"], figures["next_day_s"]) > ALLOWED
    wrote = any(figures["rows"]["again"].values())
    differs = any(figures["differing"].values())
    return 1 if slow or wrote or differs else 0


if __name__ == "__main__":
    sys.exit(main())
