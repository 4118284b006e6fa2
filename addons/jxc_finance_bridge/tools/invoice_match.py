# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Judge a bill line by its order and its receipt."""

from typing import NamedTuple


class Tolerances(NamedTuple):
    """What a bill may be off: the larger one of a percentage and an amount."""

    quantity_percent: float
    quantity_amount: float
    price_percent: float
    price_amount: float


def room(base, percent, amount):
    """How much a figure may be above its base.

    >>> room(200, 1, 0.5)
    2.0
    >>> room(20, 1, 0.5)
    0.5
    """
    return max(abs(base) * percent / 100, amount)


def judge(billed, available, bill_price, order_price, same_tax, tolerances):
    """State of a bill line: what is wrong first, else how much of it is covered.

    :param available: received and not billed by others
    :return: "tax", "missing" (nothing received), "quantity", "price", "partial" or
        "matched"

    >>> none = Tolerances(0, 0, 1, 0)
    >>> judge(10, 10, 5, 5, True, none)
    'matched'
    >>> judge(4, 10, 5, 5, True, none)
    'partial'
    >>> judge(11, 10, 5, 5, True, none)
    'quantity'
    >>> judge(11, 10, 5, 5, True, none._replace(quantity_percent=10))
    'matched'
    >>> judge(10, 0, 5, 5, True, none)
    'missing'
    >>> judge(10, 10, 5.06, 5, True, none)
    'price'
    >>> judge(10, 10, 5, 5, False, none)
    'tax'
    """
    if not same_tax:
        return "tax"
    most = available + room(
        available, tolerances.quantity_percent, tolerances.quantity_amount
    )
    if billed - most > 1e-6:
        return "quantity" if available > 1e-6 else "missing"
    off = abs(bill_price - order_price)
    if (
        off - room(order_price, tolerances.price_percent, tolerances.price_amount)
        > 1e-6
    ):
        return "price"
    return "partial" if available - billed > 1e-6 else "matched"
