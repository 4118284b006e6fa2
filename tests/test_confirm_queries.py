# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Every query of confirming a purchase order, with all addons and without."""

from collections import Counter
from datetime import date, timedelta

import pytest

from asked import by_table, counted

LINES = (1, 10, 100)
#: What budgets, tiers, duplicates, vendors and requests ask on top, at any size.
MOST = 20
#: Of one budget line: a busy year.
ENTRIES = 100_000


def queries(odoo_env, database, prepare=None):
    """Return ``{lines: texts}`` of confirming an order of so many products."""
    found = {}
    with odoo_env(database) as env:
        vendor = env["res.partner"].create({"name": "Bench"})
        products = env["product.product"].create(
            [{"name": f"Bench {one}", "is_storable": True} for one in range(max(LINES))]
        )
        if prepare:
            prepare(env, vendor)
        ids = vendor.id, products.ids
    for number in (LINES[0], *LINES):
        with odoo_env(database) as env:
            order = env["purchase.order"].create(
                {
                    "partner_id": ids[0],
                    "order_line": [
                        (0, 0, {"product_id": one, "product_qty": 1, "price_unit": 10})
                        for one in ids[1][:number]
                    ],
                }
            )
        with odoo_env(database) as env:
            order = env["purchase.order"].browse(order.id)
            with counted() as texts:
                order.button_confirm()
                env.flush_all()
            assert order.state == "purchase"
            # The first order of a process fills its caches: counted again.
            found[number] = texts
    return found


def limit(env, vendor):
    """A budget that blocks, and is ample."""
    budget = env["jxc.purchase.budget"].create(
        {
            "name": "Bench",
            "date_from": date.today() - timedelta(days=30),
            "date_to": date.today() + timedelta(days=30),
            "line_ids": [(0, 0, {"partner_id": vendor.id, "amount_planned": 1e9})],
        }
    )
    budget.action_confirm()


def limit_with_history(env, vendor):
    """The same, after 100,000 entries of its line, folded as the nightly job does."""
    limit(env, vendor)
    line = env["jxc.purchase.budget.line"].search([("partner_id", "=", vendor.id)])
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO jxc_budget_entry (line_id, budget_id, company_id, stage, amount,
                                      date, res_model, res_id, res_line_id, partner_id)
             SELECT %s, %s, %s, 'committed', number %% 7, %s,
                    'purchase.order', -number, -number, %s
               FROM generate_series(1, %s) AS number
        """,
        [
            line.id,
            line.budget_id.id,
            line.company_id.id,
            date.today(),
            vendor.id,
            ENTRIES,
        ],
    )
    env["jxc.budget.balance"]._fold(env["jxc.budget.entry"].search([], limit=1).id)
    line.invalidate_recordset()
    assert line.amount_committed == sum(one % 7 for one in range(1, ENTRIES + 1))


@pytest.fixture(scope="module")
def counts(make_database, template, platform_template, odoo_env):
    """``{lines: (texts of plain Odoo, texts of the suite)}``."""
    with make_database(platform_template) as name:
        plain = queries(odoo_env, name)
    with make_database(template) as name:
        suite = queries(odoo_env, name, limit)
    return {number: (plain[number], suite[number]) for number in LINES}


def test_no_more_than_plain_odoo_at_any_size(counts):
    """All statements: what is asked on top does not grow with the lines."""
    extra = {
        number: len(suite) - len(plain) for number, (plain, suite) in counts.items()
    }
    assert max(extra.values()) <= MOST, extra
    assert extra[100] <= extra[10] <= extra[1], extra


def test_extra_queries_are_few_and_constant(counts):
    """Table by table, so that what is saved elsewhere hides nothing."""
    extra = {
        number: by_table(suite) - by_table(plain)
        for number, (plain, suite) in counts.items()
    }
    assert extra[10].total() <= MOST, extra[10]
    assert extra[100] == extra[10], (extra[10], extra[100])
    assert extra[1].total() <= extra[10].total(), (extra[1], extra[10])


def test_the_ledger_may_be_long(make_database, template, odoo_env, counts):
    """100,000 entries of the budget line ask for no query more."""
    with make_database(template) as name:
        long = queries(odoo_env, name, limit_with_history)
    for number, texts in long.items():
        _plain, suite = counts[number]
        assert by_table(texts) - by_table(suite) == Counter(), number
