# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from odoo.addons.account.models.mail_message import bypass_token

from ..tools.personal import ACCOUNTS, LINKS, TEXTS, is_about

#: threads that are nothing but about the persons
OWN = ("res.partner", "crm.lead")
EMPTY = {
    "body": "",
    "subject": False,
    "outgoing_email_to": False,
    "incoming_email_to": False,
    "incoming_email_cc": False,
}
#: where files are that are of nothing but a message
LOOSE = (False, "mail.message", "mail.compose.message")
TRACKED = ("old_value_char", "new_value_char", "old_value_text", "new_value_text")


class ResPartner(models.Model):
    """What is said about persons in threads, also of documents that stay."""

    _inherit = "res.partner"

    def _jxc_documents(self):
        """Records with a thread that are about these persons, model by model."""
        found = []
        for name, model in self.env.registry.items():
            field = model._fields.get(LINKS.get(name, "partner_id"))
            if (
                not model._abstract
                and model._auto
                and "message_ids" in model._fields
                and field
                and field.store
                and field.comodel_name == "res.partner"
                and field.type == "many2one"
                and name not in OWN
            ):
                records = self._jxc_all(name)
                if records:
                    found.append(records)
        return found

    def _jxc_words(self):
        """What names the persons: names, numbers, addresses."""
        words = set()
        for name in ("name", "phone", "phone_sanitized", "email", "vat", "street"):
            words.update(text.strip() for text in self.mapped(name) if text)
        leads = self._jxc_all("crm.lead")
        tickets = self._jxc_all("helpdesk.ticket")
        for records, names in (
            (leads, ("contact_name", "partner_name", "email_from", "phone")),
            (tickets, ("partner_name", "partner_email", "jxc_phone")),
        ):
            for name in names:
                words.update(text.strip() for text in records.mapped(name) if text)
        return {word for word in words if len(word) > 1}

    def _jxc_erase_threads(self, words):
        """Empty what was said on documents, delete it on the contact; yield both.

        On accounts only letters to and from the persons are emptied, the notes of the
        accountants and of the system are part of the archives.

        :param words: what names the persons
        """
        messages = self.env["mail.message"].sudo()
        own = messages.search(self._jxc_message_domain())
        theirs = own.filtered(lambda message: message.model not in OWN)
        # Letters to them, on whatever they are; invitations are such.
        emptied = theirs | (messages.search([("partner_ids", "in", self.ids)]) - own)
        for documents in self._jxc_documents():
            said = messages.search(
                [("model", "=", documents._name), ("res_id", "in", documents.ids)]
            )
            if documents._name == "res.partner.bank":
                said.unlink()  # its changes are numbers of accounts
                continue
            if documents._name in ACCOUNTS:
                emptied |= said.filtered(
                    lambda message: (
                        message.message_type != "notification"
                        and (
                            "email" in message.message_type
                            or message.message_type == "sms"
                            or (message.author_id | message.partner_ids) & self
                        )
                    )
                )
                continue
            emptied |= said.filtered(
                lambda message: (
                    message.message_type not in ("notification", "auto_comment")
                    or is_about(words, message.body, message.subject)
                )
            )
            self._jxc_erase_tracking(said, documents._name, words)
            self._jxc_erase_planned(documents)
        for records in (self, self._jxc_all("crm.lead")):
            self._jxc_erase_planned(records)
        # Other files are of the documents, or of products that were written about.
        emptied.attachment_ids.filtered(lambda file: file.res_model in LOOSE).unlink()
        emptied.write(EMPTY)
        theirs.write({"email_from": False})
        yield own | emptied
        yield self._jxc_erase_mails(emptied)
        # Of a contact with invoices the platform keeps all changes for an audit; whom
        # they name is not part of it once the person has asked to be forgotten.
        (own - theirs).with_context(bypass_audit=bypass_token).unlink()

    def _jxc_erase_tracking(self, messages, model, words):
        """Empty old and new values that name the persons."""
        values = messages.tracking_value_ids.filtered(
            lambda value: (
                (
                    value.field_id.relation == "res.partner"
                    and {value.old_value_integer, value.new_value_integer}
                    & set(self.ids)
                )
                or value.field_id.name in TEXTS.get(model, {})
                or is_about(words, *(value[name] for name in TRACKED))
            )
        )
        values.write(dict.fromkeys(TRACKED, False))

    def _jxc_erase_planned(self, records):
        """Delete what was planned with them, done or not, and what waits to be sent."""
        about = Domain("res_id", "in", records.ids)
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        activities.search(about & Domain("res_model", "=", records._name)).unlink()
        waiting = self.env["mail.scheduled.message"].sudo()
        waiting.search(about & Domain("model", "=", records._name)).unlink()

    def _jxc_erase_mails(self, messages):
        """Delete mails made of emptied messages, and those to the persons; return them.

        The messages stay, they are judged by the document they are on.
        """
        domain = Domain("mail_message_id", "in", messages.ids)
        domain |= self._jxc_mail_domain()
        mails = self.env["mail.mail"].sudo().search(domain)
        mails.write({"is_notification": True})
        mails.unlink()
        return mails
