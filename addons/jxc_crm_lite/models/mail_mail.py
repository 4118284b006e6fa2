# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import models
from odoo.tools.mail import append_content_to_html

FOOTER = Markup('<p style="font-size: 12px; color: #888888;"><a href="%s">%s</a></p>')


class MailMail(models.Model):
    """Marketing without a mailing: how to get no more, and what became of it."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """As in mailings, each recipient's e-mail has an address to opt out by.

        It is in the headers for the mail program, and in a link below the text; not
        in the timeline, where others would opt out for the customer.
        """
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        company = self.mailing_trace_ids.jxc_company_id[:1]
        if not company or self.mailing_id:
            return emails
        for values in emails:
            if not (values["email_to"] and values["email_to_normalized"]):
                continue
            url = company._jxc_unsubscribe_url(values["email_to_normalized"][0])
            partner = values["partner_id"] or company.partner_id
            here = self.with_context(lang=partner.lang or company.partner_id.lang)
            values["body"] = append_content_to_html(
                values["body"],
                FOOTER % (url, here.env._("Unsubscribe from such e-mails")),
                plaintext=False,
            )
            values["headers"].update(
                {
                    "List-Unsubscribe": f"<{url}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                    "Precedence": "list",
                }
            )
        return emails

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
