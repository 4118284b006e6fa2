# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class SmsSms(models.Model):
    _inherit = "sms.sms"

    # The queue is worked off by one user for all companies; without this it would
    # send everything by the gateway of that user's company.
    jxc_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Sending Company",
        ondelete="set null",
        readonly=True,
    )
    failure_type = fields.Selection(
        selection_add=[("jxc_limit", "Enough Marketing Lately")],
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("jxc_company_id", self.env.company.id)
        return super().create(vals_list)

    def _get_sms_company(self):
        return (
            self.mailing_id.jxc_company_id
            or self.mail_message_id.record_company_id
            or self.jxc_company_id
            or super()._get_sms_company()
        )

    def _jxc_split_by_gateway(self):
        """Return [(company, its SMS)] of companies with a gateway, and the rest."""
        ours, rest = [], self.browse()
        for company, group in self.grouped(lambda sms: sms._get_sms_company()).items():
            if company._jxc_get_sms_gateway():
                ours.append((company, group))
            else:
                rest += group
        return ours, rest

    def _split_by_api(self):
        ours, rest = self._jxc_split_by_gateway()
        for company, group in ours:
            door = company._get_sms_api_class()(self.env)
            door._set_company(company)
            yield door, group
        if rest:
            yield from super(SmsSms, rest)._split_by_api()

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """The queue hands over SMS of all companies at once; each goes its own way."""
        options = {
            "unlink_failed": unlink_failed,
            "unlink_sent": unlink_sent,
            "raise_exception": raise_exception,
        }
        if self.env.context.get("sms_api"):
            return super()._send(**options)
        for door, group in self._split_by_api():
            super(SmsSms, group.with_context(sms_api=door))._send(**options)
        return None
