# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.sms_api import SmsApiGateway


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_marketing_limit = fields.Integer(
        string="Marketing Messages per Contact",
        help="How many marketing SMS and e-mails together a contact gets at most in"
        " the days below; 0: no limit.",
    )
    jxc_marketing_days = fields.Integer(
        string="Within (days)",
        default=30,
    )
    jxc_quiet_from = fields.Float(
        string="Quiet from",
        default=21.0,
        help="No marketing SMS or e-mail goes out in these hours, in the time zone of"
        " the company's contact. The same hour twice: no quiet hours.",
    )
    jxc_quiet_to = fields.Float(
        string="Quiet to",
        default=8.0,
    )

    @api.constrains(
        "jxc_marketing_limit", "jxc_marketing_days", "jxc_quiet_from", "jxc_quiet_to"
    )
    def _check_jxc_marketing(self):
        for company in self:
            hours = (company.jxc_quiet_from, company.jxc_quiet_to)
            if (
                company.jxc_marketing_limit < 0
                or not 1 <= company.jxc_marketing_days <= 366
                or any(not 0 <= hour < 24 for hour in hours)
            ):
                raise ValidationError(
                    self.env._(
                        "%(company)s: at least 0 marketing messages in 1 to 366 days,"
                        " and quiet hours from 0:00 to 23:59.",
                        company=company.name,
                    )
                )

    def _jxc_quiet_until(self, now=None):
        """Return when the quiet hours end, False outside of them.

        :param now: naive datetime in UTC; now when left out
        :return: naive datetime in UTC, or False
        """
        self.ensure_one()
        start, end = self.jxc_quiet_from, self.jxc_quiet_to
        zone = pytz.timezone(self._jxc_timezone())
        now = pytz.utc.localize(now or fields.Datetime.now())
        local = now.astimezone(zone)
        hour = local.hour + local.minute / 60 + local.second / 3600
        quiet = start <= hour < end if start < end else hour >= start or hour < end
        if start == end or not quiet:
            return False
        day = local.date() + timedelta(days=hour >= end)
        minutes = round(end * 60)
        at = datetime.combine(day, time(minutes // 60, minutes % 60))
        return zone.localize(at).astimezone(pytz.utc).replace(tzinfo=None)

    # SMS ------------------------------------------------------------------------

    def _jxc_get_sms_gateway(self):
        """The gateway with an HTTP interface that sends for the company, or none."""
        self.ensure_one()
        gateway = self.env["jxc.sms.gateway"]._of_company(self)
        return gateway.filtered(lambda each: each.provider == "http")

    def _get_sms_api_class(self):
        if self._jxc_get_sms_gateway():
            return SmsApiGateway
        return super()._get_sms_api_class()
