# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class MailMail(models.Model):
    """Traces of marketing without a mailing tell what became of it as well."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        traces = self.filtered(lambda mail: not mail.mailing_id).mailing_trace_ids
        if failure_type:
            traces.set_failed(failure_type=failure_type)
        else:
            traces.set_sent()
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )
