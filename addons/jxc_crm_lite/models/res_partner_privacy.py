# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.personal import LINKS, WITHOUT_EFFECT

OFFICERS = ("jxc_crm_lite.group_privacy_officer", "base.group_system")
PERSONAL = (
    "name",
    "ref",
    "vat",
    "phone",
    "email",
    "website",
    "function",
    "street",
    "street2",
    "zip",
    "city",
    "comment",
    "barcode",
)
NUMBERS = ("partner_latitude", "partner_longitude")
LEAD = (
    "contact_name",
    "partner_name",
    "email_from",
    "email_cc",
    "phone",
    "website",
    "function",
    "street",
    "street2",
    "zip",
    "city",
    "description",
)
TICKET = ("partner_name", "partner_email")


class ResPartner(models.Model):
    """What is known of a person: all of it on request, and none of it after erasing.

    Other addons extend ``_jxc_personal_sources`` and ``_jxc_erase_personal``; what
    erasing does is in ``res_partner_erase``, and what is handed out because it would be
    erased in ``res_partner_personal``.
    """

    _inherit = "res.partner"

    def _jxc_check_officer(self):
        """Only officers for personal data and administrators handle requests.

        :raise AccessError: for everybody else, and for contacts of other companies
        """
        user = self.env.user
        if not (self.env.su or any(user.has_group(group) for group in OFFICERS)):
            raise AccessError(
                self.env._(
                    "Personal data is handed out and erased by officers for personal"
                    " data and administrators only."
                )
            )
        # sudo: officers handle persons whom their role in sales does not show them
        foreign = self.sudo().company_id - user.company_ids
        if foreign and not self.env.su:
            raise AccessError(
                self.env._(
                    "The contact is one of %s only; an officer there has to do it.",
                    ", ".join(foreign.mapped("name")),
                )
            )

    def _jxc_persons(self):
        """The contact and, of a company, the persons below it; archived ones too."""
        return (
            self.sudo()
            .with_context(active_test=False)
            .search([("id", "child_of", self.ids)])
        )

    # What there is ----------------------------------------------------------------

    def _jxc_personal_sources(self):
        """Where data of these persons is kept.

        :return: dict of a table's name: (model, Domain, list of field names)
        """
        ids = self.ids
        partner = Domain("partner_id", "in", ids)
        company = Domain("company_id", "in", [*self.env.companies.ids, False])
        return {
            "contact": (
                "res.partner",
                Domain("id", "in", ids),
                [*PERSONAL, *NUMBERS, "is_company", "country_id", "state_id", "lang"]
                + ["category_id", "user_id", "create_date", "jxc_owner_since"],
            ),
            "bank_accounts": (
                "res.partner.bank",
                partner,
                ["acc_number", "acc_holder_name", "bank_id"]
                + ["clearing_number", "note"],
            ),
            "followups": (
                "jxc.followup",
                partner & company,
                ["date", "kind", "outcome", "note", "next_date", "next_note"]
                + ["user_id", "phone", "latitude", "longitude"],
            ),
            "leads": (
                "crm.lead",
                self._jxc_lead_domain() & company,
                ["name", *LEAD, "stage_id", "create_date"],
            ),
            "orders": (
                "sale.order",
                partner & company,
                ["name", "date_order", "amount_total", "currency_id", "state"]
                + ["client_order_ref", "signed_by"],
            ),
            "deliveries": (
                "stock.picking",
                partner & company,
                ["name", "scheduled_date", "date_done", "state"],
            ),
            "invoices": (
                "account.move",
                partner & company & Domain("move_type", "!=", "entry"),
                ["name", "invoice_date", "amount_total", "currency_id", "state"],
            ),
            "payments": (
                "account.payment",
                partner & company,
                ["name", "date", "amount", "currency_id", "state"],
            ),
            "tickets": (
                "helpdesk.ticket",
                self._jxc_ticket_domain() & company,
                ["number", "name", *TICKET, "description", "create_date"],
            ),
            "messages": (
                "mail.message",
                self._jxc_message_domain(),
                ["date", "message_type", "email_from", "subject", "body"]
                + ["author_id", "model", "res_id"],
            ),
            "sms": (
                "sms.sms",
                self._jxc_domain_of("sms.sms"),
                ["number", "body", "state", "create_date"],
            ),
            "sms_of_gateways": (
                "jxc.sms.message",
                self._jxc_domain_of("jxc.sms.message") & company,
                ["direction", "number", "body", "state", "create_date"],
            ),
            "ratings": (
                "rating.rating",
                partner & Domain("consumed", "=", True),
                ["res_name", "rating", "feedback", "rated_on"],
            ),
            "mailings": (
                "mailing.trace",
                self._jxc_trace_domain(),
                ["mass_mailing_id", "email", "sms_number", "sent_datetime"]
                + ["open_datetime", "links_click_datetime", "trace_status"],
            ),
            "meetings": (
                "calendar.event",
                Domain("partner_ids", "in", ids) | self._jxc_meeting_domain(),
                ["name", "start", "stop", "location", "description"],
            ),
            "classes": (
                "jxc.customer.class",
                partner & Domain("company_id", "in", self.env.companies.ids),
                ["company_id", "abc", "life_cycle", "rfm_score", "monetary"],
            ),
            "owners": (
                "jxc.pool.log",
                partner & Domain("company_id", "in", self.env.companies.ids),
                ["create_date", "kind", "user_id", "new_owner_id", "reason"],
            ),
        }

    def _jxc_lead_domain(self):
        """Leads of these persons, also those that only have their address."""
        return self._jxc_address_domain("email_normalized", "phone_sanitized")

    def _jxc_ticket_domain(self):
        """Tickets of these persons, also those that only have their address."""
        return self._jxc_address_domain("partner_email", "jxc_phone")

    def _jxc_address_domain(self, email, phone):
        numbers, emails = self._jxc_own_addresses()
        written = {text for text in self.mapped("phone") if text}
        domain = Domain(email, "in", emails) | Domain(phone, "in", numbers)
        domain |= Domain(phone, "in", sorted(written)) if numbers else Domain.FALSE
        domain &= Domain("partner_id", "=", False)
        return domain | Domain("partner_id", "in", self.ids)

    def _jxc_own_addresses(self):
        """Numbers and e-mail addresses that nobody else has.

        :return: (list of numbers as +86…, list of normalized e-mail addresses)
        """
        found = []
        for name in ("phone_sanitized", "email_normalized"):
            values = {value for value in self.mapped(name) if value}
            others = self.sudo().with_context(active_test=False)
            others = others.search(
                [(name, "in", list(values)), ("id", "not in", self.ids)]
            )
            found.append(sorted(values - set(others.mapped(name))))
        return tuple(found)

    def _jxc_message_domain(self):
        """Messages on these contacts and their leads, and those they wrote."""
        leads = self._jxc_all("crm.lead")
        return (
            (Domain("model", "=", "res.partner") & Domain("res_id", "in", self.ids))
            | (Domain("model", "=", "crm.lead") & Domain("res_id", "in", leads.ids))
            | Domain("author_id", "in", self.ids)
        )

    def _jxc_personal_files(self):
        """Attachments that only these persons are the reason for, as superuser.

        Of contacts, leads, follow-ups and tickets, and of documents without an effect
        on accounts, like cancelled orders; those of others are kept by law.
        """
        domain = Domain("res_model", "=", "res.partner")
        domain &= Domain("res_id", "in", self.ids)
        for model in ("crm.lead", "jxc.followup", "helpdesk.ticket", *WITHOUT_EFFECT):
            if model not in self.env:
                continue
            records = self._jxc_all(model)
            if model in WITHOUT_EFFECT:
                records = records.filtered_domain(WITHOUT_EFFECT[model][0])
            domain |= Domain("res_model", "=", model) & Domain(
                "res_id", "in", records.ids
            )
            if model == "jxc.followup":
                # not what is another document's and was only linked
                loose = Domain("res_model", "in", (False, model))
                domain |= Domain("id", "in", records.photo_ids.ids) & loose
        # Pictures are attachments of a field, which are left out unless asked for.
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(domain & Domain("res_field", "in", [False, "image_1920"]))
        )

    def _jxc_all(self, model):
        """All records of a model that are about these persons, as superuser."""
        records = self.env[model].sudo()
        records = records.with_context(active_test=False, tracking_disable=True)
        return records.search(self._jxc_domain_of(model))

    def _jxc_domain_of(self, model):
        """Which records of a model are about these persons."""
        domain = Domain(LINKS.get(model, "partner_id"), "in", self.ids)
        if model == "crm.lead":
            domain = self._jxc_lead_domain()
        elif model == "helpdesk.ticket":
            domain = self._jxc_ticket_domain()
        elif model == "jxc.partner.duplicate":
            domain |= Domain("other_id", "in", self.ids)
        elif model in ("jxc.sms.message", "sms.sms"):
            domain |= Domain("number", "in", self._jxc_own_addresses()[0])
        return domain

    # What keeps it ----------------------------------------------------------------

    def _jxc_open_documents(self):
        """Documents of these persons that are not finished yet.

        :return: list of recordsets as superuser, in all companies
        """
        partner = Domain("partner_id", "in", self.ids)
        domains = {
            "sale.order": partner
            & (
                Domain("state", "in", ("draft", "sent"))
                | (
                    Domain("state", "=", "sale")
                    & Domain("invoice_status", "=", "to invoice")
                )
            ),
            "stock.picking": partner & Domain("state", "not in", ("done", "cancel")),
            "account.move": partner
            & Domain("move_type", "!=", "entry")
            & (
                Domain("state", "=", "draft")
                | (
                    Domain("state", "=", "posted")
                    & Domain(
                        "payment_state", "in", ("not_paid", "partial", "in_payment")
                    )
                )
            ),
            "account.payment": partner & Domain("state", "in", ("draft", "in_process")),
            "crm.lead": self._jxc_lead_domain() & Domain("won_status", "=", "pending"),
            "helpdesk.ticket": self._jxc_ticket_domain() & Domain("closed", "=", False),
        }
        found = []
        for model, domain in domains.items():
            records = self.env[model].sudo().search(domain)
            if records:
                found.append(records)
        return found
