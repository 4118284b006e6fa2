# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Days of people and moments of the database."""

from datetime import datetime, time, timedelta

import pytz


def day_start(date, timezone):
    """The moment, in UTC without zone, at which a day begins in a time zone.

    >>> from datetime import date
    >>> day_start(date(2024, 3, 1), pytz.timezone("Asia/Shanghai"))
    datetime.datetime(2024, 2, 29, 16, 0)
    """
    begins = timezone.localize(datetime.combine(date, time.min))
    return begins.astimezone(pytz.utc).replace(tzinfo=None)


def period_bounds(date_from, date_to, timezone):
    """First moment of a period and the first one after it."""
    after = date_to + timedelta(days=1)
    return day_start(date_from, timezone), day_start(after, timezone)
