#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How fast the orders of a shop come in, against plain Odoo making the same orders.

    python scripts/bench/channel_orders.py -c odoo.conf --plain DATABASE \
        --suite DATABASE

Needs two databases with the same company set-up: one with the platform's modules only,
one with jxc_sales as well. Both get products and orders; so give it copies.

In the second, orders go through jxc.sale.channel.import_orders, for a customer with a
credit account that blocks: numbers are looked for, skus mapped, addresses found or
made, the credit judged, totals compared. In the first, the same addresses and orders
are created and confirmed in batches of --batch by create and action_confirm, without
asking anything. Each call, of --call orders, is a transaction of its own up to the
commit; the two take turns, each in a process of its own. Reported: medians of wall and
of that process's CPU time and of queries per order, the ratio with jxc to without, and
orders per second.

With --paid, the orders come paid: a payment is posted for each, in both databases.
"""

import sys

from confirm import prepare
from frame import Apart, Database, compare, in_turn, parser_of_two, show

from odoo.fields import Command
from odoo.tools import split_every

MUCH = 1e9
PRICE = 12.5
QUANTITY = 2


class Side(Database):
    """One database, and how orders are made in it."""

    def __init__(self, database):
        super().__init__(database)
        with self.environment() as env:
            self.partner_id, self.product_ids = prepare(env)
            journals = env["account.journal"]
            self.journal_id = journals.search([("type", "=", "bank")], limit=1).id
            self.set_up(env)

    def set_up(self, env):
        """Make what the orders need."""

    def take(self, numbers, options):
        """Make these orders; return seconds, CPU seconds and queries of doing so."""
        return self.cost(lambda env: self.make(env, numbers, options))

    def products_of(self, number, lines):
        """Ids of the products of one order: others in each."""
        ids = self.product_ids
        return [ids[(number * lines + place) % len(ids)] for place in range(lines)]


class Plain(Side):
    """The platform's own methods."""

    def make(self, env, numbers, options):
        for batch in split_every(options.batch, numbers, list):
            addresses = env["res.partner"].create(
                [
                    {**buyer(number), "type": "delivery", "parent_id": self.partner_id}
                    for number in batch
                ]
            )
            orders = env["sale.order"].create(
                [
                    self.values(number, address, options.lines)
                    for number, address in zip(batch, addresses, strict=True)
                ]
            )
            orders.action_confirm()
            if options.paid:
                payments = env["account.payment"].create(
                    [
                        {
                            "payment_type": "inbound",
                            "partner_type": "customer",
                            "partner_id": self.partner_id,
                            "amount": order.amount_total,
                            "journal_id": self.journal_id,
                        }
                        for order in orders
                    ]
                )
                payments.action_post()

    def values(self, number, address, lines):
        return {
            "partner_id": self.partner_id,
            "partner_shipping_id": address.id,
            "client_order_ref": str(number),
            "order_line": [
                Command.create(
                    {
                        "product_id": product_id,
                        "product_uom_qty": QUANTITY,
                        "price_unit": PRICE,
                    }
                )
                for product_id in self.products_of(number, lines)
            ],
        }


class Suite(Side):
    """The channel."""

    def set_up(self, env):
        env["jxc.credit.account"].create(
            {"partner_id": self.partner_id, "credit_limit": MUCH}
        )
        products = [
            Command.create({"sku": f"SKU-{id_}", "product_id": id_})
            for id_ in self.product_ids
        ]
        channel = env["jxc.sale.channel"].create(
            {
                "name": "Bench",
                "code": f"BENCH{self.partner_id}",
                "partner_id": self.partner_id,
                "journal_id": self.journal_id,
                "product_ids": products,
            }
        )
        self.channel_id = channel.id

    def make(self, env, numbers, options):
        orders = [
            {
                "number": f"{number:08}",
                "buyer": buyer(number),
                "paid": QUANTITY * PRICE * options.lines if options.paid else 0,
                "lines": [
                    {"sku": f"SKU-{id_}", "quantity": QUANTITY, "price": PRICE}
                    for id_ in self.products_of(number, options.lines)
                ],
            }
            for number in numbers
        ]
        results = env["jxc.sale.channel"].browse(self.channel_id).import_orders(orders)
        wrong = [one for one in results if one["status"] != "created"]
        if wrong:
            raise SystemExit(f"{len(wrong)} orders are not confirmed: {wrong[0]}")


def buyer(number):
    """Who gets one order, and where."""
    return {
        "name": f"Buyer {number}",
        "phone": f"1380013{number:04}",
        "street": f"Wensan Road {number}",
        "city": "Hangzhou",
        "zip": "310012",
    }


def measure(sides, options):
    """Make the orders on each side, in turn, after a few to fill the caches."""
    for side in sides.values():
        side.call("take", range(options.orders, options.orders + 20), options)
    figures = {name: [] for name in sides}
    calls = split_every(options.call, range(options.orders), list)
    for call, numbers in enumerate(calls):
        for name, side in in_turn(sides, call):
            figure = side.call("take", numbers, options)
            figures[name].append([one / len(numbers) for one in figure])
    return summary(figures, options)


def summary(figures, options):
    result = {
        "orders": options.orders,
        "lines": options.lines,
        "call": options.call,
        "paid": options.paid,
    }
    result |= compare(figures)
    result["orders_per_second"] = {
        name: round(1000 / result["wall_ms"][name], 1) for name in figures
    }
    return result


def parse(argv):
    parser = parser_of_two(__doc__)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=3, help="lines per order")
    parser.add_argument("--call", type=int, default=200, help="orders of one call")
    parser.add_argument(
        "--batch", type=int, default=50, help="orders plain Odoo makes together"
    )
    parser.add_argument("--paid", action="store_true", help="the orders come paid")
    return parser.parse_args(argv)


def main(argv=None):
    options = parse(argv)
    with (
        Apart(options, Plain, options.plain) as plain,
        Apart(options, Suite, options.suite) as suite,
    ):
        show(options, measure({"plain": plain, "suite": suite}, options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
