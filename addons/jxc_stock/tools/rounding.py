# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Rounding for reports, where most amounts are round but for the dust of floats."""

from odoo.tools import float_round

DUST = 1e-7


def rounder(precision):
    """Return a function that rounds as the platform does, and never answers -0.0.

    What is round already is told at once; only the rest takes the long way.

    >>> rounded = rounder(0.01)
    >>> rounded(0.1 + 0.2), rounded(1.005), rounded(-1.005), rounded(-0.0)
    (0.3, 1.01, -1.01, 0.0)
    >>> rounder(0.05)(1.13)
    1.15
    """
    steps = round(1 / precision)
    plain = abs(steps * precision - 1) < DUST

    def rounded(amount):
        count = amount * steps
        near = round(count)
        if plain and abs(count - near) < DUST:
            return near / steps + 0.0
        return float_round(amount, precision_rounding=precision) + 0.0

    return rounded
