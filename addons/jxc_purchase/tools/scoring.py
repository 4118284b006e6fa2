# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How figures become points, points a score, and a score a grade."""

from odoo.tools.float_utils import float_round


def points(value, full, zero):
    """Return 0 to 100 points for a figure, on the line between two fixed figures.

    :param value: the figure
    :param full: the figure that gives 100 points, and everything beyond it
    :param zero: the figure that gives none; below or above ``full``, but not equal

    >>> points(85, full=100, zero=70), points(60, full=100, zero=70)
    (50.0, 0.0)
    >>> points(95, full=90, zero=110), points(80, full=90, zero=110)
    (75.0, 100.0)
    """
    share = (value - zero) / (full - zero)
    return float_round(100.0 * min(max(share, 0.0), 1.0), precision_digits=2)


def weighted(parts):
    """Return (score or None, share of each part in percent).

    Parts without points are left out and the weights of the others are raised, so that
    their shares add up to 100 again.

    :param parts: list of (weight, points or None)

    >>> weighted([(30, 80.0), (10, 40.0), (60, None)])
    (70.0, [75.0, 25.0, 0.0])
    >>> weighted([(1, 50.0), (1, 50.0), (1, 50.0)])
    (50.0, [33.33, 33.34, 33.33])
    >>> weighted([(30, None)]), weighted([(0, 50.0)])
    ((None, [0.0]), (None, [0.0]))
    """
    total = sum(weight for weight, given in parts if given is not None)
    if total <= 0:
        return None, [0.0] * len(parts)
    shares, reached, until = [], 0.0, 0.0
    for weight, given in parts:
        until += 100.0 * weight / total if given is not None else 0.0
        share = float_round(until, precision_digits=2) - reached
        shares.append(float_round(share, precision_digits=2))
        reached += share
    score = sum(weight * given for weight, given in parts if given is not None) / float(
        total
    )
    return float_round(score, precision_digits=2), shares


def grade(score, limits):
    """Return "a" to "d" for a score; None has no grade.

    :param limits: the lowest scores of A, B and C, falling

    >>> [grade(score, (90, 75, 60)) for score in (100, 90, 89.99, 60, 59.99)]
    ['a', 'a', 'b', 'c', 'd']
    >>> grade(None, (90, 75, 60)) is None
    True
    """
    if score is None:
        return None
    for letter, lowest in zip("abc", limits, strict=True):
        if score >= lowest:
            return letter
    return "d"
