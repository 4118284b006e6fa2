# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import email_normalize


class MailMail(models.Model):
    """Who unsubscribed while marketing waited gets none: judged when it is sent."""

    _inherit = "mail.mail"

    def _send(self, *args, **kwargs):
        rest = self - self._jxc_drop_opted_out()
        return super(MailMail, rest)._send(*args, **kwargs)

    def _jxc_drop_opted_out(self):
        """Cancel waiting marketing to addresses of the blacklist; return it."""
        waiting = self.filtered(
            lambda mail: mail.state == "outgoing" and mail._jxc_is_marketing()
        )
        if not waiting:
            return waiting
        addresses = {mail: mail._jxc_addresses() for mail in waiting}
        blacklist = self.env["mail.blacklist"].sudo()
        wanted = set().union(*addresses.values())
        blocked = blacklist.search([("email", "in", list(wanted))]).mapped("email")
        # Marketing has one recipient an e-mail.
        dropped = waiting.filtered(lambda mail: addresses[mail] & set(blocked))
        dropped.write({"state": "cancel", "failure_type": "mail_bl"})
        dropped.mailing_trace_ids.write(
            {"trace_status": "cancel", "failure_type": "mail_bl"}
        )
        return dropped

    def _jxc_is_marketing(self):
        """Mailings that respect the blacklist, and e-mails to many customers."""
        if self.mailing_id:
            return self.mailing_id.use_exclusion_list
        return bool(self.mailing_trace_ids.jxc_company_id)

    def _jxc_addresses(self):
        """Normalized addresses that one e-mail goes to."""
        written = [self.email_to, *self.recipient_ids.mapped("email")]
        return {email_normalize(each, strict=False) for each in written if each}
