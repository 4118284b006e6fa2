# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        if self.composition_mode == "mass_mail":
            if self.mass_mailing_id:
                self.mass_mailing_id._jxc_check_awake()
            elif self.mass_mailing_name and self.env.company._jxc_quiet_until():
                raise UserError(
                    self.env._(
                        "“%(mailing)s” cannot be sent in the quiet hours of"
                        " %(company)s. Make a mailing and put it in the queue.",
                        mailing=self.mass_mailing_name,
                        company=self.env.company.name,
                    )
                )
        return super()._action_send_mail(auto_commit=auto_commit)

    def _process_mail_values_state(self, mail_values_dict):
        result = super()._process_mail_values_state(mail_values_dict)
        if not self._is_mass_mailing():
            return result
        recipients = self._get_recipients_data(mail_values_dict)
        outgoing = {
            res_id: (recipients[res_id]["mail_to_normalized"] or [""])[0]
            for res_id, values in result.items()
            if values.get("state") not in ("cancel", "exception")
        }
        for res_id in self.mass_mailing_id._jxc_over_limit(outgoing):
            # Not into the contact's timeline either: it was not sent.
            result[res_id].update(
                state="cancel", failure_type="jxc_limit", is_notification=False
            )
        return result
