# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How the quantity of one order line is shared by the requests behind it."""

from fractions import Fraction

from odoo.addons.jxc_stock.tools.compound import exact


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
