# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""When the parts of an invoice are due. No database."""

#: A smaller share of an invoice is nothing.
NOISE = 1e-9


def later_by(asked, agreed):
    """How many days later the part that waits longest is due than agreed.

    :param asked: ``{date: share of the total that is due}``, the shares add up to 1
    :param agreed: the same
    :return: 0 where no part is due later

    >>> from datetime import date
    >>> june, july = date(2026, 6, 30), date(2026, 7, 30)
    >>> later_by({july: 1.0}, {june: 1.0})
    30
    >>> later_by({july: 1.0}, {june: 0.5, july: 0.5})
    30
    >>> later_by({june: 0.4, july: 0.6}, {june: 0.5, july: 0.5})
    30
    >>> later_by({june: 0.5, july: 0.5}, {june: 0.4, july: 0.6})
    0
    """
    dates, before, days = sorted(agreed), 0.0, 0
    for date in sorted(asked):
        if asked[date] <= NOISE:
            continue
        reached = 0.0
        for due in dates:
            reached += agreed[due]
            if reached > before + NOISE:
                break
        days = max(days, (date - due).days)
        before += asked[date]
    return days
