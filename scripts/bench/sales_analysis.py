#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Time the reports of jxc_sales beside plain GROUP BY statements of the same figures.

    python scripts/bench/sales_analysis.py -c odoo.conf -d DATABASE [--lines N]

Needs a database with jxc_sales that is there to be filled: the first run adds 300
customers, 500 products and N order lines (200,000 when left out) in orders of ten over
two years, delivered, invoiced and half of them paid; later runs use what is there.

Each report and its statement in turn A B A B, medians, and their ratio. The statements
are what somebody would write by hand for just these figures. Exit status 1 when a
report takes more than twice the time of its statement, or has another result.
"""

import sys
from datetime import timedelta

from frame import as_admin, environment, medians, parse, show
from history import MARK, SalesHistory
from rows import commit_and_analyze

from odoo import fields
from odoo.tools import SQL

ALLOWED = 2.0
PER_ORDER = 10
LATER = "{0} + interval '1 year'"

#: Lines of orders, and of invoices that no order stands behind.
SOLD = """
    SELECT sale.date_order AS date, sale.partner_id, sale.partner_shipping_id,
           line.product_id, line.id AS line_id,
           line.price_subtotal / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS revenue,
           line.product_uom_qty AS qty
      FROM sale_order_line line
      JOIN sale_order sale ON sale.id = line.order_id
     WHERE sale.state = 'sale' AND line.display_type IS NULL
       AND sale.company_id = %(company)s AND {orders}
 UNION ALL
    SELECT move.invoice_date, move.partner_id, move.partner_shipping_id,
           line.product_id, NULL, -line.balance, line.quantity
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
     WHERE move.state = 'posted' AND line.display_type = 'product'
       AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
       AND move.company_id = %(company)s AND {invoices}
       AND NOT EXISTS (SELECT FROM sale_order_line_invoice_rel link
                        WHERE link.invoice_line_id = line.id)
"""
CONTACT = "JOIN res_partner contact ON contact.id = sold.partner_id"
REGION = f"""
    LEFT JOIN res_partner receiver ON receiver.id = sold.partner_shipping_id
    {CONTACT}
    JOIN res_partner customer ON customer.id = contact.commercial_partner_id
"""
TEMPLATE = """
    JOIN product_product product ON product.id = sold.product_id
    JOIN product_template template ON template.id = product.product_tmpl_id
"""
MOVED = """
    LEFT JOIN (SELECT move.sale_line_id,
                      SUM(CASE WHEN source.usage = 'customer' THEN move.quantity
                          ELSE 0 END) AS returned,
                      SUM(CASE WHEN source.usage = 'customer' THEN -move.value
                          ELSE move.value END) AS value
                 FROM stock_move move
                 JOIN stock_location source ON source.id = move.location_id
                 JOIN stock_location target ON target.id = move.location_dest_id
                WHERE move.state = 'done' AND move.sale_line_id IS NOT NULL
                  AND (source.usage = 'customer') <> (target.usage = 'customer')
             GROUP BY move.sale_line_id) moved ON moved.sale_line_id = sold.line_id
