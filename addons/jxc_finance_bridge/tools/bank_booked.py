# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which transactions of a file are payments in the books, without a database."""

from collections import defaultdict
from datetime import timedelta


def pair_nearest(rows, payments, days):
    """Pair rows with payments of the same amount, those nearest to each other first.

    Where the rows stand in the file makes no difference.

    :param rows: list of (key, (day, amount))
    :param payments: likewise
    :param days: how far apart they may be at most
    :return: {key of a row: key of its payment}, each in one pair only

    >>> from datetime import date
    >>> def day(number):
    ...     return date(2026, 3, number), 500
    >>> pair_nearest([("a", day(8)), ("b", day(6))], [("P", day(6))], 3)
    {'b': 'P'}
    >>> rows = [("a", day(8)), ("b", day(7)), ("c", day(1))]
    >>> pair_nearest(rows, [("P", day(6)), ("Q", day(5))], 3)
    {'b': 'P', 'a': 'Q'}
    """
    free = defaultdict(list)
    for key, money in reversed(payments):
        free[money].append(key)
    found = {}
    rows = sorted(rows, key=lambda row: row[1][0])
    for distance in range(days + 1):
        for key, (day, amount) in rows:
            for shift in (timedelta(-distance), timedelta(distance)):
                if key not in found and free.get((day + shift, amount)):
                    found[key] = free[day + shift, amount].pop()
    return found
