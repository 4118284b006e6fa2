# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What is open between goods and invoices of one order line.

Pure arithmetic on the documents of a line; quantities in the product's unit, values in
the company's currency, not rounded.
"""

from datetime import date
from math import isclose
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


class Billed(NamedTuple):
    """What goods of a purchase line cost by their bills, and how many are still paid
    for. ``price`` is of one unit, None as long as no bill says it."""

    price: float | None
    quantity: float


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


def billed(events):
    """What the bills of a purchase line say about the price of its goods.

    A refund of goods that went back does not change what the others cost, whatever its
    price: what it is less than they cost is lost, not cost of those that stay. Refunds
    of goods that stay correct their price. A refund of just what a bill says cancels
    that bill.

    >>> day = date(2026, 1, 31)
    >>> bill = Event(day, "invoice", 10, 120)
    >>> back = Event(day, "out", 4, 0)
    >>> billed([bill, back, Event(day, "invoice", -4, -40)])
    Billed(price=12.0, quantity=6)
    >>> billed([bill, Event(day, "invoice", -4, -40)])
    Billed(price=13.333333333333334, quantity=6)
    >>> billed([bill, Event(day, "invoice", -10, -120), Event(day, "invoice", 6, 66)])
    Billed(price=11.0, quantity=6)
    """
    papers = [event for event in events if event.kind == "invoice"]
    bills = [event for event in papers if event.quantity > 0]
    refunds = []
    for refund in (event for event in papers if event.quantity < 0):
        same = [
            bill
            for bill in bills
            if isclose(bill.quantity, -refund.quantity, abs_tol=1e-9)
            and isclose(bill.value, -refund.value, abs_tol=1e-6)
        ]
        if same:
            bills.remove(same[0])
        else:
            refunds.append(refund)
    quantity, value = _sums(bills, "invoice")
    refunded, refunded_value = _sums(refunds, "invoice")
    refunded = -refunded
    returned, _value = _sums(events, "out")
    of_returned = min(refunded, returned)
    if refunded > of_returned:
        corrected = refunded - of_returned
        quantity -= corrected
        value += refunded_value * corrected / refunded
    price = value / quantity if quantity > 1e-9 else None
    return Billed(price, quantity - of_returned)


def covered_share(receipts, paid):
    """Which part of each receipt counts at the price of the bills.

    Bills cover what is left of receipts, the first ones first; what was sent back
    counts like what is left of its receipt, so that it takes along its own share.

    :param receipts: (quantity, returned quantity) of each receipt, oldest first
    :param paid: quantity that bills cover
    :return: shares from 0 to 1, in the order of the receipts

    >>> covered_share([(10, 4)], 6)
    [1.0]
    >>> covered_share([(5, 3), (5, 0)], 5)
    [1.0, 0.6]
    """
    shares = []
    for quantity, returned in receipts:
        left = quantity - returned
        covered = min(left, max(paid, 0.0))
        paid -= covered
        # of what went back as a whole, nothing is left to take it from
        shares.append(covered / left if left > 1e-9 else 1.0)
    return shares


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
    invoiced, _value = _sums(events, "invoice")
    quantity = came - returned - invoiced
    if is_zero(quantity):
        return Received(0.0, 0.0, 0.0)
    ordered_price = came_value / came if came else 0.0
    if quantity > 0:
        return Received(quantity, quantity * ordered_price, 0.0)
    price = billed(events).price
    if price is None:
        price = ordered_price
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
