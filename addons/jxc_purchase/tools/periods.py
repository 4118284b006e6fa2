# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Periods of the calendar. Plain functions, no database."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

#: Months of a period; the first one of a year begins in January.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def last_period(day, kind):
    """Return (first, last day) of the last whole period before a day.

    :param kind: "month", "quarter", "half" or "year"

    >>> from datetime import date
    >>> [day.isoformat() for day in last_period(date(2026, 5, 20), "quarter")]
    ['2026-01-01', '2026-03-31']
    >>> [day.isoformat() for day in last_period(date(2026, 1, 1), "half")]
    ['2025-07-01', '2025-12-31']
    """
    months = MONTHS[kind]
    begin = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    return begin - relativedelta(months=months), begin - relativedelta(days=1)


def label(first, last):
    """Return how a period is written.

    >>> from datetime import date
    >>> label(date(2026, 4, 1), date(2026, 6, 30))
    '2026-Q2'
    >>> label(date(2026, 2, 1), date(2026, 2, 28))
    '2026-02'
    >>> label(date(2026, 7, 1), date(2026, 12, 31))
    '2026-H2'
    >>> label(date(2026, 1, 1), date(2026, 12, 31))
    '2026'
    >>> label(date(2026, 1, 5), date(2026, 2, 3))
    '2026-01-05–2026-02-03'
    """
    for kind, months in MONTHS.items():
        if first.day == 1 and (first.month - 1) % months == 0:
            if first + relativedelta(months=months, days=-1) == last:
                return {
                    "month": f"{first.year}-{first.month:02}",
                    "quarter": f"{first.year}-Q{(first.month + 2) // 3}",
                    "half": f"{first.year}-H{(first.month + 5) // 6}",
                    "year": f"{first.year}",
                }[kind]
    return f"{first}–{last}"


def periods(start, end, months, begin=1):
    """Return the calendar periods from one day to another as (first, last day).

    The first and the last one are cut at the given days.

    :param begin: the month in which a year begins

    >>> from datetime import date
    >>> def text(days):
    ...     return [f"{first:%m-%d}..{last:%m-%d}" for first, last in days]
    >>> text(periods(date(2026, 1, 1), date(2026, 12, 31), 3))
    ['01-01..03-31', '04-01..06-30', '07-01..09-30', '10-01..12-31']
    >>> text(periods(date(2026, 1, 15), date(2026, 3, 10), 1))
    ['01-15..01-31', '02-01..02-28', '03-01..03-10']
    >>> text(periods(date(2026, 1, 1), date(2026, 12, 31), 12, begin=4))
    ['01-01..03-31', '04-01..12-31']
    >>> text(periods(date(2026, 1, 1), date(2026, 6, 30), 3, begin=2))
    ['01-01..01-31', '02-01..04-30', '05-01..06-30']
    >>> periods(date(2026, 2, 1), date(2026, 1, 1), 1)
    []
    """
    found = []
    first = start
    while first <= end:
        # Months of this period that have passed before this one.
        passed = (first.month - begin) % 12 % months
        following = first.replace(day=1) + relativedelta(months=months - passed)
        last = min(following - timedelta(days=1), end)
        found.append((first, last))
        first = following
    return found
