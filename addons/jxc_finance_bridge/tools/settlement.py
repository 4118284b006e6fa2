# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which open items settle each other (核销), worked out without a database.

Amounts are whole numbers of the smallest unit of a currency and positive on both
sides: claims are what is owed, offsets are what settles it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

NUMBER = re.compile(r"[0-9A-Z][0-9A-Z/_.\-]{3,}")


def numbers(*texts):
    """Document numbers within texts: runs of at least four letters and digits.

    >>> sorted(numbers("付货款inv/2026/00012，S00031", None))
    ['INV/2026/00012', 'S00031']
    """
    return {
        found.rstrip("/.-")
        for text in texts
        if text
        for found in NUMBER.findall(str(text).upper())
        if any(map(str.isdigit, found))
    }


@dataclass
class Item:
    """An open item.

    :param key: whatever the caller knows it by
    :param amount: what is open
    :param due: anything that sorts the oldest first
    :param numbers: document numbers it carries or names
    """

    key: object
    amount: int
    due: object = None
    numbers: frozenset = frozenset()
    settled: int = 0
    group: int = 0

    @property
    def rest(self):
        return self.amount - self.settled


@dataclass
class Proposal:
    """Items that settle each other, with how much of each is ``settled``.

    :param write_offs: {group: amount}; positive where a claim keeps a small rest,
        negative where an offset does
    """

    claims: list = field(default_factory=list)
    offsets: list = field(default_factory=list)
    write_offs: dict = field(default_factory=dict)


def propose(method, claims, offsets, tolerance=0):
    """Propose what settles what.

    :param method: "due" (oldest first), "document" (numbers in common), "amount" (equal
        amounts) or "manual" (nothing)
    :param claims: list of Item
    :param offsets: list of Item
    :param tolerance: a rest up to this is written off
    :return: Proposal; every item of both lists is in it, settled or not

    >>> one, two = Item(1, 1000, due=2), Item(2, 500, due=1)
    >>> found = propose("due", [one, two], [Item(3, 900)])
    >>> [(item.key, item.settled) for item in found.claims]
    [(2, 500), (1, 400)]
    >>> found = propose("amount", [Item(1, 1000), Item(2, 502)], [Item(3, 500)], 5)
    >>> [(item.key, item.settled) for item in found.claims], found.write_offs
    ([(2, 502), (1, 0)], {1: 2})
    """
    claims = sorted(claims, key=lambda item: (item.due is None, item.due, item.key))
    offsets = sorted(offsets, key=lambda item: (item.due is None, item.due, item.key))
    if method == "due":
        _spread(claims, offsets)
    elif method == "document":
        _by_document(claims, offsets)
    elif method == "amount":
        _by_amount(claims, offsets, tolerance)
    write_offs = _sweep(claims, offsets, tolerance)

    def order(item):
        return (not item.settled, item.group)

    return Proposal(sorted(claims, key=order), sorted(offsets, key=order), write_offs)


def pair(claims, offsets):
    """Split settled amounts into pairs, those of one group with each other first.

    :return: list of (claim, offset, amount)

    >>> claims = [Item(1, 9, settled=6, group=1), Item(2, 9, settled=4)]
    >>> offsets = [Item(3, 9, settled=5), Item(4, 9, settled=5, group=1)]
    >>> [(a.key, b.key, amount) for a, b, amount in pair(claims, offsets)]
    [(1, 4, 5), (1, 3, 1), (2, 3, 4)]
    """
    left = {id(item): item.settled for item in [*claims, *offsets]}
    groups = defaultdict(lambda: ([], []))
    for side, items in enumerate((claims, offsets)):
        for item in items:
            if item.group:
                groups[item.group][side].append(item)
    pairs = []
    for own_claims, own_offsets in [*groups.values(), (claims, offsets)]:
        pairs += _pair(own_claims, own_offsets, left)
    return pairs


def _pair(claims, offsets, left):
    pairs = []
    offsets = iter(offsets)
    offset = next(offsets, None)
    for claim in claims:
        while left[id(claim)] and offset:
            amount = min(left[id(claim)], left[id(offset)])
            if amount:
                pairs.append((claim, offset, amount))
                left[id(claim)] -= amount
                left[id(offset)] -= amount
            if not left[id(offset)]:
                offset = next(offsets, None)
    return pairs


def _settle(claim, offset):
    amount = min(claim.rest, offset.rest)
    claim.settled += amount
    offset.settled += amount
    return amount


def _spread(claims, offsets):
    queue = iter(offsets)
    offset = next(queue, None)
    for claim in claims:
        while claim.rest and offset:
            _settle(claim, offset)
            if not offset.rest:
                offset = next(queue, None)


def _by_document(claims, offsets):
    known = defaultdict(list)
    for claim in claims:
        for number in claim.numbers:
            known[number].append(claim)
    groups, last = {}, 0
    for offset in offsets:
        named = {id(c): c for number in offset.numbers for c in known.get(number, ())}
        for claim in sorted(named.values(), key=lambda item: (item.due, item.key)):
            if not _settle(claim, offset):
                continue
            if offset.group and claim.group and offset.group != claim.group:
                _join(groups, offset.group, claim.group)
            elif not (offset.group or claim.group):
                last += 1
                groups[last] = []
            group = offset.group or claim.group or last
            for item in (offset, claim):
                if not item.group:
                    item.group = group
                    groups[group].append(item)


def _join(groups, kept, given):
    for item in groups.pop(given):
        item.group = kept
        groups[kept].append(item)


def _by_amount(claims, offsets, tolerance):
    free = defaultdict(list)
    for claim in reversed(claims):
        free[claim.amount].append(claim)
    last = 0
    later = []
    for offset in offsets:
        if free[offset.amount]:
            last += 1
            _take(free[offset.amount].pop(), offset, last)
        else:
            later.append(offset)
    for offset in later if tolerance else ():
        for distance in range(1, min(tolerance, 1000) + 1):
            near = [offset.amount + distance, offset.amount - distance]
            amount = next((a for a in near if free.get(a)), None)
            if amount:
                last += 1
                _take(free[amount].pop(), offset, last)
                break


def _take(claim, offset, group):
    claim.group = offset.group = group
    _settle(claim, offset)


def _sweep(claims, offsets, tolerance):
    """Settle small rests of what is partly settled; return {group: written off}."""
    write_offs = defaultdict(int)
    for sign, items in ((1, claims), (-1, offsets)):
        for item in items:
            if item.settled and 0 < item.rest <= tolerance:
                write_offs[item.group] += sign * item.rest
                item.settled = item.amount
    return {group: amount for group, amount in write_offs.items() if amount}
