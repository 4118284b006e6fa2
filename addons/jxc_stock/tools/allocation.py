# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which warehouse helps out which: transfers that solve most with fewest moves.

Pure calculation on exact numbers, for one product at a time.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import permutations

# Of more short places only a few orders are tried.
MOST_PERMUTED = 5


@dataclass(frozen=True)
class Shortage:
    """A place lacks ``quantity``; it is brought there in whole packs of ``pack``."""

    place: object
    quantity: Decimal
    pack: Decimal = Decimal(1)

    @property
    def wanted(self) -> Decimal:
        """The shortage in whole packs.

        >>> Shortage("B", Decimal(13), Decimal(12)).wanted
        Decimal('24')
        """
        return _whole(self.quantity, self.pack, ROUND_CEILING)


@dataclass(frozen=True)
class Surplus:
    """A place can give away ``quantity`` and still has its safety stock."""

    place: object
    quantity: Decimal


@dataclass(frozen=True)
class Transfer:
    source: object
    target: object
    quantity: Decimal


def propose(shortages, surpluses, distances=None):
    """Return transfers that bring as much as possible, in as few moves as possible.

    No source gives more than its surplus, no place gets more than its shortage rounded
    up to whole packs. Among plans that bring the same quantity the one is taken that
    solves more shortages completely, then the one with fewer moves, then the shorter
    one.

    :param shortages: list of Shortage, one for each place
    :param surpluses: list of Surplus, one for each place
    :param distances: {(source, target): number}, 0 for what is not in it
    :return: list of Transfer

    One warehouse that has enough for both is better than two moves from the nearest:

    >>> D = Decimal
    >>> short = [Shortage("B", D(10)), Shortage("C", D(5))]
    >>> for move in propose(short, [Surplus("A", D(15)), Surplus("D", D(4))]):
    ...     print(move.source, move.target, move.quantity)
    A B 10
    A C 5

    Of two that have enough the nearer one helps:

    >>> near = {("A", "B"): 100, ("D", "B"): 20}
    >>> propose([Shortage("B", D(3))], [Surplus("A", D(9)), Surplus("D", D(9))], near)
    [Transfer(source='D', target='B', quantity=Decimal('3'))]

    Whole boxes only, and never below the safety stock:

    >>> propose([Shortage("B", D(13), D(12))], [Surplus("A", D(23))])
    [Transfer(source='A', target='B', quantity=Decimal('12'))]
    """
    distances = distances or {}
    shortages = [one for one in shortages if one.quantity > 0]
    surpluses = [one for one in surpluses if one.quantity > 0]
    best, best_rank = [], None
    for order in _orders(shortages):
        for nearest_first in (False, True):
            plan = _fill(order, surpluses, distances, nearest_first)
            rank = _rank(plan, shortages, distances)
            if best_rank is None or rank < best_rank:
                best, best_rank = plan, rank
    return best


def _orders(shortages):
    """Orders in which short places may be served, the largest shortage first."""
    largest = sorted(shortages, key=lambda one: -one.quantity)
    if len(largest) <= MOST_PERMUTED:
        yield from permutations(largest)
    else:
        yield largest
        yield largest[::-1]


def _fill(order, surpluses, distances, nearest_first):
    """Serve the places one after the other, each with as few moves as possible."""
    left = {one.place: one.quantity for one in surpluses}
    plan = []
    for short in order:
        wanted = short.wanted
        while wanted > 0:
            offers = {
                place: _whole(quantity, short.pack, ROUND_FLOOR)
                for place, quantity in left.items()
                if place != short.place
            }
            offers = {place: offer for place, offer in offers.items() if offer > 0}
            if not offers:
                break

            def rank(place, offers=offers, wanted=wanted, target=short.place):
                enough = offers[place] >= wanted
                far = distances.get((place, target), 0)
                # What is too small is used from the largest on; of what is enough
                # the smallest is used up.
                size = offers[place] if enough else -offers[place]
                return not enough, *(
                    (far, size) if nearest_first and enough else (size, far)
                )

            source = min(offers, key=rank)
            quantity = min(offers[source], wanted)
            plan.append(Transfer(source, short.place, quantity))
            left[source] -= quantity
            wanted -= quantity
    return plan


def _rank(plan, shortages, distances):
    brought = {}
    for move in plan:
        brought[move.target] = brought.get(move.target, 0) + move.quantity
    # Beyond the shortage a whole pack brings more, but solves no more.
    useful = sum(
        min(brought.get(short.place, 0), short.quantity) for short in shortages
    )
    solved = sum(brought.get(short.place, 0) >= short.quantity for short in shortages)
    far = sum(distances.get((move.source, move.target), 0) for move in plan)
    return -useful, -solved, len(plan), far


def _whole(quantity, pack, rounding):
    """The quantity in whole packs, rounded in a direction.

    >>> _whole(Decimal("7.5"), Decimal("2.5"), ROUND_FLOOR)
    Decimal('7.5')
    """
    return (quantity / pack).to_integral_value(rounding=rounding) * pack
