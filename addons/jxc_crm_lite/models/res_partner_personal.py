# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools.personal import ACCOUNTS, CHANNELS, DELETED, KEYS, TEXTS, WITHOUT_EFFECT

#: what people write; the rest of a thread is the system's
WRITTEN = ("comment", "email", "email_outgoing", "sms")
TEXT_TYPES = ("char", "text", "html")


class ResPartner(models.Model):
    """What the eraser knows is handed out as well: both follow from one list."""

    _inherit = "res.partner"

    def _jxc_personal_sources(self):
        """As described there; also all that ``tools/personal.py`` would erase."""
        sources = super()._jxc_personal_sources()
        model, domain, names = sources["contact"]
        sources["contact"] = (model, domain, _joined(names, self._jxc_contact_texts()))
        for model, names in self._jxc_erased_texts().items():
            self._jxc_add_source(sources, model, self._jxc_domain_of(model), names)
        addresses = dict(
            zip(("numbers", "emails"), self._jxc_own_addresses(), strict=True),
            ids=self.ids,
        )
        for model, (name, kind, shown) in CHANNELS.items():
            domain = Domain(name, "in", addresses[kind])
            self._jxc_add_source(sources, model, domain, shown)
        return {**sources, **self._jxc_traces_of_use()}

    def _jxc_erased_texts(self):
        """Return {model: its fields that erasing empties}, keys left out."""
        found = {model: list(names) for model, names in DELETED.items()}
        for model, values in (
            *TEXTS.items(),
            *((model, values) for model, (_why, values) in WITHOUT_EFFECT.items()),
        ):
            names = [name for name in values if name not in KEYS]
            found[model] = _joined(found.get(model, []), names)
        return {
            model: [
                name
                for name in names
                if name in self.env[model]._fields
                # files are handed out as files
                and self.env[model]._fields[name].type != "binary"
            ]
            for model, names in found.items()
            if model in self.env
        }

    def _jxc_add_source(self, sources, model, domain, names):
        """Add the fields to the table of a model, or the table if there is none."""
        for table, (known, known_domain, shown) in sources.items():
            if known == model:
                sources[table] = (model, known_domain, _joined(shown, names))
                return
        fields = self.env[model]._fields
        if "company_id" in fields and fields["company_id"].store:
            domain &= Domain("company_id", "in", [*self.env.companies.ids, False])
        date = ["create_date"] if "create_date" in fields else []
        table = model.replace(".", "_")
        sources[table] = (model, domain, _joined(["display_name", *date], names))

    def _jxc_traces_of_use(self):
        """Sources of what the platform keeps about logins, clicks, mails and plans."""
        users = self._jxc_users()
        traces = self.env["mailing.trace"].sudo().search(self._jxc_trace_domain())
        about = self._jxc_thread_domain("res_model")
        return {
            "users": (
                "res.users",
                Domain("id", "in", users.ids),
                ["login", "signature", "login_date", "create_date"],
            ),
            "keys_of_users": (
                "res.users.apikeys",
                Domain("user_id", "in", users.ids),
                ["name", "create_date"],
            ),
            "devices": (
                "res.device.log",
                Domain("user_id", "in", users.ids),
                ["ip_address", "platform", "browser", "country", "city"]
                + ["first_activity", "last_activity"],
            ),
            "clicks": (
                "link.tracker.click",
                Domain("mailing_trace_id", "in", traces.ids),
                ["ip", "country_id", "link_id", "create_date"],
            ),
            "mails": (
                "mail.mail",
                self._jxc_mail_domain(),
                ["email_to", "subject", "body_html", "state", "create_date"],
            ),
            "attendances": (
                "calendar.attendee",
                Domain("partner_id", "in", self.ids),
                ["event_id", "common_name", "email", "state"],
            ),
            "activities": (
                "mail.activity",
                about,
                ["summary", "note", "date_deadline", "user_id"],
            ),
            "messages_to_be_sent": (
                "mail.scheduled.message",
                self._jxc_thread_domain("model"),
                ["subject", "body", "scheduled_date"],
            ),
            "messages_on_documents": (
                "mail.message",
                self._jxc_letter_domain(),
                ["date", "message_type", "email_from", "subject", "body"]
                + ["author_id", "model", "res_id"],
            ),
        }

    # Where: for handing out and for erasing ------------------------------------------

    def _jxc_contact_texts(self):
        """Names of the contact's own texts, of whichever app they are."""
        return [
            name
            for name, field in self._fields.items()
            if name != "name"
            and not field.related
            and not (field.compute and field.readonly)
            and field.store
            and field.type in (*TEXT_TYPES, "properties")
        ]

    def _jxc_trace_domain(self):
        """Traces of messages to these persons, by their documents and addresses."""
        numbers, emails = self._jxc_own_addresses()
        documents = (self, self._jxc_all("crm.lead"), self._jxc_all("sale.order"))
        return Domain.OR(
            Domain("model", "=", records._name) & Domain("res_id", "in", records.ids)
            for records in documents
        ) | (Domain("email", "in", emails) | Domain("sms_number", "in", numbers))

    def _jxc_meeting_domain(self):
        """Meetings that are about these persons, whoever takes part."""
        leads = self._jxc_all("crm.lead")
        return (
            Domain("res_model", "=", "res.partner") & Domain("res_id", "in", self.ids)
        ) | Domain("opportunity_id", "in", leads.ids)

    def _jxc_mail_domain(self):
        """Mails to these persons."""
        _numbers, emails = self._jxc_own_addresses()
        domain = Domain("recipient_ids", "in", self.ids)
        return domain | Domain.OR(
            Domain("email_to", "ilike", email) for email in emails
        )

    def _jxc_thread_domain(self, name):
        """What is planned on these persons, their leads and their documents.

        :param name: of the field with the model
        """
        threads = [self, self._jxc_all("crm.lead"), *self._jxc_documents()]
        return Domain.OR(
            Domain(name, "=", records._name) & Domain("res_id", "in", records.ids)
            for records in threads
        )

    def _jxc_letter_domain(self):
        """Letters to these persons, and what was written on their documents.

        The notes of the accountants are part of the archives.
        """
        written = Domain.OR(
            Domain("model", "=", documents._name)
            & Domain("res_id", "in", documents.ids)
            for documents in self._jxc_documents()
            if documents._name not in ACCOUNTS
        )
        written &= Domain("message_type", "in", WRITTEN)
        return Domain("partner_ids", "in", self.ids) | written


def _joined(names, more):
    """The names of both, each once, in their order."""
    return list(dict.fromkeys((*names, *more)))
