# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What is wanted, what is on its way already, and whether both are the same need."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class Demand:
    """What one document wants of one product."""

    #: the order or request
    document: Any
    product: Any
    company: Any
    #: in the product's unit
    quantity: float
    day: date
    #: commercial partners that may deliver it; empty: any
    vendor_ids: set = field(default_factory=set)
    #: for deliveries that wait for just these goods, so nothing else can serve them
    is_promised: bool = False
    #: what makes documents belong together, see :func:`belong_together`
    keys: set = field(default_factory=set)
    #: asked for by reordering rules alone
    is_reorder: bool = False


@dataclass
class Supply(Demand):
    """What another document brings already, or will."""

    #: request, rfq or order
    kind: str = "order"
    #: whether it counts; drafts are only offered to be merged with
    counts: bool = True


@dataclass
class Collision:
    """A supply that meets a demand, or stock that covers it."""

    #: request, rfq, order or stock
    kind: str
    product: Any
    #: in the product's unit
    quantity: float
    document: Any = None
    day: date | None = None
    counts: bool = True

    def is_with(self, documents):
        """Tell whether it is with one of these documents, of whatever model they are.

        Recordsets refuse to look for a record of another model among them.
        """
        return self.document in set(documents)


def belong_together(demand, supply):
    """Tell whether two documents are steps or parts of the same purchase.

    Keys name an order, a request with a product, a tender or a framework.

    >>> a = Demand(None, None, None, 1, None, keys={("order", 1), ("request", 7)})
    >>> b = Demand(None, None, None, 1, None, keys={("order", 2), ("request", 7)})
    >>> belong_together(a, b)
    True
    """
    return not demand.keys.isdisjoint(supply.keys)


def is_near(demand, supply, days, today):
    """Tell whether both are wanted within so many days of each other.

    What is late is expected today.

    >>> def on(day): return Demand(None, None, None, 1, date(2026, 6, day))
    >>> is_near(on(10), on(13), 3, date(2026, 6, 1))
    True
    >>> is_near(on(10), on(14), 3, date(2026, 6, 1))
    False
    >>> is_near(on(10), on(14), 3, date(2026, 6, 14))
    True
    """
    return abs((max(demand.day, today) - max(supply.day, today)).days) <= days


def vendors_meet(demand, supply):
    """Tell whether one vendor may be meant by both.

    >>> a, b = (Demand(None, None, None, 1, None, vendor_ids={n}) for n in (1, 2))
    >>> vendors_meet(a, b), vendors_meet(a, a)
    (False, True)
    >>> vendors_meet(a, Demand(None, None, None, 1, None))
    True
    """
    return (
        not demand.vendor_ids
        or not supply.vendor_ids
        or not demand.vendor_ids.isdisjoint(supply.vendor_ids)
    )
