# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The books of a year of trade, closed month by month."""

from odoo import fields

#: All that were traded in but the last: what comes late in it would be left over.
MONTHS = 23


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


def _bill_late(env, first, last):
    """In each month a bill and an invoice come on the first of the next one only.

    :return: {month: (untaxed amount that came without its bill, cost not invoiced)}
    """
    held = {}
    day = first
    while day <= last:
        later = fields.Date.add(day, months=1)
        moves = [
            env["account.move"].search(
                [
                    ("company_id", "=", env.company.id),
                    ("state", "=", "posted"),
                    ("move_type", "=", kind),
                    ("date", ">=", day),
                    ("date", "<", later),
                ],
                order="date desc, id desc",
                limit=1,
            )
            for kind in ("in_invoice", "out_invoice")
        ]
        deliveries = moves[1].invoice_line_ids.sale_line_ids.move_ids
        held[day] = moves[0].amount_untaxed, sum(deliveries.mapped("value"))
        for move in filter(None, moves):
            move.button_draft()
            move.write({"name": False, "invoice_date": later, "date": later})
            move.action_post()
        day = later
    return held


def _moved_value(env, company, day):
    """What the quantity ledger says, in plain SQL: value come in less value gone."""
    env.flush_all()
    env.cr.execute(
        "SELECT SUM(CASE WHEN is_in THEN value ELSE -value END) FROM stock_move"
        " WHERE company_id = %s AND state = 'done' AND (is_in OR is_out)"
        " AND date <= %s",
        (company.id, company._jxc_stock_day_end(day)),
    )
    return env.cr.fetchone()[0]


def _ledger_value(env, company, day):
    """What the ledger of quantities and amounts (收发存汇总) shows people."""
    ledger = env["jxc.stock.ledger"].with_context(tz=company._jxc_timezone())
    rows = ledger.summary(
        day.replace(day=1), day, domain=[("company_id", "=", company.id)]
    )
    return sum(row["closing_value"] for row in rows)


def _check_stock(env, period, held):
    """Stock, accrued receipts and goods shipped agree with documents to the cent."""
    company, day = period.company_id, period.date_to
    snapshot = env["jxc.stock.snapshot"].take(day)
    billed, shipped = held
    assert snapshot.is_tied, (period.name, snapshot.read())
    assert not snapshot.entry_ids, (period.name, snapshot.entry_ids.mapped("ref"))
    moved = _moved_value(env, company, day)
    assert abs(snapshot.stock_value - moved) < 0.005, (
        period.name,
        snapshot.stock_value,
        moved,
    )
    assert abs(snapshot.stock_value - _ledger_value(env, company, day)) < 0.005
    balances = _balances(env, company, day)
    for account, amount in (
        (company.account_stock_valuation_id, moved),
        (company.jxc_accrual_account_id, -billed),
        (company.jxc_shipped_account_id, shipped),
        (company.jxc_transit_account_id, 0.0),
    ):
        found = balances.get(account.code, 0.0)
        assert abs(found - amount) < 0.005, (period.name, account.code, found, amount)


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
    """Each month closes with numbers without gaps, no result left and no difference.

    Stock is booked at movement; in every month a bill and an invoice come late.
    """
    with odoo_env(northwind_database, "admin") as env:
        env.company.jxc_books_stock = True
        moves = env["account.move"].search(
            [("company_id", "=", env.company.id), ("state", "=", "posted")],
            order="date",
        )
        first = moves[:1].date.replace(day=1)
        last = fields.Date.add(first, months=MONTHS, days=-1)
        assert moves[-1:].date > last
        held = _bill_late(env, first, last)
        # The first month is three days of receipts.
        assert all(billed for billed, _shipped in held.values())
        assert sum(shipped > 0 for _billed, shipped in held.values()) == MONTHS - 1
    with odoo_env(northwind_database, "admin") as env:
        company = env.company
        periods = env["jxc.finance.period"]
        profit_before = 0.0
        closed = 0
        day = first
        while day <= last:
            period = periods._get_or_create(company, day)
            _leave_later(period)
            _check_stock(env, period, held[day])
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
        assert closed == MONTHS
        assert company.jxc_closed_date >= last
