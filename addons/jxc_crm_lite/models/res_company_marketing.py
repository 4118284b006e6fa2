# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import hmac

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.sms_api import SmsApiGateway

#: characters of a token in an SMS, each half a byte
SMS_TOKEN = 16


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_marketing_limit = fields.Integer(
        string="Marketing Messages per Contact",
        help="How many marketing SMS and e-mails together a contact gets at most in"
        " the days below; 0: no limit.",
        prefetch=RARELY_READ,
    )
    jxc_marketing_days = fields.Integer(
        string="Within (days)",
        default=30,
        prefetch=RARELY_READ,
    )
    jxc_quiet_from = fields.Float(
        string="Quiet from",
        default=21.0,
        help="No marketing SMS or e-mail goes out in these hours, in the time zone of"
        " the company's contact. The same hour twice: no quiet hours.",
        prefetch=RARELY_READ,
    )
    jxc_quiet_to = fields.Float(
        string="Quiet to",
        default=8.0,
        prefetch=RARELY_READ,
    )

    jxc_track_mails = fields.Boolean(
        string="Track E-mails to Customers",
        default=True,
        help="E-mails to customers carry an image and short links, which tell when they"
        " are opened and clicked. Mailings always do.",
        prefetch=RARELY_READ,
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

    # Frequency ------------------------------------------------------------------

    def _jxc_had_enough(self, contacts, model="res.partner", name="sms_number"):
        """Return the keys of contacts that had enough marketing lately.

        A contact is a record and its number or address: who is in the database twice
        is still one person. SMS and e-mails count together: those of mailings, those
        to many customers at once without one, and those of programs by a gateway.
        Until the end of the transaction nobody else sends marketing for the company.

        :param dict contacts: key: (id of the record or None, number or e-mail)
        :param model: whose ids they are
        :param name: "sms_number", or "email" for normalized e-mails
        """
        self.ensure_one()
        if not self.jxc_marketing_limit or not contacts:
            return set()
        self.env["jxc.marketing.turn"]._take(self)
        ids = [res_id for res_id, _address in contacts.values() if res_id]
        addresses = [address for _id, address in contacts.values() if address]
        since = fields.Datetime.now() - timedelta(days=self.jxc_marketing_days)
        by_record, by_address = defaultdict(set), defaultdict(set)
        # sudo: traces of colleagues' mailings count as well
        traces = self.env["mailing.trace"].sudo()
        for trace in traces.search_fetch(
            [
                "|",
                ("mass_mailing_id.jxc_company_id", "=", self.id),
                ("jxc_company_id", "=", self.id),
                ("create_date", ">", since),
                ("trace_status", "not in", ("cancel", "error", "bounce")),
                ("is_test_trace", "=", False),
                "|",
                "&",
                ("model", "=", model),
                ("res_id", "in", ids),
                (name, "in", addresses),
            ],
            ["model", "res_id", name],
        ):
            if trace.model == model:
                by_record[trace.res_id].add(("trace", trace.id))
            if trace[name]:
                by_address[trace[name]].add(("trace", trace.id))
        partners = ids if model == "res.partner" else []
        for row in self._jxc_sent_by_programs(partners, addresses, since):
            if partners and row.partner_id:
                by_record[row.partner_id.id].add(("sms", row.id))
            if name == "sms_number":
                by_address[row.number].add(("sms", row.id))
        return {
            key
            for key, (res_id, address) in contacts.items()
            if len(by_record.get(res_id, set()) | by_address.get(address, set()))
            >= self.jxc_marketing_limit
        }

    def _jxc_sent_by_programs(self, partners, addresses, since):
        """Marketing SMS of gateways that are of no mailing: those have traces."""
        rows = self.env["jxc.sms.message"].sudo()
        rows = rows.search_fetch(
            [
                ("company_id", "=", self.id),
                ("direction", "=", "out"),
                ("is_marketing", "=", True),
                ("state", "not in", ("cancelled", "failed")),
                ("queued_at", ">", since),
                "|",
                ("partner_id", "in", partners),
                ("number", "in", addresses),
            ],
            ["partner_id", "number", "uuid"],
        )
        trackers = self.env["sms.tracker"].sudo()
        trackers = trackers.search_fetch(
            [
                ("sms_uuid", "in", rows.mapped("uuid")),
                ("mailing_trace_id", "!=", False),
            ],
            ["sms_uuid"],
        )
        mailed = set(trackers.mapped("sms_uuid"))
        return rows.filtered(lambda row: row.uuid not in mailed)

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

    # Opting out -----------------------------------------------------------------

    def _jxc_unsubscribe_url(self, email):
        """Return the page where the owner of an address opts out of marketing.

        :param str email: normalized
        """
        query = {"email": email, "token": self._jxc_unsubscribe_token(email)}
        path = f"/jxc/unsubscribe/{self.id}?{urlencode(query)}"
        return self.get_base_url().rstrip("/") + path

    def _jxc_unsubscribe_sms_url(self, number):
        """Return the page where the owner of a number opts out; short, for an SMS.

        :param str number: as +86…
        """
        token = self._jxc_unsubscribe_token(number)[:SMS_TOKEN]
        path = f"/jxc/u/{self.id}/{number.lstrip('+')}/{token}"
        return self.get_base_url().rstrip("/") + path

    def _jxc_sms_optout(self, number):
        """Return what a marketing SMS says about opting out; empty: nothing.

        By a reply where a gateway can tell who replied, else by a link.
        """
        gateway = self._jxc_get_sms_gateway()
        if gateway:
            return gateway.optout_hint or ""
        here = self.with_context(lang=self._jxc_lang())
        return here.env._(
            "Unsubscribe: %(url)s", url=self._jxc_unsubscribe_sms_url(number)
        )

    def _jxc_unsubscribe_token(self, email):
        """Return what only those know who got a message at this address or number."""
        self.ensure_one()
        scope = "jxc_crm_lite-unsubscribe"
        return hmac(self.env(su=True), scope, (self.id, email))
