# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What stock was worth at some moments, told from its history.

The platform keeps the value of each move and the cost of today, but no balances. These
functions run through the history of one product by the platform's own rules and note
what is left at each cut. They know nothing of databases.
"""

from typing import NamedTuple

from odoo.addons.jxc_base.tools.moving_average import MovingAverage


class Event(NamedTuple):
    """One thing that changed the value of a product.

    :param date: comparable with the cuts
    :param kind: "price" (revaluation, ``value`` is the new cost of one), "in", "out" or
        "dropship" (in and straight out)
    :param quantity: in the product's unit
    :param value: of the whole receipt
    """

    date: object
    kind: str
    quantity: float
    value: float


def average_values(events, cuts):
    """Values at average cost just before each cut.

    :param events: Events in their order; a price comes before moves of its moment
    :param cuts: ascending
    :return: list of values, one a cut

    >>> history = [Event(1, "in", 10, 100.0), Event(3, "out", 5, 0.0)]
    >>> average_values(history, [1, 2, 3, 4])
    [0.0, 100.0, 100.0, 50.0]
    >>> average_values([*history, Event(5, "price", 0, 12.0)], [5, 6])
    [50.0, 60.0]

    What is received into negative stock sets the cost anew:

    >>> average_values([Event(1, "out", 5, 0), Event(2, "in", 8, 24.0)], [3])
    [9.0]
    """
    result, cuts, stock = [], list(cuts), MovingAverage()
    for event in events:
        while len(result) < len(cuts) and event.date >= cuts[len(result)]:
            result.append(stock.value)
        if event.kind == "price":
            stock.reprice(event.value)
        if event.kind in ("in", "dropship"):
            stock.receive(event.quantity, event.value)
        if event.kind in ("out", "dropship"):
            stock.issue(event.quantity)
    return result + [stock.value] * (len(cuts) - len(result))


def fifo_value(receipts, quantity, cost):
    """Value of a stock whose last receipts are still there.

    :param receipts: (quantity, value) pairs, newest first
    :param quantity: what is there
    :param cost: of one, when nothing was ever received

    >>> fifo_value([(10, 30.0), (10, 20.0)], 15, 0)
    40.0
    >>> fifo_value([(10, 30.0)], 12, 0)
    36.0
    >>> fifo_value([(10, 30.0)], -2, 9)
    -6.0
    """
    price, value, left = cost, 0.0, quantity
    for index, (received, worth) in enumerate(receipts):
        if not received:
            continue
        if left <= 0 and index:
            break
        price = worth / received
        taken = min(received, left)
        value += price * taken
        left -= taken
        if left <= 0:
            break
    return value + price * left


def fifo_at(history, cut):
    """FIFO value just before a moment.

    :param history: Events but prices, in their order

    >>> history = [Event(1, "in", 10, 20.0), Event(2, "in", 10, 30.0)]
    >>> fifo_at([*history, Event(3, "out", 15, 35.0)], 3)
    50.0
    >>> fifo_at([*history, Event(3, "out", 15, 35.0)], 4)
    15.0
    """
    moves = [event for event in history if event.date < cut]
    signs = {"in": 1, "out": -1, "dropship": 0}
    quantity = sum(signs[event.kind] * event.quantity for event in moves)
    receipts = [(m.quantity, m.value) for m in reversed(moves) if m.kind == "in"]
    issues = [m.value / m.quantity for m in moves if m.kind == "out" and m.quantity]
    # issued before anything was received: at what the platform took for its cost
    return fifo_value(receipts, quantity, issues[-1] if issues else 0.0)
