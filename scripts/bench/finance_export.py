#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Export 10,000 vouchers to other finance systems, beside the plain SQL.

    python scripts/bench/finance_export.py -c odoo.conf -d DATABASE [--json FILE]

Needs a database with jxc_finance_bridge and a company with the Chinese chart. Posted
entries of four lines are copied by set-based SQL in one transaction, which is rolled
back at the end. Every format is written with export_vouchers(), as a user.

plain      one SELECT of the same lines with account, partner and amounts
FORMAT     export_vouchers(): rights, codes, checks and the file itself

Exit status 1 when a format takes 30 seconds or more, or holds another number of
vouchers.
"""

import argparse
import json
import sys
import time

import odoo
from odoo import api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

FORMATS = ("kingdee_k3", "kingdee_cloud", "u8_text", "u8_xml", "gbt24589")
ALLOWED = 30.0
PLAIN = SQL(
    """
    SELECT move.id, move.date, line.name, account.code_store, partner.ref,
        line.debit, line.credit, line.amount_currency
    FROM account_move_line line
    JOIN account_move move ON move.id = line.move_id
    JOIN account_account account ON account.id = line.account_id
    LEFT JOIN res_partner partner ON partner.id = line.partner_id
    WHERE move.state = 'posted' AND move.date = '2031-01-15'
    ORDER BY move.id, line.id
    """
)


def copy(env, record, count, order, **changes):
    """Copy a row; ``changes`` are SQL expressions over n = 1 … count."""
    names = [
        field.name
        for field in record._fields.values()
        if field.store and field.column_type and field.name != "id"
    ]
    values = [changes.get(name, SQL.identifier("source", name)) for name in names]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s source, generate_series(1, %s) n"
            " WHERE source.id = %s ORDER BY n, %s",
            SQL.identifier(record._table),
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(values),
            SQL.identifier(record._table),
            count,
            record.id,
            order,
        )
    )


def build(env, count):
    """Post one entry of four lines and copy it; return the number of entries."""
    accounts = env["account.account"].search(
        [
            ("account_type", "in", ("asset_current", "income", "expense")),
            ("company_ids", "in", env.company.ids),
        ],
        limit=4,
    )
    partner = env["res.partner"].create({"name": "Bench", "ref": "BENCH"})
    move = env["account.move"].create(
        {
            "date": "2031-01-15",
            "journal_id": env["account.journal"]
            .search([("type", "=", "general")], limit=1)
            .id,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "balance": balance,
                        "name": f"第{number}行摘要",
                    }
                )
                for number, (account, balance) in enumerate(
                    zip(accounts, (100.5, 20.25, -70.75, -50), strict=True)
                )
            ],
        }
    )
    move.action_post()
    env.flush_all()
    [(first,)] = env.execute_query(SQL("SELECT max(id) FROM account_move"))
    unique = SQL("'BENCH/' || n")
    number = SQL("source.jxc_voucher_no + n")
    changes = {"name": unique, "payment_reference": SQL("NULL")}
    if "jxc_voucher_no" in move._fields:
        changes["jxc_voucher_no"] = number
    changes["sequence_number"] = SQL("source.sequence_number + n")
    copy(env, move, count - 1, SQL("source.id"), **changes)
    ids = SQL("%s + n", first)
    env.cr.execute(
        SQL("SELECT count(*), min(id), max(id) FROM account_move WHERE id > %s", first)
    )
    found, low, high = env.cr.fetchone()
    if (found, low, high) != (count - 1, first + 1, first + count - 1):
        raise SystemExit("somebody else writes into this database")
    for line in move.line_ids.sorted("id"):
        copy(
            env,
            line,
            count - 1,
            SQL("source.id"),
            move_id=ids,
            move_name=unique,
        )
    for table in ("account_move", "account_move_line"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.invalidate_all()
    return count


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-c", "--config", required=True)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--vouchers", type=int, default=10_000)
    parser.add_argument("--json")
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "--no-http", "--log-level=error"])
    figures, good = {"vouchers": options.vouchers}, True
    with Registry(options.database).cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {"lang": "zh_CN"})
        admin = env.ref("base.user_admin")
        env = env(user=admin.id, su=False)
        build(env, options.vouchers)
        start = time.perf_counter()
        rows = env.execute_query(PLAIN)
        figures["plain"] = round(time.perf_counter() - start, 2)
        figures["lines"] = len(rows)
        day = fields.Date.to_date("2031-01-15")
        for name in FORMATS:
            env.invalidate_all()
            start = time.perf_counter()
            file = env["jxc.voucher"].export_vouchers(day, day, name)
            figures[name] = round(time.perf_counter() - start, 2)
            good = good and file["count"] == options.vouchers
            good = good and figures[name] < ALLOWED
        cr.rollback()
    print(json.dumps(figures, indent=1))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
