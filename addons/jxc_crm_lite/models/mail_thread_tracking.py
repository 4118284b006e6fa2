# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Command

#: on whose documents an e-mail goes to a customer
TRACKED = ("res.partner", "crm.lead", "sale.order")
#: what people write, not what the system reports
WRITTEN = ("comment", "email_outgoing")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_by_email_get_final_mail_values(
        self, recipient_ids, mail_values, additional_values=None
    ):
        """An e-mail that somebody writes to a customer has a trace, as in mailings.

        It is no marketing: no company on it, so that no limit counts it.
        """
        values = super()._notify_by_email_get_final_mail_values(
            recipient_ids, mail_values, additional_values=additional_values
        )
        if self._name in TRACKED and len(self) == 1:
            trace = self._jxc_prepare_trace(recipient_ids, values)
            if trace:
                values["mailing_trace_ids"] = [Command.create(trace)]
        return values

    def _jxc_prepare_trace(self, recipient_ids, values):
        """Return the values of a trace; nothing for what only colleagues read."""
        # sudo: the sender need not see the company's settings or all recipients
        company = self.sudo().company_id or self.env.company
        message = self.env["mail.message"].sudo().browse(values.get("mail_message_id"))
        recipients = self.env["res.partner"].sudo().browse(recipient_ids)
        outside = recipients.filtered(
            lambda partner: partner.partner_share and partner.email_normalized
        )
        if (
            not company.jxc_track_mails
            or message.message_type not in WRITTEN
            or (recipients and not outside)
        ):
            return None
        return {
            "trace_type": "mail",
            "model": self._name,
            "res_id": self.id,
            "message_id": message.message_id,
            "email": outside.email_normalized if len(outside) == 1 else False,
        }
