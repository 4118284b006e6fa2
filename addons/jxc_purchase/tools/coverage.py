# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How the quantity of one order line is shared by the requests behind it."""

from fractions import Fraction
from typing import NamedTuple

from odoo.addons.jxc_stock.tools.compound import exact


class Parts(NamedTuple):
    """Where what was requested is, exact, in reference units.

    ``in_rfqs + ordered + closed + open`` is what was requested.
    """

    in_rfqs: Fraction
    ordered: Fraction
    received: Fraction
    closed: Fraction
    open: Fraction


def in_base(quantity, uom) -> Fraction:
    """Return a quantity in the reference unit of its unit, without rounding."""
    return Fraction(exact(quantity)) * Fraction(exact(uom.factor))


def fill(total, wanted):
    """Give a total to those who want some of it, the first ones first.

    :param Fraction total: what there is; below zero is nothing
    :param wanted: what each of them wants
    :return: list of what each of them gets

    >>> [int(share) for share in fill(Fraction(10), [4, 4, 4])]
    [4, 4, 2]
    >>> [int(share) for share in fill(Fraction(-1), [4, 4])]
    [0, 0]
    """
    left = max(total, Fraction(0))
    shares = []
    for quantity in wanted:
        share = min(left, max(Fraction(quantity), Fraction(0)))
        shares.append(share)
        left -= share
    return shares


def rounded(number, digits, up=False) -> float:
    """Return a fraction with this many decimals, halves and ``up`` away from zero.

    >>> rounded(Fraction(5, 12), 2), rounded(Fraction(5, 12), 2, up=True)
    (0.42, 0.42)
    >>> rounded(Fraction(1, 3), 2), rounded(Fraction(1, 3), 2, up=True)
    (0.33, 0.34)
    """
    scaled = number * 10**digits
    whole = -(-scaled // 1) if up else (scaled * 2 + 1) // 2
    return float(Fraction(whole, 10**digits))


def is_written(number, digits) -> bool:
    """Whether a fraction needs no more than this many decimals.

    >>> is_written(Fraction(13, 6), 2), is_written(Fraction(5, 2), 2)
    (False, True)
    """
    return (number * 10**digits).denominator == 1


def written(quantity, units, digits):
    """Write a quantity in the first of these units that can hold it exactly.

    Where none can, in the finest one, rounded up.

    :param Fraction quantity: in reference units
    :param units: uom.uom, in order of preference; at least one
    :return: (unit, quantity in it)
    """
    for unit in units:
        converted = quantity / in_base(1, unit)
        if is_written(converted, digits):
            return unit, rounded(converted, digits)
    finest = min(units, key=lambda unit: unit.factor)
    return finest, rounded(quantity / in_base(1, finest), digits, up=True)
