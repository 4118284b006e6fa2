#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Make the statements of a company with 100,000 journal items, beside the plain SQL.

    python scripts/bench/statements.py -c odoo.conf -d DATABASE [--asbe 1] [--json FILE]

Needs a database with jxc_finance_bridge and a company with the chart for small
enterprises; with --asbe 1, another company gets that of 企业会计准则. Sales, receipts,
purchases, payments and expenses of a year with 500 partners are posted once and copied
by set-based SQL in one transaction, which is rolled back at the end; receipts and
payments are reconciled with what they settle.

balance, profit, cash   get_lines() of November, rights and names included, as a user
trial                   the trial balance of the same month
ledger                  the general ledger (总账) of that month: all accounts, all items
detail                  the ledger of receivables (明细账) of the year, by customer
vat, forecast           the VAT summary by month and rate, the cash forecast by week
plain_…                 one SELECT that adds up the same journal items

Exit status 1 when one of them takes five seconds or more, or a statement does not tie.
"""

import sys

from frame import as_admin, environment, parse, show, timed
from rows import analyze, copy

from odoo.fields import Command
from odoo.tools import SQL

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
#: accounts of 企业会计准则 for those of 小企业会计准则; the others are the same
ASBE = {"500100": "600100", "560200": "660200"}
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
        self.day = SQL("DATE '2031-01-01' + (g.n * 11) %% 360")
        self.lines = {}

    def account(self, code):
        company = self.env.company
        if company.chart_template == "cn_large_bis":
            code = ASBE.get(code, code)
        return self.env["account.account"].search(
            [("code", "=", code), ("company_ids", "in", company.ids)]
        )

    def build(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Bench {number}"} for number in range(PARTNERS)]
        )
        self.env.flush_all()
        self.partner = SQL("%s + g.n %% %s", min(partners.ids), PARTNERS)
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
        analyze(
            self.env, "account.move", "account.move.line", "account.partial.reconcile"
        )

    def copy_move(self, kind, move, number):
        name = SQL("%s || g.n", f"BENCH/{kind}/")
        changes = {"name": name, "date": self.day, "payment_reference": SQL("NULL")}
        if move.jxc_voucher_no:
            step = len(KINDS)
            changes["jxc_voucher_no"] = SQL("source.jxc_voucher_no + %s * g.n", step)
        changes["sequence_number"] = SQL("%s + %s * g.n", number + 2, len(KINDS))
        first = copy(self.env, move, self.count - 1, **changes)
        self.lines[kind] = []
        for line in move.line_ids.sorted("id"):
            changes = {"date": self.day, "date_maturity": self.day, "move_name": name}
            if line.partner_id:
                changes["partner_id"] = self.partner
            changes["move_id"] = SQL("%s + g.n", first)
            self.lines[kind].append(
                (line, copy(self.env, line, self.count - 1, **changes))
            )

    def copy_partials(self):
        for kind, place, other, other_place in SETTLED:
            debit, debit_first = self.lines[kind][place]
            _credit, credit_first = self.lines[other][other_place]
            copy(
                self.env,
                debit.matched_credit_ids,
                self.count - 1,
                debit_move_id=SQL("%s + g.n", debit_first),
                credit_move_id=SQL("%s + g.n", credit_first),
                max_date=self.day,
            )


def measure(env, figures, name, call):
    """The seconds of a first call; its result."""
    env.invalidate_all()
    seconds, result = timed(call)
    figures[name] = round(seconds, 3)
    return result


def ledger(env, date_from, date_to, **values):
    """The values of the general ledger report."""
    wizard = env["general.ledger.report.wizard"].create(
        {
            "company_id": env.company.id,
            "date_from": date_from,
            "date_to": date_to,
            **values,
        }
    )
    report = env["report.account_financial_report.general_ledger"]
    return report._get_report_values(wizard, wizard._prepare_report_data())


def use_asbe(env):
    """The environment of a new company with the chart of 企业会计准则."""
    company = env["res.company"].create(
        {"name": "Bench ASBE", "country_id": env.ref("base.cn").id}
    )
    env["jxc.finance.setup"].load_chart(company, "cn_large_bis")
    env.ref("base.user_admin").company_ids += company
    return env(context=dict(env.context, allowed_company_ids=company.ids))


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
    measure(env, figures, "ledger", lambda: ledger(env, *PERIOD))
    receivable = Builder(env, 0).account("112200")
    year = ("2031-01-01", PERIOD[1])
    measure(
        env,
        figures,
        "detail",
        lambda: ledger(env, *year, account_ids=receivable.ids, grouped_by="partners"),
    )
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
    options = parse(__doc__, items=100_000, asbe=0)
    figures = {}
    with environment(options, lang="zh_CN") as env:
        if options.asbe:
            env = use_asbe(env)
        env = as_admin(env)
        Builder(env, options.items).build()
        figures["items"] = env["account.move.line"].search_count([])
        problems = run(env, figures)
    show(options, figures)
    for problem in problems:
        print(problem, file=sys.stderr)
    measured = [value for name, value in figures.items() if name != "items"]
    return 1 if problems or max(measured) >= ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
