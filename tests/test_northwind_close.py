# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The books of a year of trade, closed month by month."""

from odoo import fields


def _leave_later(period):
    """Do what an accountant does with what is still open: date it after the month."""
    env = period.env
    drafts = env["account.move"].search(period._get_moves_domain(("draft",)))
    for move in drafts:
        move.name = False
        move.date = fields.Date.add(period.date_to, days=1)
    env["jxc.stock.count"].search(
        [
            ("state", "in", ("in_progress", "submitted")),
            ("date", "<=", period.date_to),
            ("company_id", "=", period.company_id.id),
        ]
    ).action_cancel()


def _balances(env, company, day):
    rows = env["jxc.trial.balance"].get_balances(day, day, company.id)["rows"]
    return {row["code"]: row["closing_debit"] - row["closing_credit"] for row in rows}


def _check_statements(env, period, after, result):
    """The statements tie, and say what the trial balance says."""
    amounts = {}
    for kind in ("balance", "profit", "cash"):
        statement = env["jxc.finance.statement"].get_lines(
            kind, period.date_from, period.date_to, period.company_id.id
        )
        assert statement["problems"] == [], (period.name, kind)
        amounts |= {line["code"]: line for line in statement["lines"]}
    assets = sum(balance for code, balance in after.items() if code.startswith("14"))
    assert abs(amounts["b9"]["closing"] - assets) < 0.005, period.name
    assert amounts["b30"]["closing"] == amounts["b53"]["closing"], period.name
    assert abs(amounts["p32"]["period"] + result) < 0.005, period.name
    assert amounts["c22"]["period"] == amounts["b1"]["closing"], period.name


def test_year_is_closed_month_by_month(northwind_database, odoo_env):
    """Each month closes with numbers without gaps, no result left and no difference."""
    with odoo_env(northwind_database, "admin") as env:
        company = env.company
        periods = env["jxc.finance.period"]
        moves = env["account.move"].search(
            [("company_id", "=", company.id), ("state", "=", "posted")], order="date"
        )
        first, last = moves[:1].date, moves[-1:].date
        profit_before = 0.0
        closed = 0
        day = first.replace(day=1)
        while day <= last:
            period = periods._get_or_create(company, day)
            _leave_later(period)
            income = _balances(env, company, period.date_to)
            result = sum(
                balance for code, balance in income.items() if code.startswith("5")
            )
            period.action_transfer_profit()
            period.action_renumber()
            period.action_close()
            after = _balances(env, company, period.date_to)
            assert abs(sum(after.values())) < 0.005, period.name
            left = {code: b for code, b in after.items() if code[:1] == "5" and b}
            assert not left, (period.name, left)
            profit = after.get("310300", 0.0) + after.get("310400", 0.0)
            assert abs(profit - profit_before - result) < 0.005, period.name
            _check_statements(env, period, after, result)
            profit_before = profit
            entries = env["account.move"].search(period._get_moves_domain())
            numbers = sorted(entries.mapped("jxc_voucher_no"))
            assert numbers == list(range(1, len(entries) + 1)), period.name
            closed += 1
            day = fields.Date.add(day, months=1)
        assert closed >= 12
        assert company.jxc_closed_date >= last
