# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The same transactions in exports with other columns, told without a database."""

from collections import defaultdict
from typing import Any, NamedTuple

from .settlement import numbers


class Told(NamedTuple):
    """A transaction as an export tells it.

    :param key: whatever the caller knows it by
    :param money: day and amount; only what has the same is compared
    :param texts: {role: text} of the columns of the export, "" where one is empty
    """

    key: Any
    money: tuple
    texts: dict


class _Way(NamedTuple):
    """How two groups are compared; less doubt and more in common goes first.

    :param roles: whose texts are equal
    :param longer: "row" or "known", whose memo goes on after that of the other
    :param numbered: whether it goes on with a document's number
    """

    is_doubtful: bool
    rank: int
    count: int
    roles: frozenset
    longer: str = ""
    numbered: bool = False

    @property
    def order(self):
        return self.is_doubtful, self.rank, -self.count


def find_alike(rows, known):
    """Which rows of a file are known, and which may be.

    Exports with the same columns have the same texts; what differs there is another
    one. In others, texts that both have must be equal, and one of them at least there.
    A text that one left empty, though its export has the column, makes it doubtful, and
    so does a memo that goes on in one, unless with a document's number. What has most
    in common goes first, and each one known stands for one row.

    :param rows: list of Told of the file
    :param known: list of Told of what is in the books
    :return: ({key of a row: key of what it is}, {key of a row: key of what it may be})

    >>> known = [Told("A", 500, {"partner": "x", "memo": "rent"})]
    >>> find_alike([Told(1, 500, {"partner": "x"}), Told(2, 500, {})], known)
    ({1: 'A'}, {})
    >>> find_alike([Told(1, 500, {"partner": "y"})], known)
    ({}, {})
    >>> find_alike([Told(1, 500, {"partner": "x", "memo": "rent"})], known)
    ({1: 'A'}, {})
    >>> told = {"memo": "rent", "partner": "", "account": ""}
    >>> find_alike([Told(1, 500, told)], known)
    ({}, {1: 'A'})
    >>> find_alike([Told(1, 500, {"account": "7"})], known)
    ({}, {1: 'A'})
    >>> find_alike([Told(1, 500, {"partner": "x", "memo": "rent2"})], known)
    ({}, {})
    >>> told = {"partner": "x", "account": "7"}
    >>> find_alike([Told(1, 500, {**told, "memo": "rent2"})], known)
    ({}, {1: 'A'})
    >>> find_alike([Told(1, 500, {**told, "memo": "rents0031"})], known)
    ({1: 'A'}, {})
    """
    groups = _group_by_texts(known)
    passes = [
        (one, ours, theirs)
        for own, ours in _group_by_texts(rows).items()
        for other, theirs in groups.items()
        for one in _compare(own, other)
    ]
    passes.sort(key=lambda found: found[0].order)
    same, doubtful, taken = {}, {}, set()
    for one, ours, theirs in passes:
        found = doubtful if one.is_doubtful else same
        ours = [row for row in ours if row.key not in same and row.key not in doubtful]
        theirs = [other for other in theirs if other.key not in taken]
        for row, other in _match(ours, theirs, one):
            found[row.key] = other.key
            taken.add(other.key)
    return same, doubtful


def _group_by_texts(told):
    """{(roles that are columns, roles that are filled): list of Told}

    All pairs of two groups compare the same roles, so that they match by a dictionary:
    a file may have thousands of equal amounts on a day.
    """
    groups = defaultdict(list)
    for one in told:
        filled = frozenset(role for role, text in one.texts.items() if text)
        groups[frozenset(one.texts), filled].append(one)
    return groups


def _compare(own, other):
    """Ways to compare two groups: equal texts, or a memo that one of them cuts."""
    (columns, filled), (other_columns, other_filled) = own, other
    common = filled & other_filled
    lacking = (filled ^ other_filled) & columns & other_columns
    count = len(common)
    if columns == other_columns:
        # Keys tell exports of one form apart, but they were made in other ways once,
        # and numbers may come later.
        is_known = lacking == {"reference"} if lacking else common
        return [_Way(bool(lacking), 0, count, common)] if is_known else []
    ways = [_Way(bool(lacking or not common), 0, count, common)]
    if "memo" in common:
        rest = common - {"memo"}
        for longer in ("row", "known"):
            ways += [
                _Way(bool(lacking or not rest), 1, count, rest, longer, True),
                _Way(True, 2, count, rest, longer),
            ]
    return ways


def _match(ours, theirs, way):
    """Pairs of equal money and texts, in order, each in one pair only."""
    roles = sorted(way.roles)
    long, short = (theirs, ours) if way.longer == "known" else (ours, theirs)

    def describe(one, memo):
        return memo, one.money, *(one.texts[role] for role in roles)

    free = defaultdict(list)
    for other in reversed(short):
        free[describe(other, other.texts["memo"] if way.longer else "")].append(other)
    lengths = sorted({len(description[0]) for description in free}, reverse=True)
    for one in long:
        memos = _get_beginnings(one.texts["memo"], lengths, way) if way.longer else [""]
        for memo in memos:
            if alike := free.get(describe(one, memo)):
                pair = one, alike.pop()
                yield pair[::-1] if way.longer == "known" else pair
                break


def _get_beginnings(memo, lengths, way):
    """Memos that this one may be the longer one of, the longest first."""
    for length in lengths:
        rest = memo[length:]
        if rest and (not way.numbered or numbers(rest) == {rest.upper()}):
            yield memo[:length]
