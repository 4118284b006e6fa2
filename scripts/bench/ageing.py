#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Ageing of 100,000 journal items at a past date, beside the plain SQL.

    python scripts/bench/ageing.py -c odoo.conf -d DATABASE [--items N] [--json FILE]

Needs a database with jxc_finance_bridge and a company with a chart. Receivable items of
200 customers are written by set-based SQL in one transaction, which is rolled back at
the end: three quarters invoices, the rest payments; two of three invoices were settled
in part or whole, a half of these after the day asked for.

plain    one SELECT: balance less what was settled, by customer and class
table    jxc.ageing as a user: rights, the lines of every open item, the table
xlsx     its workbook with both sheets

"cpu" is the processor's time of this process in it, the database's left out.

Exit status 1 when the table takes 5 seconds or more, or its total is not the balance of
the accounts, or not that of the plain SQL.
"""

import datetime
import sys
import time

from frame import as_admin, environment, parse, show
from rows import analyze, copy

from odoo.fields import Command
from odoo.tools import SQL

ALLOWED = 5.0
DAY = datetime.date(2031, 6, 30)
CUSTOMERS = 200
PLAIN = """
    WITH debit AS MATERIALIZED (
        SELECT debit_move_id AS id, SUM(amount) AS amount
          FROM account_partial_reconcile WHERE max_date <= %(day)s GROUP BY 1
    ), credit AS MATERIALIZED (
        SELECT credit_move_id AS id, SUM(amount) AS amount
          FROM account_partial_reconcile WHERE max_date <= %(day)s GROUP BY 1
    )
    SELECT partner.commercial_partner_id,
           WIDTH_BUCKET(%(day)s - line.date_maturity, ARRAY[1, 31, 61, 91, 181, 366]),
           SUM(line.balance - COALESCE(debit.amount, 0) + COALESCE(credit.amount, 0))
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
      JOIN account_account account ON account.id = line.account_id
      JOIN res_partner partner ON partner.id = line.partner_id
      LEFT JOIN debit ON debit.id = line.id
      LEFT JOIN credit ON credit.id = line.id
     WHERE line.company_id = %(company)s AND line.date <= %(day)s
       AND account.account_type = 'asset_receivable'
     GROUP BY 1, 2
"""


def build(env, count):
    """Write the items and what settled them."""
    customers = env["res.partner"].create(
        [{"name": f"客户{number}"} for number in range(CUSTOMERS)]
    )
    accounts = env["account.account"].search(
        [
            ("account_type", "in", ("asset_receivable", "income")),
            ("company_ids", "in", env.company.ids),
        ]
    )
    kinds = accounts.grouped("account_type")
    move = env["account.move"].create(
        {
            "date": "2031-01-01",
            "journal_id": env["account.journal"]
            .search(
                [("type", "=", "general"), ("company_id", "=", env.company.id)], limit=1
            )
            .id,
            "line_ids": [
                Command.create(
                    {
                        "account_id": kinds["asset_receivable"][0].id,
                        "partner_id": customers[0].id,
                        "balance": 100,
                        "date_maturity": "2031-01-31",
                    }
                ),
                Command.create({"account_id": kinds["income"][0].id, "balance": -100}),
            ],
        }
    )
    move.action_post()
    env.flush_all()
    item = move.line_ids.filtered("date_maturity")[:1]
    item = item or move.line_ids[0]
    day = SQL("DATE '2030-01-01' + (g.n * 7) %% 700")
    value = SQL(
        "CASE WHEN g.n %% 4 = 0 THEN -(g.n %% 900 + 1) ELSE g.n %% 900 + 1 END::numeric"
    )
    copy(
        env,
        item,
        count,
        date=day,
        date_maturity=SQL("%s + 30", day),
        invoice_date=day,
        partner_id=SQL("%s + g.n %% %s", min(customers.ids), CUSTOMERS),
        balance=value,
        amount_currency=value,
        amount_residual=value,
        amount_residual_currency=value,
        debit=SQL("GREATEST(%s, 0)", value),
        credit=SQL("GREATEST(-(%s), 0)", value),
        reconciled=SQL("FALSE"),
    )
    # Otherwise the join below is planned for the few items of before.
    analyze(env, "account.move.line")
    # Every payment settles an invoice of one of the three items before it.
    env.cr.execute(
        SQL(
            """
            INSERT INTO account_partial_reconcile (
                debit_move_id, credit_move_id, amount, debit_amount_currency,
                credit_amount_currency, company_id, max_date, debit_currency_id,
                credit_currency_id
            )
            SELECT bill.id, paid.id, part.amount, part.amount, part.amount,
                   bill.company_id, GREATEST(bill.date, paid.date), bill.currency_id,
                   paid.currency_id
              FROM account_move_line paid
              JOIN account_move_line bill
                ON bill.id BETWEEN paid.id - 2 AND paid.id - 1
              CROSS JOIN LATERAL (
                SELECT ROUND(LEAST(bill.balance, -paid.balance) / 2, 2) AS amount
              ) part
             WHERE paid.move_id = %s AND paid.balance < 0 AND bill.balance > 0
               AND bill.date_maturity IS NOT NULL AND paid.date_maturity IS NOT NULL
               AND part.amount > 0
            """,
            move.id,
        )
    )
    analyze(env, "account.move.line", "account.partial.reconcile")


def main():
    options = parse(__doc__, items=100_000)
    with environment(options, lang="en_US") as env:
        build(env, options.items)
        env = as_admin(env)
        company = env.company
        start = time.perf_counter()
        # Or PostgreSQL at times goes through all that was settled for each item.
        env.cr.execute("SET LOCAL enable_nestloop = off")
        env.cr.execute(PLAIN, {"day": DAY, "company": company.id})
        rows = env.cr.fetchall()
        env.cr.execute("SET LOCAL enable_nestloop = on")
        figures = {"plain_s": round(time.perf_counter() - start, 2)}
        env.invalidate_all()
        start, cpu = time.perf_counter(), time.process_time()
        ageing = env["jxc.ageing"].create({"date": DAY, "company_id": company.id})
        ageing._refresh_lines()
        figures["lines_s"] = round(time.perf_counter() - start, 2)
        table = ageing._get_table()
        figures["table_s"] = round(time.perf_counter() - start, 2)
        figures["table_cpu_s"] = round(time.process_time() - cpu, 2)
        total = table["total"][company.currency_id]
        start, cpu = time.perf_counter(), time.process_time()
        env["ir.actions.report"]._render("jxc_finance_bridge.ageing_xlsx", ageing.ids)
        figures["xlsx_s"] = round(time.perf_counter() - start, 2)
        figures["xlsx_cpu_s"] = round(time.process_time() - cpu, 2)
        figures |= {
            "items": options.items,
            "settlements": env["account.partial.reconcile"].sudo().search_count([]),
            "open_items": len(ageing.line_ids),
            "total": total,
            "plain_total": float(sum(row[2] for row in rows)),
            "ledger": ageing._get_ledger_balance(),
        }
    show(options, figures)
    ties = abs(total - figures["ledger"]) < 0.005
    ties = ties and abs(total - figures["plain_total"]) < 0.005
    return 1 if figures["table_s"] >= ALLOWED or not ties else 0


if __name__ == "__main__":
    sys.exit(main())
