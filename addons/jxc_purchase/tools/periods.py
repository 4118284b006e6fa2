# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Periods of the calendar. Plain functions, no database."""

from datetime import date, timedelta

#: Months of a period; the first one of a year begins in January.
PERIOD_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def periods(start, end, months):
    """Return the calendar periods from one day to another as (first, last day).

    The first and the last one are cut at the given days.

    >>> def text(days):
    ...     return [f"{first:%m-%d}..{last:%m-%d}" for first, last in days]
    >>> text(periods(date(2026, 1, 1), date(2026, 12, 31), 3))
    ['01-01..03-31', '04-01..06-30', '07-01..09-30', '10-01..12-31']
    >>> text(periods(date(2026, 1, 15), date(2026, 3, 10), 1))
    ['01-15..01-31', '02-01..02-28', '03-01..03-10']
    >>> periods(date(2026, 2, 1), date(2026, 1, 1), 1)
    []
    """
    found = []
    first = start
    while first <= end:
        passed = (first.month - 1) // months * months + months
        following = date(first.year + passed // 12, passed % 12 + 1, 1)
        last = min(following - timedelta(days=1), end)
        found.append((first, last))
        first = following
    return found
