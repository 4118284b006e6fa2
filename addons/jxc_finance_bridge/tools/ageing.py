# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Age classes of open items (账龄)."""

import re
from dataclasses import dataclass

#: classes a set may have
MOST = 10
#: ten years and more are one class
LONGEST = 3650


@dataclass(frozen=True)
class AgeClass:
    """One column: ``kind`` is unapplied, not_due or days; the bounds are inclusive.

    ``last`` is None for the class without end.
    """

    kind: str
    first: int = 0
    last: int | None = None


def parse_days(text):
    """Return the limits a user wrote, or None when they make no sense.

    >>> parse_days("30, 60，90")
    (30, 60, 90)
    >>> parse_days("60,30") is None
    True
    """
    parts = [part for part in re.split(r"[,，;；\s]+", (text or "").strip()) if part]
    if not 1 <= len(parts) <= MOST or not all(
        re.fullmatch("[0-9]{1,4}", part) for part in parts
    ):
        return None
    days = tuple(int(part) for part in parts)
    rising = all(low < high for low, high in zip(days, days[1:], strict=False))
    return days if rising and days[0] > 0 and days[-1] <= LONGEST else None


def age_classes(days, by_due_date=True):
    """Return the columns of an ageing: unapplied, not yet due, and by days.

    By due date an item is one day old on the day after; by document date it begins
    with zero days, and nothing is not yet due.

    >>> [(c.kind, c.first, c.last) for c in age_classes((30, 60))][1:]
    [('not_due', 0, None), ('days', 1, 30), ('days', 31, 60), ('days', 61, None)]
    >>> [(c.first, c.last) for c in age_classes((30,), by_due_date=False)[1:]]
    [(0, 30), (31, None)]
    """
    classes = [AgeClass("unapplied")]
    if by_due_date:
        classes.append(AgeClass("not_due"))
    first = 1 if by_due_date else 0
    for last in days:
        classes.append(AgeClass("days", first, last))
        first = last + 1
    classes.append(AgeClass("days", first))
    return tuple(classes)
