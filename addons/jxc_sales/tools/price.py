# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Lowest prices and margins of goods. No database."""

from dataclasses import dataclass

NOISE = 1e-6

#: in percent
MARGIN_NOISE = 0.005

#: What a company does about a price, the mildest first.
ACTIONS = ("none", "warn", "approval", "block")


def floor_of(factor, own, base, others):
    """The lowest price of one unit.

    A unit without a lowest price of its own takes that of the base unit, and where the
    base unit has none, the cheapest of the other units: what may not be sold for less
    by the case may not be sold for less by the bottle.

    :param factor: base units in the unit
    :param own: lowest price of the unit, 0 for none
    :param base: lowest price of the base unit, 0 for none
    :param others: (base units, lowest price) of the product's units
    :return: price, 0 for none

    >>> floor_of(24, 72.0, 3.5, [])
    72.0
    >>> floor_of(6, 0, 3.5, [(24, 72.0)])
    21.0
    >>> floor_of(1, 0, 0, [(24, 72.0), (6, 20.0)])
    3.0
    >>> floor_of(1, 0, 0, [(24, 0.0)])
    0.0
    """
    if own:
        return own
    if base:
        return base * factor
    known = [price / content for content, price in others if price and content]
    return min(known, default=0.0) * factor


def margin_percent(net, cost):
    """Margin in percent of what the customer pays; below zero when sold at a loss.

    >>> margin_percent(100.0, 80.0), margin_percent(0.0, 5.0), margin_percent(0.0, 0.0)
    (20.0, -100.0, 0.0)
    """
    if net <= 0:
        return -100.0 if cost > 0 else 0.0
    return (net - cost) / net * 100


def strictest(actions):
    """The strictest of several actions.

    >>> strictest(["warn", "block", "none"]), strictest([])
    ('block', 'none')
    """
    return max(actions, key=ACTIONS.index, default="none")


@dataclass(eq=False)
class Judged:
    """What one line asks for its goods, untaxed, in the currency of its order."""

    #: sale.order.line
    line: object
    quantity: float
    #: after the line's discount and its share of discounts given by hand
    net: float
    #: lowest amount for this quantity; 0 for none
    floor: float
    #: what the goods cost; 0 when unknown
    cost: float
    #: in percent; 0 for none
    min_margin: float
    is_below: bool = False
    is_low: bool = False

    @property
    def price(self):
        """Net price of one of the line's unit."""
        return self.net / self.quantity

    def cheaper_than(self, other):
        """Whether more is given away than before.

        :param other: the same line before, or None
        """
        if other is None:
            return True
        return (
            (self.is_below and not other.is_below)
            or (self.is_low and not other.is_low)
            or self.price < other.price - NOISE
            or self.quantity > other.quantity + NOISE
        )


def change_percent(old, new):
    """By how much a price changes, in percent; a first price is no change.

    >>> change_percent(100.0, 90.0), change_percent(80.0, 0.0), change_percent(0.0, 5.0)
    (-10.0, -100.0, 0.0)
    """
    return (new - old) / old * 100 if old else 0.0


def added_up(before, percent):
    """What two changes in percent, one after the other, come to.

    >>> round(added_up(10.0, 10.0), 6), round(added_up(25.0, -20.0), 6)
    (21.0, 0.0)
    """
    return before + percent + before * percent / 100
