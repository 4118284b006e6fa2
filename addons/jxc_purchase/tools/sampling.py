# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""How many of a lot to look at, and how many defective ones pass.

Single sampling plans for normal inspection at general inspection level II, by
ISO 2859-1:1999 (identical: GB/T 2828.1-2012), table 1 (code letters) and table 2-A
(plans), for percent nonconforming.

Table 2-A is the same column again and again: from one acceptance quality limit (AQL) to
the next stricter one it moves down by one code letter. So one column is the data, with
the code letter at which it starts for each AQL; that of the loosest one starts a letter
above the table.
"""

from math import ceil
from typing import NamedTuple

LETTERS = "ABCDEFGHJKLMNPQR"
SAMPLE_SIZES = dict(
    zip(
        LETTERS,
        (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000),
        strict=True,
    )
)
#: Table 1, level II: up to this lot size, this letter; beyond the last one, Q.
LOT_SIZES = (
    (8, "A"),
    (15, "B"),
    (25, "C"),
    (50, "D"),
    (90, "E"),
    (150, "F"),
    (280, "G"),
    (500, "H"),
    (1200, "J"),
    (3200, "K"),
    (10000, "L"),
    (35000, "M"),
    (150000, "N"),
    (500000, "P"),
)
#: Table 2-A: acceptance numbers from the first letter with a plan on; an arrow leads to
#: the plan so many letters away.
UP, DOWN = -1, 1
COLUMN = (0, "up", "down", 1, 2, 3, 5, 7, 10, 14, 21)
#: Where the column starts: the place of the code letter, -1 is the one above A.
START = {
    "10": -1,
    "6.5": 0,
    "4.0": 1,
    "2.5": 2,
    "1.5": 3,
    "1.0": 4,
    "0.65": 5,
    "0.40": 6,
    "0.25": 7,
    "0.15": 8,
    "0.10": 9,
    "0.065": 10,
    "0.040": 11,
    "0.025": 12,
    "0.015": 13,
    "0.010": 14,
}
AQLS = tuple(reversed(START))


class Plan(NamedTuple):
    """Look at ``size``; the lot passes with at most ``accept`` defective ones."""

    size: int
    accept: int


def code_letter(lot_size):
    """The code letter of a lot size at general level II.

    >>> [code_letter(size) for size in (1, 8, 9, 50, 1200, 1201, 500000, 500001)]
    ['A', 'A', 'B', 'D', 'J', 'K', 'P', 'Q']
    """
    for limit, letter in LOT_SIZES:
        if lot_size <= limit:
            return letter
    return "Q"


def aql_plan(lot_size, aql):
    """The plan for a lot of so many units, normal inspection.

    >>> aql_plan(1000, "2.5"), aql_plan(1000, "0.65"), aql_plan(1000, "1.0")
    (Plan(size=80, accept=5), Plan(size=80, accept=1), Plan(size=80, accept=2))

    Arrows change the sample size, too:

    >>> aql_plan(500, "0.65"), aql_plan(200, "0.65"), aql_plan(40, "4.0")
    (Plan(size=80, accept=1), Plan(size=20, accept=0), Plan(size=13, accept=1))
    >>> aql_plan(10000, "6.5"), aql_plan(40000, "6.5"), aql_plan(500001, "0.025")
    (Plan(size=200, accept=21), Plan(size=200, accept=21), Plan(size=2000, accept=1))

    Where there is no plan above, an arrow up is one down:

    >>> aql_plan(8, "10"), aql_plan(15, "10"), aql_plan(1000, "10")
    (Plan(size=5, accept=1), Plan(size=5, accept=1), Plan(size=80, accept=14))

    A plan as large as the lot means to look at all of it:

    >>> aql_plan(5, "1.0"), aql_plan(1, "6.5"), aql_plan(0, "6.5")
    (Plan(size=5, accept=0), Plan(size=1, accept=0), Plan(size=0, accept=0))

    :param lot_size: number of units; parts of a unit count as one
    :param str aql: one of :data:`AQLS`
    :return: :class:`Plan`
    """
    lot_size = ceil(lot_size)
    first = START[aql]
    place = LETTERS.index(code_letter(lot_size)) - first
    place = min(max(place, 0), len(COLUMN) - 1)
    while COLUMN[place] in ("up", "down"):
        is_up = COLUMN[place] == "up" and first + place > 0
        place += UP if is_up else DOWN
    size = SAMPLE_SIZES[LETTERS[first + place]]
    return Plan(min(size, lot_size), COLUMN[place])


def percent_plan(lot_size, percent):
    """The plan to look at a part of the lot, in which nothing may be defective.

    >>> percent_plan(1000, 5), percent_plan(7, 10), percent_plan(3, 150)
    (Plan(size=50, accept=0), Plan(size=1, accept=0), Plan(size=3, accept=0))
    >>> percent_plan(10, 0)
    Plan(size=0, accept=0)

    :return: :class:`Plan`
    """
    lot_size = ceil(lot_size)
    # 1000 * 0.07 is a little more than 70.
    size = ceil(round(lot_size * percent / 100, 9))
    return Plan(min(size, lot_size), 0)
