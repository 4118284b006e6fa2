#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Send the orders of a shop to jxc, and have it told what can be sold.

An example to start from: Python's standard library only, Odoo's JSON-2 interface.

    channel_client.py --url https://erp.example.com --database jxc --channel FS FILE
    channel_client.py --url https://erp.example.com --database jxc --channel FS --stock

The API key (My Preferences > Security > Add API Key) is taken from JXC_API_KEY;
its user needs the right to all sales orders, and the right to import payments of shops:
without it, what buyers paid is noted on the orders and not booked. FILE holds a list
of orders in JSON; see the method ``import_orders`` of ``jxc.sale.channel`` for them.

Send as often as you like: an order that is there already is answered with "exists". So
after a lost connection, just send the same orders again.

With --stock, the levels of all products of the channel are printed; they are posted to
the channel's address as well, if it has one. --company is needed when two companies
have a channel of the same code.

Exit status: 0 all orders are in and confirmed, 1 some are not, 2 wrong usage or no
answer.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request

MOST = 1000  # orders in one call


class Jxc:
    """A connection to one database.

    :param str url: address of the Odoo server
    :param str database: name of the database
    :param str key: API key
    """

    def __init__(self, url, database, key):
        self._url = url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": database,
        }

    def call(self, model, method, **arguments):
        """Call a method of a model and return its answer.

        :raise SystemExit: with the server's message, exit status 2
        """
        request = urllib.request.Request(
            f"{self._url}/json/2/{model}/{method}",
            data=json.dumps(arguments).encode(),
            headers=self._headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            body = error.read().decode(errors="replace")
            try:
                message = json.loads(body)["message"]
            except (ValueError, KeyError):
                message = body[:200]
            fail(f"{error.code}: {message}")
        except OSError as error:
            fail(f"{self._url}: {error}")


def fail(message):
    """Say what is wrong and end."""
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(2)


def send(jxc, channel_id, orders):
    """Send orders in parts; print what became of each; return how many need a look."""
    open_ones = 0
    for start in range(0, len(orders), MOST):
        results = jxc.call(
            "jxc.sale.channel",
            "import_orders",
            ids=[channel_id],
            orders=orders[start : start + MOST],
        )
        for result in results:
            reasons = "; ".join(result["problems"])
            print(result["number"], result["status"], result["order"] or "-", reasons)
            is_in = result["status"] in ("created", "exists")
            open_ones += not is_in or bool(reasons)
    return open_ones


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--channel", required=True, help="code of the sales channel")
    parser.add_argument("--company", type=int, help="number of the channel's company")
    parser.add_argument(
        "--stock", action="store_true", help="print stock levels, and tell the shop"
    )
    parser.add_argument("orders", nargs="?", help="JSON file with a list of orders")
    chosen = parser.parse_args()
    if bool(chosen.orders) == chosen.stock:
        parser.error("give a file with orders, or --stock")
    key = os.environ.get("JXC_API_KEY")
    if not key:
        fail("set JXC_API_KEY to an API key")
    jxc = Jxc(chosen.url, chosen.database, key)
    domain = [["code", "=", chosen.channel]]
    if chosen.company:
        domain.append(["company_id", "=", chosen.company])
    channels = jxc.call("jxc.sale.channel", "search", domain=domain)
    if len(channels) != 1:
        fail(f"{len(channels)} sales channels {chosen.channel}; see --company")
    if chosen.stock:
        levels = jxc.call("jxc.sale.channel", "push_stock", ids=channels, full=True)
        for level in levels:
            print(level["sku"], level["quantity"])
        return 0
    with open(chosen.orders, encoding="utf-8") as file:
        orders = json.load(file)
    return 1 if send(jxc, channels[0], orders) else 0


if __name__ == "__main__":
    sys.exit(main())