"""


def build(env, lines):
    """Fill the database, once."""
    first = env["sale.order"].search([("name", "=", f"{MARK}-1")], limit=1)
    if first:
        return
    partners = env["res.partner"].create(
        [{"name": f"{MARK} {number}", "is_company": True} for number in range(300)]
    )
    products = env["product.product"].create(
        [
            {
                "name": f"{MARK} {number}",
                "is_storable": True,
                "standard_price": 60,
                "list_price": 100,
                "invoice_policy": "order",
                "taxes_id": False,
            }
            for number in range(500)
        ]
    )
    shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
    env["stock.quant"]._update_available_quantity(products[0], shelf, 1e6)
    orders = lines // PER_ORDER
    SalesHistory(env, partners, products, orders, PER_ORDER).build()
    commit_and_analyze(env)


def cases(env):
    """``{name: (report, statement)}``; both return [(key, figure …)]."""
    today = fields.Date.today()
    start, end = today - timedelta(days=365), today + timedelta(days=1)
    years = {"start": start, "end": end, "company": env.company.id}
    period = [("date", ">=", str(start)), ("date", "<", str(end))]
    years["before"] = end - timedelta(days=365)
    analysis = env["jxc.sale.analysis"]

    def report(groupby, *aggregates):
        return lambda: analysis._read_group(period, [groupby], list(aggregates))

    def statement(key, figures, joins="", years_back=0):
        wanted = "{0} >= %(start)s AND {0} < %(end)s"
        if years_back:
            wanted = f"({wanted} OR {wanted.replace('{0}', LATER)})"
        sold = SOLD.format(
            orders=wanted.format("sale.date_order"),
            invoices=wanted.format("move.invoice_date"),
        )
        text = (
            f"SELECT {key}, {figures} FROM ({sold}) sold {joins} GROUP BY 1 ORDER BY 1"
        )
        return lambda: env.execute_query(SQL(text, **years))

    return {
        "revenue by month": (
            report("date:month", "revenue:sum"),
            statement("date_trunc('month', date)", "SUM(revenue)"),
        ),
        "revenue by customer": (
            report("partner_id", "revenue:sum"),
            statement("contact.commercial_partner_id", "SUM(revenue)", CONTACT),
        ),
        "revenue by province": (
            report("state_id", "revenue:sum"),
            statement(
                "COALESCE(receiver.state_id, contact.state_id, customer.state_id)",
                "SUM(revenue)",
                REGION,
            ),
        ),
        "revenue, quantity by product": (
            report("product_id", "revenue:sum", "qty:sum"),
            statement("product_id", "SUM(revenue), SUM(qty)"),
        ),
        "revenue, last year by category": (
            report("categ_id", "revenue:sum", "revenue_last_year:sum"),
            statement(
                "template.categ_id",
                "SUM(revenue) FILTER (WHERE date >= %(start)s),"
                " SUM(revenue) FILTER (WHERE date < %(before)s)",
                TEMPLATE,
                years_back=1,
            ),
        ),
        "revenue, returns, margin by product": (
            report("product_id", "revenue:sum", "amount_returned:sum", "margin:sum"),
            statement(
                "product_id",
                "SUM(revenue),"
                " SUM(COALESCE(moved.returned, 0) * revenue / NULLIF(qty, 0)),"
                " SUM(revenue - COALESCE(moved.value, 0))",
                MOVED,
            ),
        ),
        "order to cash by month": (
            lambda: env["jxc.sale.funnel"]._read_group(
                [],
                ["date:month"],
                ["order_count:sum", "paid_count:sum", "days_to_cash:avg"],
            ),
            lambda: env.execute_query(SQL(FUNNEL, company=env.company.id)),
        ),
        "collection of a year by customer": (
            lambda: collection(env, start, today),
            lambda: env.execute_query(SQL(COLLECTED, start=start, end=today)),
        ),
    }


FUNNEL = """
    SELECT date_trunc('month', sale.create_date), COUNT(*),
           SUM((paid AND NOT shipped.is_open)::int),
           PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CASE
               WHEN paid AND NOT shipped.is_open
               THEN settled - sale.date_order::date END)
      FROM sale_order sale
 LEFT JOIN (SELECT line.order_id,
                   BOOL_OR(move.state NOT IN ('done', 'cancel')) AS is_open
              FROM sale_order_line line
              JOIN stock_move move ON move.sale_line_id = line.id
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE target.usage = 'customer'
          GROUP BY 1) shipped ON shipped.order_id = sale.id
 LEFT JOIN (SELECT bill.order_id, BOOL_AND(move.payment_state = 'paid') AS paid,
                   MAX(partial.max_date) AS settled
              FROM (SELECT DISTINCT line.order_id, item.move_id
                      FROM sale_order_line line
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = line.id
                      JOIN account_move_line item
                        ON item.id = link.invoice_line_id) bill
              JOIN account_move move ON move.id = bill.move_id
         LEFT JOIN account_move_line claim ON claim.move_id = move.id
         LEFT JOIN account_partial_reconcile partial
                ON partial.debit_move_id = claim.id
             WHERE move.state = 'posted'
          GROUP BY 1) billed ON billed.order_id = sale.id
     WHERE sale.company_id = %(company)s
  GROUP BY 1 ORDER BY 1
"""

COLLECTED = """
    SELECT partner_id, SUM(billed), SUM(collected),
           SUM(CASE WHEN date < %(start)s THEN billed - collected ELSE 0 END)
      FROM (SELECT item.partner_id, item.date, item.balance AS billed, 0 AS collected
              FROM account_move_line item
              JOIN account_account account ON account.id = item.account_id
              JOIN account_move move ON move.id = item.move_id
             WHERE account.account_type = 'asset_receivable'
               AND move.state = 'posted' AND move.move_type LIKE 'out_%%'
         UNION ALL
            SELECT item.partner_id, partial.max_date, 0, partial.amount
              FROM account_partial_reconcile partial
              JOIN account_move_line item ON item.id = partial.debit_move_id
              JOIN account_move move ON move.id = item.move_id
              JOIN account_move_line counter ON counter.id = partial.credit_move_id
              JOIN (SELECT item.move_id
                      FROM account_move_line item
                      JOIN account_account account ON account.id = item.account_id
                      JOIN account_move entry ON entry.id = item.move_id
                     WHERE entry.move_type = 'entry' AND entry.state = 'posted'
                       AND account.account_type = 'asset_cash'
                  GROUP BY item.move_id
                    HAVING SUM(item.balance) <> 0) money
                ON money.move_id = counter.move_id
             WHERE move.move_type LIKE 'out_%%') event
     WHERE date <= %(end)s
  GROUP BY 1
"""


def collection(env, start, end):
    """The rows of a collection report over one period."""
    report = env["jxc.sale.collection"].create(
        {"date_from": start, "date_to": end, "is_monthly": False}
    )
    report._refresh_lines()
    return report.line_ids


def differing(name, ours, plainly):
    """Whether the report has another revenue in all than the statement."""
    if not name.startswith("revenue"):
        return False
    first, second = (
        sum(float(row[1] or 0) for row in rows) for rows in (ours, plainly)
    )
    return abs(first - second) > 0.01


def measure(env, name, report, statement, pairs):
    ways = {"report": report, "plain": statement}
    medians(env, ways, 1)  # fills the caches
    taken = medians(env, ways, pairs)
    return {
        "report": name,
        **{f"{way}_ms": round(seconds * 1000) for way, seconds in taken.items()},
        "ratio": round(taken["report"] / taken["plain"], 2),
        "differs": differing(name, report(), statement()),
    }


def main():
    options = parse(__doc__, lines=200_000, pairs=7)
    with environment(options, tz="UTC") as env:
        build(env, options.lines)
        env = as_admin(env)
        figures = {
            "lines": env["sale.order.line"].search_count([]),
            "reports": [
                measure(env, name, *ways, options.pairs)
                for name, ways in cases(env).items()
            ],
        }
    show(options, figures)
    bad = [
        one for one in figures["reports"] if one["ratio"] > ALLOWED or one["differs"]
    ]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
