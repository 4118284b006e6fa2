# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Months numbered anew, closed, reopened and taken by several people at once."""

from collections import Counter

import pytest
from freezegun import freeze_time

from races import at_once
from test_race_voucher import _drafts, _numbers, _period, _try

CLIENTS = 4


@pytest.fixture(scope="module")
def second(database, odoo_env):
    """Id of a second company that the administrator works in, too."""
    with odoo_env(database) as env:
        company = env["res.company"].create(
            {"name": "Second", "country_id": env.ref("base.cn").id}
        )
        env["jxc.finance.setup"].load_chart(company, "cn")
        env.ref("base.user_admin").company_ids += company
        return company.id


@pytest.fixture(scope="module")
def client(serve, json2, odoo_env, database, second):
    """A JSON-2 client of a server with several workers; admin may reopen months."""
    with odoo_env(database) as env:
        group = env.ref("jxc_finance_bridge.group_period_reopen")
        env.ref("base.user_admin").group_ids += group
    with serve(database, workers=CLIENTS) as server:
        yield json2(server)


def _call(client, method, period_id, **values):
    return _try(client, "jxc.finance.period", method, ids=[period_id], **values)


def _post(client, ids):
    return _try(client, "account.move", "action_post", ids=ids)


def test_numbered_anew_by_many(client, database, odoo_env):
    """Together with postings: no number twice, and none missing in the end."""
    days = [f"2024-06-{day:02}" for day in range(28, 4, -1)]
    ids = _drafts(odoo_env, database, days)
    for id_ in ids[:12]:
        assert not _post(client, [id_])
    with odoo_env(database) as env:
        env["account.move"].browse(ids[3:5]).button_cancel()
    period_id = _period(odoo_env, database, "2024-06-30")

    def act(number):
        if number < 2:
            return [_call(client, "action_renumber", period_id) for _turn in range(3)]
        own = ids[12:][number - 2 :: 2]
        return [_post(client, [id_]) for id_ in own]

    messages = sum(at_once(CLIENTS, act), [])
    assert messages == [""] * len(messages)
    numbers = _numbers(odoo_env, database, "2024-06")
    assert max(Counter(numbers).values()) == 1
    assert not _call(client, "action_renumber", period_id)
    with odoo_env(database) as env:
        moves = env["account.move"].search(
            [("state", "=", "posted"), ("jxc_voucher_period", "=", "2024-06")],
            order="jxc_voucher_no",
        )
        assert moves.mapped("jxc_voucher_no") == list(range(1, len(ids) - 1))
        assert moves.mapped("date") == sorted(moves.mapped("date"))


def test_numbered_anew_while_closed(client, database, odoo_env):
    """A closed month keeps its numbers: numbering came before, or is refused."""
    ids = _drafts(odoo_env, database, ["2022-01-20", "2022-01-10", "2022-01-05"])
    for id_ in ids:
        assert not _post(client, [id_])
    period_id = _period(odoo_env, database, "2022-01-31")
    methods = ["action_close", *["action_renumber"] * (CLIENTS - 1)]
    messages = at_once(
        CLIENTS, lambda number: _call(client, methods[number], period_id)
    )
    assert not messages[0]
    assert all("closed" in message for message in messages[1:] if message)
    with odoo_env(database) as env:
        moves = env["account.move"].browse(ids)
        assert sorted(moves.mapped("jxc_voucher_no")) == [1, 2, 3]
        period = env["jxc.finance.period"].browse(period_id)
        assert period.state == "closed"
        [closed] = [
            message.date
            for message in period.message_ids
            if "Closed by" in (message.body or "")
        ]
        # Nothing was numbered after the month was closed.
        later = [
            message
            for message in period.message_ids
            if "numbered anew" in (message.body or "") and message.date > closed
        ]
        assert not later


