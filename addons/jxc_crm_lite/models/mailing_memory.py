# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: of messages that nobody has got
NOT_SENT = ("cancel", "error", "bounce")


class MailingMailing(models.Model):
    """What was sent is remembered as long as a frequency limit counts it."""

    _inherit = "mailing.mailing"

    def write(self, vals):
        """Whose gateway, limits and quiet hours count is decided before it is sent.

        :raise AccessError: it would go to a company that is not the user's
        :raise UserError: a sent one would be counted elsewhere
        """
        if "jxc_company_id" not in vals:
            return super().write(vals)
        moved = self.filtered(
            lambda mailing: mailing.jxc_company_id.id != vals["jxc_company_id"]
        )
        if sent := moved._jxc_get_sent():
            raise UserError(
                self.env._(
                    "“%(mailing)s” was sent already; make a copy for another company.",
                    mailing=sent.display_name,
                )
            )
        result = super().write(vals)
        # The platform judges rights by the company before.
        self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_remembered(self):
        """Without its traces the same people would get the next one at once."""
        for company, mailings in self.sudo().grouped("jxc_company_id").items():
            since = fields.Datetime.now() - timedelta(days=company.jxc_marketing_days)
            sent = company.jxc_marketing_limit and mailings._jxc_get_sent(since)
            if sent:
                raise UserError(
                    self.env._(
                        "“%(mailing)s” was sent: it counts for how often people are"
                        " written to, and cannot be deleted yet. Archive it.",
                        mailing=sent.display_name,
                    )
                )

    def _jxc_get_sent(self, since=None):
        """Return one of these mailings that has reached somebody, or none.

        :param since: naive datetime; None: at any time
        """
        domain = [
            ("mass_mailing_id", "in", self.ids),
            ("trace_status", "not in", NOT_SENT),
            ("is_test_trace", "=", False),
        ]
        if since:
            domain.append(("create_date", ">", since))
        # sudo: what was sent counts, whether or not the user sees its traces
        return self.env["mailing.trace"].sudo().search(domain, limit=1).mass_mailing_id


class MailingTrace(models.Model):
    """Traces are written by sending, which does so with the server's rights.

    Marketing people could wipe out otherwise what frequency limits count.
    """

    _inherit = "mailing.trace"

    @api.model_create_multi
    def create(self, vals_list):
        # Trying out a mailing notes whom it went to; that does not count.
        if not all(vals.get("is_test_trace") for vals in vals_list):
            self._jxc_check_sender()
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_sender()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_sending(self):
        self._jxc_check_sender()

    def _jxc_check_sender(self):
        """Refuse to make up what became of a message.

        The mail gateway notes bounces and answers; its account is an administrator's.

        :raise AccessError: for users
        """
        if self.env.su or self.env.user._is_system():
            return
        raise AccessError(
            self.env._("What was sent to whom follows from sending; it stays.")
        )
