# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The customers of a year of trade: their classes, worked out once more by hand."""

import csv
from bisect import bisect_right
from collections import defaultdict
from pathlib import Path

import pytz
from dateutil.relativedelta import relativedelta

SOURCE = Path(__file__).parents[1] / "demo" / "northwind" / "data"
#: of the customers of the source, those with orders; the others never bought
CUSTOMERS, BUYERS = 91, 89


def _read(table):
    with open(SOURCE / f"{table}.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _figures(env, day):
    """``{customer: (first day, last day, orders, revenue of twelve months)}``."""
    company = env.company
    zone = pytz.timezone(company._jxc_timezone())
    start = day - relativedelta(months=12)
    bought = defaultdict(list)
    for order in env["sale.order"].search(
        [("company_id", "=", company.id), ("state", "=", "sale")]
    ):
        when = pytz.utc.localize(order.date_order).astimezone(zone).date()
        if when <= day:
            amount = order.amount_untaxed / (order.currency_rate or 1)
            bought[order.partner_id.commercial_partner_id].append((when, amount))
    return {
        customer: (
            min(orders)[0],
            max(orders)[0],
            sum(when > start for when, _amount in orders),
            round(sum(amount for when, amount in orders if when > start), 2),
        )
        for customer, orders in bought.items()
    }


def _expected(company, figures, day):
    """``{customer: (class, life cycle, RFM)}`` by the thresholds of the company."""
    total = sum(max(revenue, 0) for *_dates, revenue in figures.values())
    expected = {}
    for customer, (first, last, orders, revenue) in figures.items():
        better = sum(r for *_dates, r in figures.values() if r > revenue)
        if revenue > 0 and better * 100 < total * company.jxc_class_a_percent:
            abc = "a"
        elif revenue > 0 and better * 100 < total * company.jxc_class_b_percent:
            abc = "b"
        else:
            abc = "c"
        idle = (day - last).days
        if (day - first).days <= company.jxc_new_days:
            cycle = "new"
        elif idle <= company.jxc_active_days:
            cycle = "active"
        else:
            cycle = "sleeping" if idle <= company.jxc_lost_days else "lost"
        steps = {
            name: company._get_jxc_steps(f"jxc_{name}_steps")
            for name in ("recency", "frequency", "monetary")
        }
        recency = 5 - sum(idle > step for step in steps["recency"])
        frequency = 1 + bisect_right(steps["frequency"], orders)
        monetary = 1 + bisect_right(steps["monetary"], revenue)
        expected[customer] = (abc, cycle, f"{recency}{frequency}{monetary}")
    return expected


def test_classes(northwind_database, odoo_env):
    """RFM, ABC and life cycle of every customer, from nothing but the orders."""
    with odoo_env(northwind_database, "admin") as env:
        rows = env["jxc.customer.class"].search(
            [("company_id", "=", env.company.id), ("last_order_date", "!=", False)]
        )
        days = {r.last_order_date + relativedelta(days=r.recency_days) for r in rows}
        assert len(days) == 1
        [day] = days
        figures = _figures(env, day)
        assert len(figures) == BUYERS
        expected = _expected(env.company, figures, day)
        found = {r.partner_id: (r.abc, r.life_cycle, r.rfm_score) for r in rows}
        assert found == expected
        # the classes tell customers apart
        assert {abc for abc, _cycle, _rfm in found.values()} == {"a", "b", "c"}
        assert len({rfm for _abc, _cycle, rfm in found.values()}) > 10


def test_who_never_bought(northwind_database, odoo_env):
    """Two of the 91 have no order: potential, without class, score and figures."""
    customers, buyers = (
        {row["customer_id"] for row in _read(table)}
        for table in ("customers", "orders")
    )
    assert (len(customers), len(buyers)) == (CUSTOMERS, BUYERS)
    with odoo_env(northwind_database, "admin") as env:
        rows = env["jxc.customer.class"].search([("company_id", "=", env.company.id)])
        assert set(rows.partner_id.mapped("ref")) == customers
        idle = rows.filtered(lambda row: not row.last_order_date)
        assert set(idle.partner_id.mapped("ref")) == customers - buyers
        for row in idle:
            found = (row.life_cycle, row.abc, row.rfm_score)
            assert found == ("potential", False, False)
            assert (row.frequency, row.monetary) == (0, 0)
            assert row.partner_id.jxc_life_cycle == "potential"
            card = row.partner_id.with_context(lang="en_US").jxc_get_overview()[0]
            lines = {line["label"]: line["value"] for line in card["lines"]}
            assert lines["Life Cycle"] == "Potential"
            assert not {"Class", "RFM"} & lines.keys()


def test_segments_and_view(northwind_database, odoo_env):
    """A segment finds what the list of classes shows; the view tells of all kinds."""
    with odoo_env(northwind_database, "admin") as env:
        rows = env["jxc.customer.class"].search(
            [("company_id", "=", env.company.id), ("abc", "=", "a")]
        )
        segment = env["jxc.customer.segment"].create({"name": "A", "class_a": True})
        assert segment._get_partners() == rows.partner_id.sorted()
        assert segment.partner_count == len(rows)
        customer = rows[0].partner_id
        timeline = customer.jxc_get_timeline(limit=100)
        kinds = {entry["kind"] for entry in timeline["entries"]}
        assert {"order", "delivery", "invoice"} <= kinds
        orders = customer.jxc_get_timeline(limit=100, kinds=["order"])["entries"]
        assert len(orders) == env["sale.order"].search_count(
            [("partner_id", "child_of", customer.id)], limit=100
        )
        env.cr.rollback()


def test_duplicates(northwind_database, odoo_env):
    """Names of real companies hardly look alike; one entered twice does."""
    with odoo_env(northwind_database, "admin") as env:
        pairs = env["jxc.partner.duplicate"].sudo()
        before = pairs._scan()
        assert len(before) < 10
        customer = env["jxc.customer.class"].search([], limit=1).partner_id
        twin = customer.copy({"name": f" {customer.name} (有限公司)"})
        found = pairs._scan(twin)
        assert customer in found.partner_id | found.other_id
        env.cr.rollback()
