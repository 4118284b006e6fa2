# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Arithmetic of budget amounts. Plain functions, no database."""

#: A distribution this close to 100 % is complete (33.33 three times is).
COMPLETE_WITHIN = 0.1


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


def shares_of(distribution, rank):
    """Return an analytic distribution as shares ``(account ids, percent)`` of 100 %.

    A share may name one account of each plan; they come in the order of ``rank``. What
    the distribution leaves open is a share without account. When it fills 100 % for
    several plans one by one, the plan that ranks first counts.

    :param dict distribution: as in ``analytic_distribution``, or None
    :param rank: function of an account id giving the sort key of its plan, or None
        when the account no longer exists

    >>> shares_of({"7": 60.0, "3,9": 30.0}, lambda account: account)
    [((3, 9), 30.0), ((7,), 60.0), ((), 10.0)]
    >>> shares_of({"1": 100.0, "2": 100.0}, lambda account: account)
    [((1,), 100.0)]
    >>> shares_of({"1": 33.33, "2": 66.66}, lambda account: account)
    [((1,), 33.33), ((2,), 66.67)]
    """
    wanted = []
    for key, percent in (distribution or {}).items():
        accounts = [int(part) for part in key.split(",") if part.isdigit()]
        accounts = [account for account in accounts if rank(account) is not None]
        accounts.sort(key=lambda account: (rank(account), account))
        if accounts and percent > 0:
            first_rank = rank(accounts[0])
            wanted.append((first_rank, tuple(accounts), percent))
    wanted.sort()
    shares = []
    left = 100.0
    for _rank, accounts, percent in wanted:
        percent = min(percent, left)
        if percent > 0:
            shares.append((accounts, percent))
            left = round(left - percent, 6)
    if left > COMPLETE_WITHIN or not shares:
        shares.append(((), left))
    elif left:
        accounts, percent = shares[-1]
        shares[-1] = (accounts, round(percent + left, 6))
    return shares


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
