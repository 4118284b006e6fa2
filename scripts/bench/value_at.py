#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Value stock in the middle of a month, from the last month-end on and from the start.

    python scripts/bench/value_at.py -c odoo.conf -d DATABASE [--lines N] [--json FILE]

Needs a database with jxc_finance_bridge that is there to be filled: the first run adds
5,000 products and N done operations (100,000 when left out) over two years, as
ledger.py does. Then the month-end before the last one is taken, which is rolled back at
the end, and the goods are valued ten days later:

take       taking the month-end, all of it
follow     the values of that day, going on from the month-end
whole      the same without it, from the first operation on
shown_…    the platform's own report of that day, with and without the month-end
plain      one GROUP BY over the operations until then

Exit status 1 when both ways say something else, or the first is not the faster one.
"""

import sys
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from frame import environment, parse, show, timed
from ledger_data import MARK, Builder

from odoo import fields
from odoo.tools import SQL


def set_up(env):
    """A company that books at movement."""
    env["jxc.finance.setup"].apply_defaults(env.company)
    env.company.jxc_books_stock = True
    return env["product.product"].search([("default_code", "=like", f"{MARK}-%")])


def measure(env, figures, goods, moment, name):
    """Value the goods both ways; return their values by product."""
    env.invalidate_all()
    seconds, values = timed(lambda: goods._jxc_values_at(env.company, moment))
    figures[name] = round(seconds, 3)
    env.invalidate_all()
    dated = goods.with_context(to_date=moment)
    seconds, _values = timed(lambda: dated.mapped("total_value"))
    figures[f"shown_{name}"] = round(seconds, 3)
    return {product.id: value for product, (_quantity, value) in values.items()}


def main():
    options = parse(__doc__, lines=100_000)
    figures = {}
    with environment(options, lang="en_US") as env:
        Builder(env, options.lines).build()
        goods = set_up(env)
        figures["products"] = len(goods)
        figures["moves"] = env["stock.move"].search_count(
            [("product_id", "in", goods.ids)]
        )
        day = fields.Date.today() - relativedelta(months=1, day=1) - timedelta(days=1)
        snapshots = env["jxc.stock.snapshot"].sudo()
        seconds, snapshot = timed(lambda: snapshots._take(env.company, day))
        figures["take"] = round(seconds, 3)
        figures["pools"] = len(snapshot.line_ids.filtered("has_pool"))
        moment = fields.Datetime.to_datetime(day) + timedelta(days=10, hours=12)
        seconds, _rows = timed(
            lambda: env.execute_query(
                SQL(
                    "SELECT product_id, SUM(value) FROM stock_move"
                    " WHERE date <= %s AND (is_in OR is_out) GROUP BY 1",
                    moment,
                )
            )
        )
        figures["plain"] = round(seconds, 3)
        follow = measure(env, figures, goods, moment, "follow")
        snapshot.line_ids.has_pool = False
        whole = measure(env, figures, goods, moment, "whole")
        figures["differing"] = sum(follow[id_] != whole[id_] for id_ in whole)
    show(options, figures)
    return 1 if figures["differing"] or figures["follow"] > figures["whole"] else 0


if __name__ == "__main__":
    sys.exit(main())
