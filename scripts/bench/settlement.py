#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Propose settlements of 5,000 open items of one company, beside the plain SQL.

    python scripts/bench/settlement.py -c odoo.conf -d DATABASE [--json FILE]

Needs a database with jxc_finance_bridge and a company with the Chinese chart. Posted
entries with one open item each are copied by set-based SQL in one transaction, which is
rolled back at the end: half of them owed, half settling, spread over partners.

plain     the SELECT of the same open items with the numbers of their documents
METHOD    drafting the settlements of all partners: read, match, written with lines;
          "cpu" is what of it was the processor's time
apply     applying the settlements of --apply partners, reconciliation included

Exit status 1 when a method takes 5 seconds or more, its queries grow with the items, or
not everything is found.
"""

import sys
import time

from frame import as_admin, environment, parse, show
from rows import analyze, copy

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

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
        each = count // 2 - 1
        document = SQL("'BENCH/' || g.n::text")
        changes = {
            "name": SQL("%s || '/' || g.n::text", mark),
            "payment_reference": SQL("NULL"),
            "ref": document,
            # Each kind has numbers of its own.
            "sequence_number": SQL("source.sequence_number + %s + g.n", beyond),
            "jxc_voucher_no": SQL("source.jxc_voucher_no + %s + g.n", beyond),
        }
        last = copy(env, move, each, **changes)
        partner = SQL("%s + g.n %% %s", first, partners)
        for line in move.line_ids.sorted("id"):
            copy(
                env,
                line,
                each,
                move_id=SQL("%s + g.n", last),
                move_name=changes["name"],
                partner_id=partner,
                date_maturity=SQL("source.date_maturity + (g.n / 100)::int"),
            )
    analyze(env, "account.move", "account.move.line")
    return customers


def main():
    options = parse(__doc__, items=5_000, partners=200, apply=20)
    figures, good = {"items": options.items, "partners": options.partners}, True
    with environment(options, lang="zh_CN") as env:
        env = as_admin(env)
        customers = build(env, options.items, options.partners)
        start = time.perf_counter()
        rows = env.execute_query(PLAIN)
        figures["plain"] = round(time.perf_counter() - start, 3)
        good = good and len(rows) == options.items
        day = fields.Date.to_date(DAY)
        settlements = env["jxc.settlement"]
        for method in ("due", "document", "amount"):
            env.invalidate_all()
            before, start = env.cr.sql_log_count, time.perf_counter()
            cpu = time.process_time()
            found = settlements._jxc_propose_all(
                env.company, "receivable", day, customers, method=method
            )
            env.flush_all()
            figures[method] = round(time.perf_counter() - start, 2)
            figures[f"{method} cpu"] = round(time.process_time() - cpu, 2)
            figures[f"{method} queries"] = env.cr.sql_log_count - before
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
    show(options, figures)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
