# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which transactions of a file are payments in the books, without a database."""

from collections import defaultdict
from datetime import timedelta


def pair_nearest(rows, payments, days):
    """Pair rows with payments of the same amount, those nearest to each other first.

    Where the rows stand in the file makes no difference. A row that is left over gets
    a payment if the others can do with those that are left: what may be booked is not
    booked twice.

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

    Booked a day before the bank has them, all four of them:

    >>> rows = [(number, day(number)) for number in (6, 7, 8, 9)]
    >>> found = pair_nearest(rows, [(-n, day(n)) for n in (5, 6, 7, 8)], 3)
    >>> sorted(found.values())
    [-8, -7, -6, -5]
    """
    waiting = defaultdict(list)
    for key, money in reversed(payments):
        waiting[money].append(key)
    rows = dict(sorted(rows, key=lambda row: row[1][0]))
    found, free = {}, {money: list(keys) for money, keys in waiting.items()}
    for distance in range(days + 1):
        for key, (day, amount) in rows.items():
            for shift in (timedelta(-distance), timedelta(distance)):
                if key not in found and free.get((day + shift, amount)):
                    found[key] = free[day + shift, amount].pop()
    amounts = {amount for (_day, amount), keys in free.items() if keys}
    near = {
        key: [
            payment
            for shift in range(-days, days + 1)
            for payment in waiting.get((day + timedelta(shift), amount), ())
        ]
        for key, (day, amount) in rows.items()
        if amount in amounts
    }
    for key in [key for key in near if key not in found]:
        _make_room(key, near, found)
    return found


def _make_room(row, near, found):
    """Give a row a payment by moving others to what is free, if they can.

    :param near: {row: payments that it may be}
    :param found: {row: payment}; changed
    """
    holders = {payment: holder for holder, payment in found.items()}
    came_from, queue = {}, [row]
    for one in queue:
        for payment in near[one]:
            if payment in came_from:
                continue
            came_from[payment] = one
            if payment in holders:
                queue.append(holders[payment])
                continue
            while True:
                holder = came_from[payment]
                payment, found[holder] = found.get(holder), payment
                if holder == row:
                    return
