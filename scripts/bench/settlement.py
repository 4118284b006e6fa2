#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Propose settlements of 5,000 open items of one company, beside the plain SQL.

    python scripts/bench/settlement.py -c odoo.conf -d DATABASE [--json FILE]

Needs a database with jxc_finance_bridge and a company with the Chinese chart. Posted
entries with one open item each are copied by set-based SQL in one transaction, which is
rolled back at the end: half of them owed, half settling, spread over partners.

plain     the SELECT of the same open items with the numbers of their documents
METHOD    drafting the settlements of all partners: read, match, written with lines
apply     applying the settlements of --apply partners, reconciliation included

Exit status 1 when a method takes 5 seconds or more, its queries grow with the items, or
not everything is found.
"""

import argparse
import json
import sys
import time

from finance_export import copy

import odoo
from odoo import api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

DAY = "2031-01-15"
ALLOWED = 5.0
PLAIN = SQL(
    """
    SELECT line.id, partner.commercial_partner_id, line.currency_id,
        line.amount_residual_currency, line.amount_residual, line.date_maturity,
        move.name, move.payment_reference, move.ref, move.invoice_origin, line.name
    FROM account_move_line line
    JOIN account_move move ON move.id = line.move_id
    JOIN account_account account ON account.id = line.account_id
    JOIN res_partner partner ON partner.id = line.partner_id
    WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
        AND NOT line.reconciled AND line.date = %s
    ORDER BY line.date_maturity, line.id
    """,
    DAY,
)


def build(env, count, partners):
    """Post two entries, one owed and one that settles, and copy them."""
    accounts = env["account.account"].search(
        [
            ("account_type", "in", ("asset_receivable", "asset_cash")),
            ("company_ids", "in", env.company.ids),
        ]
    )
    receivable = accounts.filtered(
        lambda account: account.account_type == "asset_receivable"
    )[:1]
    bank = (accounts - receivable).filtered(
        lambda account: account.account_type == "asset_cash"
    )[:1]
    customers = env["res.partner"].create(
        [{"name": f"Bench {number}"} for number in range(partners)]
    )
    first = customers[0].id
    journal = env["account.journal"].search([("type", "=", "general")], limit=1)
    moves = []
    for sign in (1, -1):
        move = env["account.move"].create(
            {
                "date": DAY,
                "ref": "BENCH/0",
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": first,
                            "balance": side * sign * 100,
                            "date_maturity": DAY,
                        }
                    )
                    for account, side in ((receivable, 1), (bank, -1))
                ],
            }
        )
        move.action_post()
        env.flush_all()
        moves.append(move)
    for mark, move, beyond in zip("IR", moves, (count, count * 2), strict=True):
        [(last,)] = env.execute_query(SQL("SELECT max(id) FROM account_move"))
        each = count // 2 - 1
        document = SQL("'BENCH/' || n::text")
        changes = {
            "name": SQL("%s || '/' || n::text", mark),
            "payment_reference": SQL("NULL"),
            "ref": document,
            # Each kind has numbers of its own.
            "sequence_number": SQL("source.sequence_number + %s + n", beyond),
            "jxc_voucher_no": SQL("source.jxc_voucher_no + %s + n", beyond),
        }
        copy(env, move, each, SQL("source.id"), **changes)
        low = env.execute_query(
            SQL("SELECT min(id) FROM account_move WHERE id > %s", last)
        )[0][0]
        if low != last + 1:
            raise SystemExit("somebody else writes into this database")
        partner = SQL("%s + n %% %s", first, partners)
        for line in move.line_ids.sorted("id"):
            copy(
                env,
                line,
                each,
                SQL("source.id"),
                move_id=SQL("%s + n", last),
                move_name=changes["name"],
                partner_id=partner,
                date_maturity=SQL("source.date_maturity + (n / 100)::int"),
            )
    for table in ("account_move", "account_move_line"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.invalidate_all()
    return customers


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-c", "--config", required=True)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--partners", type=int, default=200)
    parser.add_argument("--apply", type=int, default=20)
    parser.add_argument("--json")
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "--no-http", "--log-level=error"])
    figures, good = {"items": options.items, "partners": options.partners}, True
    with Registry(options.database).cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {"lang": "zh_CN"})
        admin = env.ref("base.user_admin")
        env = env(user=admin.id, su=False)
        customers = build(env, options.items, options.partners)
        start = time.perf_counter()
        rows = env.execute_query(PLAIN)
        figures["plain"] = round(time.perf_counter() - start, 3)
        good = good and len(rows) == options.items
        day = fields.Date.to_date(DAY)
        settlements = env["jxc.settlement"]
        for method in ("due", "document", "amount"):
            env.invalidate_all()
            before, start = cr.sql_log_count, time.perf_counter()
            found = settlements._jxc_propose_all(
                env.company, "receivable", day, customers, method=method
            )
            env.flush_all()
            figures[method] = round(time.perf_counter() - start, 2)
            figures[f"{method} queries"] = cr.sql_log_count - before
            lines = env["jxc.settlement.line"].search_count(
                [("settlement_id", "in", found.ids)]
            )
            figures[f"{method} lines"] = lines
            good = good and lines == options.items and figures[method] < ALLOWED
            good = good and figures[f"{method} queries"] < options.items / 10
        chosen = found[: options.apply]
        start = time.perf_counter()
        chosen.action_apply()
        env.flush_all()
        figures["apply"] = round(time.perf_counter() - start, 2)
        figures["apply items"] = len(chosen.line_ids)
        good = good and all(chosen.line_ids.move_line_id.mapped("reconciled"))
        cr.rollback()
    print(json.dumps(figures, indent=1))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
