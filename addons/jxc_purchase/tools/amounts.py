# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Arithmetic of budget amounts. Plain functions, no database."""


def open_ratio(ordered, billed):
    """Return which part of an ordered quantity is not billed yet, from 0.0 to 1.0.

    Billing more than was ordered leaves nothing open; refunding more than was billed
    cannot open more than was ordered. Works for negative order lines as well.

    >>> open_ratio(10, 4)
    0.6
    >>> open_ratio(10, 12), open_ratio(10, -3), open_ratio(-5, -5), open_ratio(0, 1)
    (0.0, 1.0, 0.0, 0.0)
    """
    if not ordered:
        return 0.0
    return max(0.0, min((ordered - billed) / ordered, 1.0))


def split_amount(amount, percents, round_amount):
    """Return ``amount`` in parts by percent; the rounded parts add up to it exactly.

    >>> split_amount(100.0, [33.33, 33.33, 33.34], lambda value: round(value, 2))
    [33.33, 33.33, 33.34]
    >>> split_amount(0.05, [50.0, 50.0], lambda value: round(value, 2))
    [0.03, 0.02]
    """
    parts = []
    reached = 0.0
    percent_reached = 0.0
    for percent in percents:
        percent_reached += percent
        until = round_amount(amount * percent_reached / 100.0)
        parts.append(round_amount(until - reached))
        reached = until
    return parts
