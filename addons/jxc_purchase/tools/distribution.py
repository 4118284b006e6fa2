# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Analytic distributions as shares of one amount. Plain functions, no database."""

from collections import defaultdict
from dataclasses import dataclass

#: A distribution this close to 100 % is complete (33.33 three times is).
COMPLETE_WITHIN = 0.1
#: Percentages are counted in parts, so that they add up exactly.
PARTS = 10**6
WHOLE = 100 * PARTS


@dataclass(eq=False)
class Slice:
    """A part of the amount, and the accounts that meet in it."""

    width: int
    accounts: tuple = ()

    def cut(self, width):
        """Keep so much; return the rest as a slice of its own."""
        rest = Slice(self.width - width, self.accounts)
        self.width = width
        return rest


def shares_of(distribution, rank):
    """Return an analytic distribution as shares ``(account ids, percent)`` of 100 %.

    Each plan says on its own how an amount is split: 100 % of a project and 100 % of a
    department are one purchase of both, whether they stand in one row or in two. So
    each share names the accounts of all plans that meet in it, in the order of
    ``rank``; what no plan says anything about is a share without account.

    Which accounts of two plans meet is not said by rows that name one plan only. Rows
    of several plans are laid first; then each row takes what has no account yet, and
    after that what has none of its plan, from the left. So rows that fill 100 % only
    together stay side by side, and each plan keeps what its rows give it, up to 100 %.

    :param dict distribution: as in ``analytic_distribution``, or None
    :param rank: function of an account id giving the sort key of its plan, or None
        when the account no longer exists

    >>> shares_of({"7": 60.0, "3,9": 30.0}, lambda account: account)
    [((3, 9), 30.0), ((7,), 60.0), ((), 10.0)]
    >>> shares_of({"1": 100.0, "2": 100.0}, lambda account: account)
    [((1, 2), 100.0)]
    >>> shares_of({"11": 60.0, "12": 40.0, "21": 100.0}, lambda account: account // 10)
    [((11, 21), 60.0), ((12, 21), 40.0)]
    >>> shares_of({"11": 33.33, "12": 66.66}, lambda account: account // 10)
    [((11,), 33.33), ((12,), 66.67)]
    """
    rows = _rows_of(distribution, rank)
    slices = [Slice(WHOLE)]
    for accounts, width in rows:
        left = _lay(slices, accounts, width, rank)
        for account in accounts if left else ():
            # Its plans have no room in common: each one gets its own.
            _lay(slices, (account,), left, rank)
    if rows:
        _complete(slices, rank)
    widths = defaultdict(int)
    for one in slices:
        by_rank = sorted(one.accounts, key=lambda account: (rank(account), account))
        widths[tuple(by_rank)] += one.width
    return [
        (accounts, width / PARTS)
        for accounts, width in sorted(
            widths.items(),
            key=lambda share: (
                not share[0],
                [(rank(account), account) for account in share[0]],
            ),
        )
        if width
    ]


def _rows_of(distribution, rank):
    """Return ``(account ids, width)`` of the rows, in the order they are laid."""
    rows = []
    for key, percent in (distribution or {}).items():
        accounts = {int(part) for part in key.split(",") if part.isdigit()}
        accounts = [account for account in accounts if rank(account) is not None]
        accounts.sort(key=lambda account: (rank(account), account))
        if accounts and percent > 0:
            rows.append((tuple(accounts), round(min(percent, 100.0) * PARTS)))
    rows.sort(
        key=lambda row: (
            -len({rank(account) for account in row[0]}),
            [(rank(account), account) for account in row[0]],
            row[1],
        )
    )
    return rows


def _lay(slices, accounts, width, rank):
    """Give accounts a width of the slices that have none of their plans.

    :return: the width for which there was no room
    """
    plans = {rank(account) for account in accounts}
    for only_empty in (True, False):
        for one in list(slices):
            if not width:
                break
            if not plans.isdisjoint(map(rank, one.accounts)):
                continue
            if only_empty and one.accounts:
                continue
            taken = min(width, one.width)
            width -= taken
            if taken < one.width:
                slices.insert(slices.index(one) + 1, one.cut(taken))
            one.accounts += accounts
    return width


def _complete(slices, rank):
    """Fill what rounded percentages leave open, in all and plan by plan."""
    empty = [one for one in slices if not one.accounts]
    if sum(one.width for one in empty) <= COMPLETE_WITHIN * PARTS:
        last = next(one for one in reversed(slices) if one.accounts)
        for one in empty:
            one.accounts = last.accounts
    for plan in {rank(account) for one in slices for account in one.accounts}:
        without = [one for one in slices if plan not in map(rank, one.accounts)]
        if sum(one.width for one in without) > COMPLETE_WITHIN * PARTS:
            continue
        having = next(one for one in reversed(slices) if one not in without)
        own = tuple(one for one in having.accounts if rank(one) == plan)
        for one in without:
            one.accounts += own
