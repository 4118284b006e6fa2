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

    def _jxc_drop_opted_out(self):
        """Cancel marketing to numbers that opted out while it waited; return it."""
        marketing = self.filtered(
            lambda sms: (
                sms.mailing_id.use_exclusion_list
                if sms.mailing_id
                else sms.mailing_trace_ids.jxc_company_id
            )
        )
        if not marketing:
            return marketing
        blacklist = self.env["phone.blacklist"].sudo()
        blocked = blacklist.search([("number", "in", marketing.mapped("number"))])
        blocked = set(blocked.mapped("number"))
        dropped = marketing.filtered(lambda sms: sms.number in blocked)
        dropped._update_sms_state_and_trackers("canceled", "sms_blacklist")
        return dropped

    def send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Have them sent once this transaction has committed.

        A gateway's go into its own queue here and now. The platform's service is asked
        by its scheduled action: what is sent in the middle of a transaction is out also
        when that fails, and goes out again when it is tried again.
        """
        ours, rest = self._jxc_split_by_gateway()
        if rest:
            # sudo: no user has rights on scheduled actions
            self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()
        queued = self.browse().union(*(group for _company, group in ours))
        if not queued:
            return None
        return super(SmsSms, queued).send(
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )

    def resend_failed(self):
        """Try failed ones again; tell that they wait, not that they failed again."""
        waiting = self.filtered(lambda sms: sms.state == "error" and not sms.to_delete)
        result = super().resend_failed()
        if not waiting:
            return result
        return {
            **result,
            "params": {
                "title": self.env._("SMS"),
                "message": self.env._(
                    "%(count)s of %(total)s SMS are sent again in a moment.",
                    count=len(waiting),
                    total=len(self),
                ),
                "type": "success",
            },
        }

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """The queue hands over SMS of all companies at once; each goes its own way."""
        options = {
            "unlink_failed": unlink_failed,
            "unlink_sent": unlink_sent,
            "raise_exception": raise_exception,
        }
        rest = self - self._jxc_drop_opted_out()
        if self.env.context.get("sms_api"):
            return super(SmsSms, rest)._send(**options) if rest else None
        for door, group in rest._split_by_api():
            super(SmsSms, group.with_context(sms_api=door))._send(**options)
        return None
