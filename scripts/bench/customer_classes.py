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
margin     classes by margin instead, with the cost of every line; compared with a plain
           statement that adds up the lines of all orders first

Exit status 1 when a run takes longer than three minutes, when running again writes
anything, or when a class (by revenue or margin), an RFM score or a part of the life
cycle differs from the plain one.
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

#: Cost by the lines of all orders at once, where the addon asks order by order.
MARGIN = """
    CREATE TEMPORARY TABLE plain_margins ON COMMIT DROP AS
    WITH costs AS (
        SELECT line.order_id,
               SUM(line.product_uom_qty * unit.factor / own.factor
                   * COALESCE((product.standard_price ->> %(key)s)::numeric, 0)) AS cost
          FROM sale_order_line line
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
          JOIN uom_uom unit ON unit.id = line.product_uom_id
         WHERE line.company_id = %(company)s
      GROUP BY line.order_id
    ), figures AS (
        SELECT contact.commercial_partner_id AS partner_id,
               ROUND(COALESCE(SUM(sale.amount_untaxed
                                  / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                                  - COALESCE(costs.cost, 0))
                     FILTER (WHERE day > %(start)s), 0)::numeric, %(places)s) AS worth
          FROM sale_order sale
          JOIN res_partner contact ON contact.id = sale.partner_id
     LEFT JOIN costs ON costs.order_id = sale.id
    CROSS JOIN LATERAL (SELECT (sale.date_order AT TIME ZONE 'UTC'
                                AT TIME ZONE %(zone)s)::date AS day) local
         WHERE sale.company_id = %(company)s AND sale.state = 'sale'
           AND day <= %(day)s
      GROUP BY 1
    ), earning AS (
        SELECT partner_id, worth, SUM(worth) OVER () AS total,
               SUM(worth) OVER (ORDER BY worth DESC)
               - SUM(worth) OVER (PARTITION BY worth) AS better
          FROM figures WHERE worth > 0
    )
    SELECT figures.partner_id,
           CASE WHEN better * 100 < total * %(a)s THEN 'a'
                WHEN better * 100 < total * %(b)s THEN 'b'
                ELSE 'c' END AS abc
      FROM figures LEFT JOIN earning USING (partner_id)
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
            {
                "name": MARK,
                "type": "service",
                "list_price": 100,
                "standard_price": 200,
                "taxes_id": False,
            }
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


def by_margin(env, day):
    """Return seconds and how many classes by margin differ; the company is set back.

    With the app for margins orders keep theirs, which copied rows do not: left out.
    """
    classes, company = env["jxc.customer.class"], env.company
    if classes._has_order_margin():
        return 0.0, {"differing": 0, "other_than_by_revenue": 0}
    before, company.jxc_class_by = company.jxc_class_by, "margin"
    seconds, _rows = timed(lambda: classes._recompute(company, day))
    env.execute_query(SQL("DROP TABLE IF EXISTS plain_margins"))
    env.execute_query(
        SQL(
            MARGIN,
            company=company.id,
            key=str(company.id),
            day=day,
            start=day.replace(year=day.year - 1),
            zone=company._jxc_timezone(),
            places=company.currency_id.decimal_places,
            a=company.jxc_class_a_percent,
            b=company.jxc_class_b_percent,
        )
    )
    [(differ, by_revenue, compared)] = env.execute_query(
        SQL(
            """
            SELECT COUNT(*) FILTER (WHERE kept.abc IS DISTINCT FROM margin.abc),
                   COUNT(*) FILTER (WHERE revenue.abc <> margin.abc), COUNT(*)
              FROM plain_margins margin
              JOIN plain_classes revenue USING (partner_id)
         LEFT JOIN jxc_customer_class kept
                ON kept.partner_id = margin.partner_id AND kept.company_id = %s
            """,
            company.id,
        )
    )
    assert compared, "nothing to compare"
    company.jxc_class_by = before
    classes._recompute(company, day)
    return seconds, {"differing": differ, "other_than_by_revenue": by_revenue}


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
    figures["margin_s"], figures["margin"] = by_margin(env, day)
    figures["differing"]["margin"] = figures["margin"]["differing"]
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
    runs = ("first_s", "again_s", "next_day_s", "margin_s")
    slow = max(figures[name] for name in runs) > ALLOWED
    wrote = any(figures["rows"]["again"].values())
    differs = any(figures["differing"].values())
    return 1 if slow or wrote or differs else 0


if __name__ == "__main__":
    sys.exit(main())
