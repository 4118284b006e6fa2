#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What the checks of jxc add to confirming orders, against plain Odoo.

    python scripts/bench/confirm.py -c odoo.conf --plain DATABASE --suite DATABASE

Needs two databases with the same company set-up: one with the platform's modules only,
one with jxc_purchase and jxc_sales as well. Both get products, orders and, in the
second, a budget and a credit account that block; so give it copies.

The same order is confirmed in both in turn (A B B A), each in a transaction of its own
up to the commit, and each side in a process of its own, as workers are. Reported per
document kind and number of lines: medians of wall and of that process's CPU time,
queries (the gate's own included), and the ratio with jxc to without.

With --run, each side confirms so many orders in a row, as a busy worker does. One at a
time, whoever had the turn before has used the processor's caches: the larger program
pays more for that than its own work costs.

With --history, the customer has so many past orders already, delivered and invoiced,
every second one paid, in both databases.

With --entries, the budget line has a ledger of so many entries already, folded like the
hourly job folds it, but for the last thousand.

Exit status 1 when the wall time of any of them is more than 1.1 times that of plain
Odoo, by the medians.
"""

import sys
from datetime import date, timedelta

from frame import Apart, Database, compare, in_turn, parser_of_two, show
from history import SalesHistory
from rows import commit_and_analyze

ALLOWED = 1.10
MUCH = 1e9
CONFIRM = {"sale.order": "action_confirm", "purchase.order": "button_confirm"}
QUANTITY = {"sale.order": "product_uom_qty", "purchase.order": "product_qty"}


class Side(Database):
    """One database and the documents that are measured in it."""

    def __init__(self, database, controlled, entries=0, history=0):
        super().__init__(database)
        with self.environment() as env:
            self.partner_id, self.product_ids = prepare(env)
            if history:
                add_history(env, self.partner_id, self.product_ids, history)
            if controlled:
                budget = set_limits(env, self.partner_id)
                add_entries(budget.line_ids, entries)

    def draft(self, model, lines):
        """Create an order to confirm; return its id."""
        with self.environment() as env:
            quantity = QUANTITY[model]
            order = env[model].create(
                {
                    "partner_id": self.partner_id,
                    "order_line": [
                        (0, 0, {"product_id": id_, quantity: 1, "price_unit": 10.0})
                        for id_ in self.product_ids[:lines]
                    ],
                }
            )
            return order.id

    def confirm(self, model, order_id):
        """Confirm the order; return seconds, CPU seconds and queries of doing so."""
        return self.cost(
            lambda env: getattr(env[model].browse(order_id), CONFIRM[model])()
        )

    def cost_of_one(self, model, lines):
        """Create an order and return what it costs to confirm it."""
        return self.confirm(model, self.draft(model, lines))


def prepare(env):
    """Create a partner and a hundred products in stock."""
    partner = env["res.partner"].create({"name": "Bench", "is_company": True})
    products = env["product.product"].create(
        [
            {"name": f"Bench {number}", "is_storable": True, "standard_price": 5.0}
            for number in range(100)
        ]
    )
    shelf = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, shelf, 1e6)
    return partner.id, products.ids


def add_history(env, partner_id, product_ids, orders):
    """Give the customer past orders of ten lines each."""
    partner = env["res.partner"].browse(partner_id)
    products = env["product.product"].browse(product_ids)
    SalesHistory(env, partner, products, orders).build()
    commit_and_analyze(env)


def set_limits(env, partner_id):
    """Give the partner a credit account and a budget, both blocking, both ample."""
    if "jxc.credit.account" in env:
        credit = {"partner_id": partner_id, "credit_limit": MUCH}
        env["jxc.credit.account"].create(credit)
    line = {"partner_id": partner_id, "amount_planned": MUCH, "control": "block"}
    budget = env["jxc.purchase.budget"].create(
        {
            "name": f"Bench {partner_id}",
            "date_from": date.today() - timedelta(days=30),
            "date_to": date.today() + timedelta(days=30),
            "line_ids": [(0, 0, line)],
        }
    )
    budget.action_confirm()
    return budget


def add_entries(line, entries, fresh=1000):
    """Give a budget line a long ledger; all but its last entries are folded."""
    env = line.env
    row = dict.fromkeys(
        ("purchase_line_id", "partner_id", "product_id", "category_id"), None
    )
    row |= {
        "line_id": line.id,
        "company_id": line.company_id.id,
        "stage": "committed",
        "res_model": "purchase.order",
        "res_id": -1,
        "analytic_account_id": None,
        "date": date.today(),
    }
    for start in range(0, entries, 10_000):
        env["jxc.budget.entry"]._append(
            [
                {
                    **row,
                    "res_line_id": -1 - number,
                    "amount": 1.0 if number % 2 else -1.0,
                }
                for number in range(start, min(start + 10_000, entries))
            ]
        )
    if entries:
        last = max(env["jxc.budget.entry"].search([], limit=1).ids)
        env["jxc.budget.balance"]._fold(last - fresh)


def measure(sides, model, lines, pairs, run=1):
    """Confirm ``pairs`` orders of so many lines on each side, in turns of ``run``."""
    figures = {name: [] for name in sides}
    for number in range(-(-pairs // run) + 2):
        for name, side in in_turn(sides, number):
            turn = [side.call("cost_of_one", model, lines) for _one in range(run)]
            if number >= 2:  # the first ones fill caches and open connections
                figures[name] += turn
    return {"pairs": len(figures["plain"]), **compare(figures)}


def parse(argv):
    parser = parser_of_two(__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument(
        "--lines", type=int, nargs="+", default=[1, 10, 100], help="lines per order"
    )
    parser.add_argument("--run", type=int, default=1, help="orders in one turn")
    parser.add_argument(
        "--entries",
        type=int,
        default=0,
        help="entries on the budget line to begin with",
    )
    parser.add_argument(
        "--history",
        type=int,
        default=0,
        help="past orders of the customer to begin with",
    )
    parser.add_argument("--models", nargs="+", choices=CONFIRM, default=list(CONFIRM))
    return parser.parse_args(argv)


def main(argv=None):
    options = parse(argv)
    history, entries = options.history, options.entries
    with (
        Apart(options, Side, options.plain, False, history=history) as plain,
        Apart(options, Side, options.suite, True, entries, history) as suite,
    ):
        sides = {"plain": plain, "suite": suite}
        report = {
            model: {
                lines: measure(sides, model, lines, options.pairs, options.run)
                for lines in options.lines
            }
            for model in options.models
        }
    show(options, report)
    return 1 if is_too_slow(report) else 0


def is_too_slow(report):
    """Whether any document with any number of lines takes longer than allowed.

    >>> fast, slow = ({"wall_ms": {"ratio": ratio}} for ratio in (1.1, 1.101))
    >>> is_too_slow({"sale.order": {1: fast}}), is_too_slow({"sale.order": {1: slow}})
    (False, True)
    """
    return any(
        figures["wall_ms"]["ratio"] > ALLOWED
        for by_lines in report.values()
        for figures in by_lines.values()
    )


if __name__ == "__main__":
    sys.exit(main())
