# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    def _action_send_sms_mass(self, records=None):
        if self._is_mass_sms():
            self.mailing_id._jxc_check_awake()
        return super()._action_send_sms_mass(records)

    def _prepare_mass_sms_values(self, records):
        result = super()._prepare_mass_sms_values(records)
        if not self._is_mass_sms():
            return result
        outgoing = {
            res_id: values["number"]
            for res_id, values in result.items()
            if values["state"] == "outgoing"
        }
        for res_id in self.mailing_id._jxc_over_limit(outgoing):
            values = result[res_id]
            values.update(state="canceled", failure_type="jxc_limit")
            for command in values["mailing_trace_ids"]:
                command[2].update(trace_status="cancel", failure_type="jxc_limit")
        return result

    @api.model
    def _get_unsubscribe_info(self, url):
        """People in China opt out by a reply; a gateway knows which."""
        hint = self.env.company._jxc_get_sms_gateway().optout_hint
        return hint or super()._get_unsubscribe_info(url)
