# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How much of an order a customer still owes or will owe, by part. No database.

Everything an order brings to a customer's exposure until its invoices are posted:
from then on the receivable counts instead, so nothing counts twice.
"""

from collections import Counter
from dataclasses import dataclass

#: Parts of an order, with their sign in the exposure.
ORDER_PARTS = {"draft": 1, "delivered": 1, "ordered": 1, "returned": -1}


@dataclass(frozen=True)
class Progress:
    """Quantities of one order line, in its unit."""

    ordered: float
    #: delivered net of returns
    delivered: float
    #: came back for a credit note
    returned: float
    #: on invoices, drafts included, net of credit notes
    invoiced: float
    #: on posted invoices, net of credit notes
    posted: float
    #: billed by what was delivered (True) or by what was ordered (False)
    by_delivery: bool
    #: something was shipped and nothing more is going to be
    finished: bool

    def expected(self) -> float:
        """How much will have been invoiced in the end.

        >>> Progress(10, 4, 0, 0, 0, True, False).expected()
        10
        >>> Progress(10, 4, 0, 0, 0, True, True).expected()  # the rest was cancelled
        4
        >>> Progress(10, 8, 2, 10, 10, False, True).expected()  # two came back
        8
        """
        if not self.finished:
            if self.by_delivery:
                return max(self.ordered, self.delivered)
            return self.ordered
        if self.by_delivery:
            return self.delivered
        shipped = self.delivered + self.returned
        return min(self.ordered, max(self.ordered, shipped) - self.returned)

    def parts(self) -> dict[str, float]:
        """Quantity in each part of the exposure.

        >>> Progress(10, 4, 0, 3, 2, True, False).parts()
        {'draft': 1, 'delivered': 1, 'ordered': 6, 'returned': 0}
        >>> Progress(10, 8, 2, 10, 10, True, True).parts()
        {'draft': 0, 'delivered': 0, 'ordered': 0, 'returned': 2}
        >>> Progress(-2, 0, 0, 0, 0, False, False).parts()
        {'draft': 0, 'delivered': 0, 'ordered': -2, 'returned': 0}
        """
        if self.ordered < 0:
            turned = Progress(
                *(
                    -quantity
                    for quantity in (
                        self.ordered,
                        self.delivered,
                        self.returned,
                        self.invoiced,
                        self.posted,
                    )
                ),
                by_delivery=self.by_delivery,
                finished=self.finished,
            )
            return {part: -quantity or 0 for part, quantity in turned.parts().items()}
        expected = self.expected()
        uninvoiced = max(0, expected - self.invoiced)
        delivered = min(uninvoiced, max(0, self.delivered - self.invoiced))
        return {
            "draft": self.invoiced - self.posted,
            "delivered": delivered,
            "ordered": uninvoiced - delivered,
            "returned": min(max(0, self.returned), max(0, self.invoiced - expected)),
        }


@dataclass(frozen=True)
class Leave:
    """How far one order may go beyond what its customer's account allows."""

    #: added to the limit, in company currency
    extra: float = 0.0
    #: not held to the limit at all: paid already, or released in full
    is_full: bool = False


def shipped(parts: dict, deposit: float) -> float:
    """How much credit the goods of one order take that have left, by its parts.

    What its deposits paid is taken off; other orders get nothing of them. Never more
    than the order brings in total.

    >>> shipped({"draft": 0, "delivered": 600, "ordered": 400, "returned": 0}, 0)
    600
    >>> shipped({"draft": 0, "delivered": 600, "ordered": 100, "returned": 0}, 300)
    300
    >>> shipped({"draft": 0, "delivered": 0, "ordered": 700, "returned": 0}, 300)
    0
    >>> shipped({"draft": 0, "delivered": 500, "ordered": -80, "returned": 0}, 0)
    420
    """
    total = sum(parts.get(part, 0) * sign for part, sign in ORDER_PARTS.items())
    out = total - parts.get("ordered", 0) - deposit
    return min(max(0, out), max(0, total))


class Use(Counter):
    """Amounts by (resource, part); a resource is what somebody owes under.

    >>> before, after = Use({("A", "ordered"): 5}), Use({("A", "ordered"): 8})
    >>> after.since(before).net()
    {'A': 3}
    """

    @classmethod
    def total(cls, uses) -> "Use":
        """Sum of several, parts that give back included.

        >>> Use.total([Use({("A", "draft"): 5}), Use({("A", "draft"): -7})])
        Use({('A', 'draft'): -2})
        """
        result = cls()
        for use in uses:
            result.update(use)
        return result

    def since(self, before) -> "Use":
        """What was added since ``before``; negative where less is used."""
        change = Use(self)
        change.subtract(before)
        return change

    def net(self) -> dict:
        """Signed total of each resource."""
        totals = Counter()
        for (resource, part), amount in self.items():
            totals[resource] += amount * ORDER_PARTS.get(part, 1)
        return dict(totals)


#: Grades with the days late up to which they are given, and what a limit is worth.
GRADES = (("a", 3, 1.5), ("b", 15, 1.0), ("c", 45, 0.5), ("d", None, 0.0))


def grade_of(days_late):
    """Return the grade for the average days late, False without any invoice.

    >>> [grade_of(days) for days in (None, 0, 3, 3.5, 45, 46)]
    [False, 'a', 'a', 'b', 'c', 'd']
    """
    if days_late is None:
        return False
    return next(grade for grade, most, _ in GRADES if most is None or days_late <= most)


def proposed_limit(turnover, credit_days, grade):
    """Return the limit that fits a grade and what the customer buys in a year.

    >>> proposed_limit(36500, 30, "b")
    6000.0
    >>> proposed_limit(36500, 30, "a"), proposed_limit(36500, 30, "c")
    (9000.0, 3000.0)
    >>> proposed_limit(36500, 30, "d"), proposed_limit(0, 0, False)
    (0.0, 0.0)
    """
    worth = {name: factor for name, _, factor in GRADES}.get(grade, 0.0)
    return turnover / 365 * (credit_days + 30) * worth
