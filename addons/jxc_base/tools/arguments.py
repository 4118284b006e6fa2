# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What clients send as arguments of methods, before anything is done with it."""

from odoo import fields
from odoo.exceptions import UserError

from .importing.limits import Limits


def text_of(value):
    """The text somebody sent, without blanks around it; empty for what is none.

    >>> [text_of(value) for value in (" why ", " ", None, True, 7, ["x"])]
    ['why', '', '', '', '', '']
    """
    return value.strip() if isinstance(value, str) else ""


def day_of(env, value):
    """The day somebody sent, date or "YYYY-MM-DD"; None for nothing.

    :raise UserError: for what is no day, or none of a year anybody works in: sums with
        days of the first and the last year leave the calendar
    """
    try:
        day = fields.Date.to_date(value)
    except (AttributeError, TypeError, ValueError) as error:
        raise UserError(env._("Dates are written like 2024-01-31.")) from error
    if day and not Limits.FIRST_YEAR <= day.year <= Limits.LAST_YEAR:
        raise UserError(
            env._(
                "Days are of the years %(first)s to %(last)s.",
                first=Limits.FIRST_YEAR,
                last=Limits.LAST_YEAR,
            )
        )
    return day
