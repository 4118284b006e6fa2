#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Make the statements of a company with 100,000 journal items, beside the plain SQL.

    python scripts/bench/statements.py -c odoo.conf -d DATABASE [--json FILE]

Needs a database with jxc_finance_bridge and a company with the chart for small
enterprises. Sales, receipts, purchases, payments and expenses of a year with 500
partners are posted once and copied by set-based SQL in one transaction, which is rolled
back at the end; receipts and payments are reconciled with what they settle.

balance, profit, cash   get_lines() of November, rights and names included, as a user
trial                   the trial balance of the same month
vat, forecast           the VAT summary by month and rate, the cash forecast by week
plain_…                 one SELECT that adds up the same journal items

Exit status 1 when one of them takes five seconds or more, or a statement does not tie.
"""

import argparse
import json
import sys
import time

import odoo
from odoo import api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

ALLOWED = 5.0
PARTNERS = 500
#: lines of each kind of entry: account, whether it has a partner, balance
KINDS = {
    "sale": (("112200", 1, 113), ("500100", 0, -100), ("222100", 0, -13)),
    "receipt": (("100200", 0, 113), ("112200", 1, -113)),
    "purchase": (("140500", 0, 60), ("222100", 0, 7.8), ("220200", 1, -67.8)),
    "payment": (("220200", 1, 67.8), ("100200", 0, -67.8)),
    "expense": (("560200", 0, 12), ("100200", 0, -12)),
}
SETTLED = (("sale", 0, "receipt", 1), ("payment", 0, "purchase", 2))
PERIOD = ("2031-11-01", "2031-11-30")
PLAIN = {
    "balance": """
        SELECT account_id, partner_id, sum(balance) FROM account_move_line
        WHERE parent_state = 'posted' AND company_id = %(company)s
            AND date <= '2031-11-30'
        GROUP BY 1, 2""",
    "profit": """
        SELECT account_id, sum(balance),
            sum(balance) FILTER (WHERE date >= '2031-11-01')
        FROM account_move_line
        WHERE parent_state = 'posted' AND company_id = %(company)s
            AND date BETWEEN '2031-01-01' AND '2031-11-30'
        GROUP BY 1""",
    "cash": """
        SELECT line.account_id, sum(-line.balance) FROM account_move_line line
        WHERE line.parent_state = 'posted' AND line.company_id = %(company)s
            AND line.date BETWEEN '2031-01-01' AND '2031-11-30'
            AND line.account_id != %(bank)s AND line.move_id IN (
                SELECT move_id FROM account_move_line WHERE account_id = %(bank)s
            )
        GROUP BY 1""",
}


class Builder:
    """The year of a company, in one transaction."""

    def __init__(self, env, items):
        self.env = env
        self.count = items // sum(map(len, KINDS.values()))
        self.day = SQL("DATE '2031-01-01' + (n * 11) %% 360")
        self.lines = {}

    def account(self, code):
        return self.env["account.account"].search(
            [("code", "=", code), ("company_ids", "in", self.env.company.ids)]
        )

    def build(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Bench {number}"} for number in range(PARTNERS)]
        )
        self.env.flush_all()
        self.partner = SQL("%s + n %% %s", min(partners.ids), PARTNERS)
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.env.company.id)],
            limit=1,
        )
        moves = self.env["account.move"]
        for lines in KINDS.values():
            moves |= moves.create(
                {
                    "date": "2031-01-01",
                    "journal_id": journal.id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": self.account(code).id,
                                "partner_id": has_partner and partners[0].id,
                                "balance": balance,
                            }
                        )
                        for code, has_partner, balance in lines
                    ],
                }
            )
        moves.action_post()
        self.env.flush_all()
        by_kind = dict(zip(KINDS, moves, strict=True))
        for kind, place, other, other_place in SETTLED:
            first = by_kind[kind].line_ids.sorted("id")[place]
            (first | by_kind[other].line_ids.sorted("id")[other_place]).reconcile()
        self.env.flush_all()
        for number, (kind, move) in enumerate(by_kind.items()):
            self.copy_move(kind, move, number)
        self.copy_partials()
        for table in ("account_move", "account_move_line", "account_partial_reconcile"):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        self.env.invalidate_all()

    def copy_move(self, kind, move, number):
        name = SQL("%s || n", f"BENCH/{kind}/")
        changes = {"name": name, "date": self.day, "payment_reference": SQL("NULL")}
        if move.jxc_voucher_no:
            step = len(KINDS)
            changes["jxc_voucher_no"] = SQL("source.jxc_voucher_no + %s * n", step)
        changes["sequence_number"] = SQL("%s + %s * n", number + 2, len(KINDS))
        first = self.copy(move, **changes)
        self.lines[kind] = []
        for line in move.line_ids.sorted("id"):
            changes = {"date": self.day, "date_maturity": self.day, "move_name": name}
            if line.partner_id:
                changes["partner_id"] = self.partner
            changes["move_id"] = SQL("%s + n", first)
            self.lines[kind].append((line, self.copy(line, **changes)))

    def copy_partials(self):
        for kind, place, other, other_place in SETTLED:
            debit, debit_first = self.lines[kind][place]
            _credit, credit_first = self.lines[other][other_place]
            self.copy(
                debit.matched_credit_ids,
                debit_move_id=SQL("%s + n", debit_first),
                credit_move_id=SQL("%s + n", credit_first),
                max_date=self.day,
            )

    def copy(self, record, **changes):
        """Copy a row; ``changes`` are SQL over n; copy n gets the id returned + n."""
        table = SQL.identifier(record._table)
        names = [
            field.name
            for field in record._fields.values()
            if field.store and field.column_type and field.name != "id"
        ]
        values = [changes.get(name, SQL.identifier("source", name)) for name in names]
        [(first,)] = self.env.execute_query(SQL("SELECT max(id) FROM %s", table))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (id, %s) SELECT %s + n, %s"
                " FROM %s source, generate_series(1, %s) n WHERE source.id = %s",
                table,
                SQL(", ").join(map(SQL.identifier, names)),
                first,
                SQL(", ").join(values),
                table,
                self.count - 1,
                record.id,
            )
        )
        self.env.cr.execute(
            SQL(
                "SELECT setval(%s, %s)",
                f"{record._table}_id_seq",
                first + self.count,
            )
        )
        return first


def measure(env, figures, name, call):
    """The seconds of a first call; its result."""
    env.invalidate_all()
    start = time.perf_counter()
    result = call()
    figures[name] = round(time.perf_counter() - start, 3)
    return result


def run(env, figures):
    statements = env["jxc.finance.statement"]
    bank = Builder(env, 0).account("100200")
    problems = []
    for kind, text in PLAIN.items():
        sql = SQL(text, company=env.company.id, bank=bank.id)
        measure(env, figures, f"plain_{kind}", lambda sql=sql: env.execute_query(sql))
        result = measure(
            env, figures, kind, lambda kind=kind: statements.get_lines(kind, *PERIOD)
        )
        problems += result["problems"]
    balances = env["jxc.trial.balance"]
    measure(env, figures, "trial", lambda: balances.get_balances(*PERIOD))
    for name, model, by, field in (
        ("vat", "jxc.tax.summary", ["date:month", "rate"], "due:sum"),
        ("forecast", "jxc.cash.forecast", ["date:week", "kind"], "amount:sum"),
    ):
        rows = env[model]
        measure(
            env,
            figures,
            name,
            lambda rows=rows, by=by, field=field: rows._read_group([], by, [field]),
        )
    return problems


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-c", "--config", required=True)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--json")
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "--no-http", "--log-level=error"])
    figures = {}
    with Registry(options.database).cursor() as cr:
        env = api.Environment(cr, odoo.SUPERUSER_ID, {"lang": "zh_CN"})
        env = env(user=env.ref("base.user_admin").id, su=False)
        Builder(env, options.items).build()
        figures["items"] = env["account.move.line"].search_count([])
        problems = run(env, figures)
        cr.rollback()
    print(json.dumps(figures, indent=1))
    for problem in problems:
        print(problem, file=sys.stderr)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
    timed = [value for name, value in figures.items() if name != "items"]
    return 1 if problems or max(timed) >= ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
