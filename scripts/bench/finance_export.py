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

import sys

from frame import as_admin, environment, parse, show, timed
from rows import analyze, copy

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

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
    unique = SQL("'BENCH/' || g.n")
    number = SQL("source.jxc_voucher_no + g.n")
    changes = {"name": unique, "payment_reference": SQL("NULL")}
    if "jxc_voucher_no" in move._fields:
        changes["jxc_voucher_no"] = number
    changes["sequence_number"] = SQL("source.sequence_number + g.n")
    first = copy(env, move, count - 1, **changes)
    for line in move.line_ids.sorted("id"):
        copy(env, line, count - 1, move_id=SQL("%s + g.n", first), move_name=unique)
    analyze(env, "account.move", "account.move.line")
    return count


def main():
    options = parse(__doc__, vouchers=10_000)
    figures, good = {"vouchers": options.vouchers}, True
    with environment(options, lang="zh_CN") as env:
        env = as_admin(env)
        build(env, options.vouchers)
        seconds, rows = timed(lambda: env.execute_query(PLAIN))
        figures["plain"] = round(seconds, 2)
        figures["lines"] = len(rows)
        day = fields.Date.to_date("2031-01-15")
        for name in FORMATS:
            env.invalidate_all()
            seconds, file = timed(
                lambda name=name: env["jxc.voucher"].export_vouchers(day, day, name)
            )
            figures[name] = round(seconds, 2)
            good = good and file["count"] == options.vouchers
            good = good and figures[name] < ALLOWED
    show(options, figures)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
