# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What clients send as arguments of methods, before the database sees it."""

#: the largest id that the database knows
MOST_ID = 2**31 - 1


def is_whole(value, most=MOST_ID):
    """Whether a value is a positive whole number that is not too large.

    >>> [is_whole(value) for value in (5, 0, -1, True, 1.5, "5", None, 2**31)]
    [True, False, False, False, False, False, False, False]
    """
    return isinstance(value, int) and value is not True and 0 < value <= most
