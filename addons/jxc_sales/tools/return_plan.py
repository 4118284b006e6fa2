# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which deliveries returned goods come from. No database."""

from collections.abc import Hashable
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """What can still come back of one delivery, in the product's own unit."""

    #: identifies the share, e.g. (stock move id, lot id)
    key: Hashable
    #: the delivery; its shares together give no more than ``limit``
    move_id: int
    available: float
    limit: float


def share_out(quantity, sources, compare, taken=None):
    """Take a quantity from the sources, in their order.

    >>> from odoo.tools import float_compare
    >>> compare = lambda a, b: float_compare(a, b, precision_digits=2)
    >>> two = [Source("new", 1, 5, 5), Source("old", 2, 10, 10)]
    >>> share_out(7, two, compare)
    ([('new', 5), ('old', 2)], 0)
    >>> share_out(20, two, compare)
    ([('new', 5), ('old', 10)], 5)

    Shares of one delivery, as of two lots, do not give more than the delivery:

    >>> lots = [Source("a", 1, 4, 6), Source("b", 1, 4, 6)]
    >>> share_out(8, lots, compare)
    ([('a', 4), ('b', 2)], 2)

    What other lines took already is gone:

    >>> share_out(3, two, compare, taken={"new": 5, 1: 5})
    ([('old', 3)], 0)

    :param quantity: in the product's own unit
    :param sources: list of :class:`Source`
    :param compare: callable(a, b) returning -1, 0 or 1 at the unit's precision
    :param taken: ``{key or move id: quantity}`` taken so far; updated
    :return: ``([(key, quantity)], missing quantity)``
    """
    taken = {} if taken is None else taken
    shares = []
    for source in sources:
        if compare(quantity, 0) <= 0:
            break
        free = min(
            source.available - taken.get(source.key, 0),
            source.limit - taken.get(source.move_id, 0),
        )
        share = min(quantity, free)
        if compare(share, 0) <= 0:
            continue
        shares.append((source.key, share))
        taken[source.key] = taken.get(source.key, 0) + share
        taken[source.move_id] = taken.get(source.move_id, 0) + share
        quantity -= share
    return shares, quantity if compare(quantity, 0) > 0 else 0
