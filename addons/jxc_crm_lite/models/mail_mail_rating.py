# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import models

#: begins what stands for a token in texts
ASKED = "asked-"
LINK = re.compile(rf"(?<=/rate/){ASKED}(\d{{1,9}})(?=/)")


class MailMail(models.Model):
    """The customer's copy, and no other, has a link that rates a ticket."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self.model != "helpdesk.ticket":
            return emails
        for values in emails:
            for name in ("body", "body_alternative"):
                if text := values.get(name):
                    values[name] = self._jxc_with_tokens(text, values)
        return emails

    def _jxc_with_tokens(self, text, values):
        """Return the text with links that work for the recipient of an e-mail."""
        ratings = self._jxc_ratings_of(values, LINK.findall(text))
        for rating in ratings:
            own = rf"(?<=/rate/){ASKED}{rating.id}(?=/)"
            text = type(text)(re.sub(own, rating.access_token, str(text)))
        return text

    def _jxc_ratings_of(self, values, names):
        """Return ratings of this ticket that the recipient of an e-mail gives.

        :param dict values: of one e-mail, for the mail server
        :param names: ids in its links, as text
        """
        # sudo: nobody reads tokens but the server
        ratings = self.env["rating.rating"].sudo()
        if not names:
            return ratings
        ratings = ratings.search(
            [
                ("id", "in", [int(name) for name in names]),
                ("res_model", "=", self.model),
                ("res_id", "=", self.res_id),
            ]
        )
        written = values["email_to_normalized"]
        return ratings.filtered(
            lambda one: written == [one.partner_id.email_normalized]
        )
