# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

import pytz

from odoo import models

#: Days looked at in one go, and how often, until a deadline is found.
STRIDE, STRIDES = timedelta(days=14), 100


class HelpdeskTicket(models.Model):
    """The working hours that the clock of a ticket counts in."""

    _inherit = "helpdesk.ticket"

    def _jxc_deadline(self, hours, waited):
        """The moment after so many working hours of the company, False without."""
        if not hours or not self.jxc_opened_at:
            return False
        opened, left = self.jxc_opened_at, timedelta(hours=hours + waited)
        if self.company_id.resource_calendar_id:
            for number in range(STRIDES):
                begin = opened + STRIDE * number
                for start, stop in self._jxc_shifts(begin, begin + STRIDE):
                    if left <= stop - start:
                        return start + left
                    left -= stop - start
            left = timedelta(hours=hours + waited)
        # A company without working hours is there day and night.
        return opened + left

    def _jxc_working_hours(self, start, stop):
        """Working hours of the company between two UTC moments."""
        if not start or stop <= start:
            return 0.0
        if self.company_id.resource_calendar_id:
            shifts = self._jxc_shifts(start, stop)
        else:
            shifts = [(start, stop)]
        return sum((end - begin).total_seconds() for begin, end in shifts) / 3600.0

    def _jxc_shifts(self, start, stop):
        """Return [(start, stop)] of the company's work between UTC moments, in UTC.

        The platform would count in the zone of the calendar alone.
        """
        found = self.company_id.resource_calendar_id._work_intervals_batch(
            pytz.utc.localize(start),
            pytz.utc.localize(stop),
            tz=pytz.timezone(self._jxc_working_zone()),
        )
        return [
            tuple(at.astimezone(pytz.utc).replace(tzinfo=None) for at in (begin, end))
            for begin, end, _attendance in found[False]
        ]

    def _jxc_working_zone(self):
        """Return the name of the time zone that the working hours are meant in.

        The platform gives a calendar UTC where nobody chose a zone; its hours are then
        those of the clock on the wall, as the days of the company are. Another zone
        was chosen.
        """
        zone = self.company_id.resource_calendar_id.tz
        return self.company_id._jxc_timezone() if zone in (False, "UTC") else zone