def test_one_of_many_reopens(client, database, odoo_env):
    """Of people who reopen a month together one does, and is in its log."""
    ids = _drafts(odoo_env, database, ["2022-02-10"])
    assert not _post(client, ids)
    period_id = _period(odoo_env, database, "2022-02-28")
    assert not _call(client, "action_close", period_id)
    messages = at_once(
        CLIENTS,
        lambda n: _call(client, "action_reopen", period_id, reason=f"Reason {n}"),
    )
    assert messages.count("") == 1
    assert all("not closed" in message for message in messages if message)
    with odoo_env(database) as env:
        period = env["jxc.finance.period"].browse(period_id)
        assert period.state == "open"
        log = [m.body for m in period.message_ids if "Reason" in (m.body or "")]
        assert len(log) == 1
        assert f"Reason {messages.index('')}" in log[0]
        assert str(period.company_id.jxc_closed_date) == "2022-01-31"


def test_reopened_while_the_next_is_closed(client, database, odoo_env):
    """Closed months have no open one before them."""
    periods = [_period(odoo_env, database, day) for day in ("2022-02-28", "2022-03-31")]
    for _turn in range(3):
        # February may be closed or open, as the last turn left it.
        _call(client, "action_close", periods[0])
        calls = [
            ("action_close", periods[1]),
            ("action_reopen", periods[0]),
        ]
        at_once(2, lambda number, calls=calls: _call(client, *calls[number]))
        with odoo_env(database) as env:
            first, second = env["jxc.finance.period"].browse(periods)
            assert (first.state, second.state) != ("open", "closed")
            if second.state == "closed":
                second.action_reopen("again")


def test_companies_do_not_wait_for_each_other(client, database, odoo_env, second):
    """Two companies close the same month at the same moment."""
    with odoo_env(database) as env:
        companies = env["res.company"].search([("chart_template", "=", "cn")])
        assert second in companies.ids
        own, company = companies[:2]
        periods = [
            env["jxc.finance.period"]._get_or_create(one, "2022-03-31").id
            for one in (own, company)
        ]
        first = env["jxc.finance.period"].browse(periods[0])
        before = env["jxc.finance.period"]._get_or_create(own, "2022-02-28")
        if before.state == "open":
            before.action_close()
        if first.state == "closed":
            first.action_reopen("again")
        ids = (own + company).ids
    context = {"allowed_company_ids": ids}
    messages = at_once(
        2,
        lambda number: _call(client, "action_close", periods[number], context=context),
    )
    assert messages == ["", ""]
    with odoo_env(database) as env:
        found = env["jxc.finance.period"].browse(periods)
        assert found.mapped("state") == ["closed", "closed"]
        closed = found.company_id.mapped("jxc_closed_date")
        assert {str(date) for date in closed} == {"2022-03-31"}


def test_a_month_end_is_taken_once(client, database, odoo_env):
    """Of people who take a month-end together: one row, its entries booked once."""
    with odoo_env(database) as env:
        company = env.company
        env["jxc.finance.setup"].apply_defaults(company)
        company.jxc_books_stock = True
        vendor = env["res.partner"].create({"name": "Vendor"})
        with freeze_time("2026-01-05 04:00:00"):
            goods = env["product.product"].create(
                {"name": "Goods", "is_storable": True, "supplier_taxes_id": [(5,)]}
            )
            order = env["purchase.order"].create(
                {
                    "partner_id": vendor.id,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": goods.id,
                                "product_qty": 7,
                                "price_unit": 10,
                            },
                        )
                    ],
                }
            )
            order.button_confirm()
            move = order.picking_ids.move_ids
            move.quantity = 7
            move.picked = True
            move.picking_id.button_validate()
        company_id = company.id

    def take(_number):
        return _try(
            client,
            "jxc.stock.snapshot",
            "take",
            date="2026-01-31",
            company=company_id,
        )

    at_once(CLIENTS, take)
    with odoo_env(database) as env:
        [snapshot] = env["jxc.stock.snapshot"].search(
            [("company_id", "=", company_id), ("date", "=", "2026-01-31")]
        )
        assert snapshot.is_tied
        assert snapshot.stock_value == 70
        assert (snapshot.accrual_value, snapshot.accrual_balance) == (70, 70)
