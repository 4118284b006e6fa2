# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What is open between goods and invoices of one order line.

Pure arithmetic on the documents of a line; quantities in the product's unit, values in
the company's currency, not rounded.
"""

from datetime import date
from typing import NamedTuple


class Event(NamedTuple):
    """One document of an order line.

    :param kind: "in" or "out" for goods, "invoice" for bills and invoices (refunds have
        negative quantity and value), "cost" for cost that the platform booked itself
    """

    date: date
    kind: str
    quantity: float
    value: float


class Received(NamedTuple):
    """Purchase side: ``accrued`` is owed to the vendor without a bill (negative: goods
    went back and the refund is missing), ``transit`` was billed and has not come."""

    quantity: float
    accrued: float
    transit: float


class Delivered(NamedTuple):
    """Sales side: what left the stock, and what of it is cost of goods sold. The rest
    is goods shipped and not invoiced (negative: came back, the refund is missing)."""

    quantity: float
    left: float
    cost: float


def until(events, cut):
    """Events up to a day; all of them without one."""
    return [event for event in events if cut is None or event.date <= cut]


def _sums(events, kind):
    chosen = [event for event in events if event.kind == kind]
    return (
        sum(event.quantity for event in chosen),
        sum(event.value for event in chosen),
    )


def received_open(events, is_zero=lambda quantity: abs(quantity) < 1e-9):
    """What a purchase line leaves open.

    Received without a bill counts at the price of the order, billed without goods at
    the price of the bills.

    >>> day = date(2026, 1, 31)
    >>> received_open([Event(day, "in", 200, 12400), Event(day, "invoice", 80, 5040)])
    Received(quantity=120, accrued=7440.0, transit=0.0)
    >>> received_open([Event(day, "invoice", 10, 120)])
    Received(quantity=-10, accrued=0.0, transit=120.0)
    >>> received_open([Event(day, "in", 10, 100), Event(day, "invoice", 10, 120),
    ...                Event(day, "out", 4, 0)])
    Received(quantity=-4, accrued=-48.0, transit=0.0)
    """
    came, came_value = _sums(events, "in")
    returned, _value = _sums(events, "out")
    billed, billed_value = _sums(events, "invoice")
    quantity = came - returned - billed
    if is_zero(quantity):
        return Received(0.0, 0.0, 0.0)
    ordered_price = came_value / came if came else 0.0
    if quantity > 0:
        return Received(quantity, quantity * ordered_price, 0.0)
    price = billed_value / billed if billed > 0 else ordered_price
    back = min(returned, -quantity)
    transit = (-quantity - back) * price
    return Received(quantity, -back * price, 0.0 if is_zero(transit) else transit)


def delivered_open(events, is_zero=lambda quantity: abs(quantity) < 1e-9):
    """What a sales line has taken out of stock, and what of it is cost.

    Cost needs both, goods and invoice. Goods that came back stay cost until the refund.

    >>> day = date(2026, 1, 31)
    >>> delivered_open([Event(day, "out", 100, 6000), Event(day, "invoice", 40, 0)])
    Delivered(quantity=60, left=6000, cost=2400.0)
    >>> delivered_open([Event(day, "invoice", 100, 0)])
    Delivered(quantity=0.0, left=0, cost=0)
    >>> delivered_open([Event(day, "out", 10, 600), Event(day, "invoice", 10, 0),
    ...                Event(day, "in", 4, 240)])
    Delivered(quantity=-4, left=360, cost=600.0)
    """
    gone, gone_value = _sums(events, "out")
    back, back_value = _sums(events, "in")
    invoiced, _value = _sums(events, "invoice")
    left, quantity = gone_value - back_value, gone - back
    counted = min(max(invoiced, 0.0), gone)
    rest = quantity - counted
    if is_zero(rest):
        return Delivered(0.0, left, left)
    if rest > 0:
        return Delivered(rest, left, left * counted / quantity)
    price = back_value / back if back else 0.0
    return Delivered(rest, left, left - rest * price)
