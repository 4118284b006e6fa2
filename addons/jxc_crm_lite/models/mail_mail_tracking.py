# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mail import append_content_to_html

#: Addresses that open a door or mean nothing to anybody else: they stay as they are,
#: since colleagues read the list of tracked links.
PRIVATE = (
    r"[?&](access_token|token|hash|hash_token|signup_token|pid)=.*",
    r"/(my|rate|survey|mail|web|odoo|jxc|sms|unsubscribe_from_list)(/.*)?",
)


class MailMail(models.Model):
    """E-mails to customers outside of mailings are tracked by the platform's means.

    Each has a trace (``mailing.trace``): an image tells that it was opened, short links
    what was clicked. The text in the timeline stays as it was written.
    """

    _inherit = "mail.mail"

    def _prepare_outgoing_body(self):
        body = super()._prepare_outgoing_body()
        trace = self.mailing_trace_ids[:1]
        if not body or self.mailing_id or not trace:
            return body
        company = trace.jxc_company_id or self.record_company_id or self.env.company
        if not company.sudo().jxc_track_mails:
            return body
        body = self._jxc_track_links(body, trace)
        return append_content_to_html(
            body, f'<img src="{self._get_tracking_url()}" alt=""/>', plaintext=False
        )

    def _jxc_track_links(self, body, trace):
        """Return the text with short links that know the trace."""
        # sudo: whoever writes an e-mail need not make tracked links otherwise
        render = self.env["mail.render.mixin"].sudo()
        try:
            # With a title of its own, the platform does not fetch the page for one.
            short = render._shorten_links(
                body, {"title": self.env._("Link in an e-mail")}, blacklist=PRIVATE
            )
        except UserError:
            return body  # an address nobody can open is sent as it is
        base = re.escape(render.get_base_url().rstrip("/"))
        found = rf'href="({base}/r/[A-Za-z0-9]+)"'
        return type(body)(re.sub(found, rf'href="\1/m/{trace.id}"', short))
