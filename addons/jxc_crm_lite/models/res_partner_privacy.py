# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

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

    Other addons extend ``_jxc_personal_sources`` and ``_jxc_erase_personal``.
    """

    _inherit = "res.partner"

    def _jxc_check_officer(self):
        """Only officers for personal data and administrators handle requests.

        :raise AccessError: for everybody else
        """
        user = self.env.user
        if not (self.env.su or any(user.has_group(group) for group in OFFICERS)):
            raise AccessError(
                self.env._(
                    "Personal data is handed out and erased by officers for personal"
                    " data and administrators only."
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
                ["acc_number", "acc_holder_name", "bank_id"],
            ),
            "followups": (
                "jxc.followup",
                partner & company,
                ["date", "kind", "outcome", "note", "next_date", "next_note"]
                + ["user_id", "latitude", "longitude"],
            ),
            "leads": (
                "crm.lead",
                partner & company,
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
                partner & company,
                ["number", "name", *TICKET, "description", "create_date"],
            ),
            "messages": (
                "mail.message",
                self._jxc_message_domain(),
                ["date", "message_type", "email_from", "subject", "body"]
                + ["author_id", "model", "res_id"],
            ),
            "sms": ("sms.sms", partner, ["number", "body", "state", "create_date"]),
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

    def _jxc_message_domain(self):
        """Messages on these contacts and their leads, and those they wrote."""
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        leads = leads.search([("partner_id", "in", self.ids)])
        return (
            (Domain("model", "=", "res.partner") & Domain("res_id", "in", self.ids))
            | (Domain("model", "=", "crm.lead") & Domain("res_id", "in", leads.ids))
            | Domain("author_id", "in", self.ids)
        )

    def _jxc_personal_files(self):
        """Attachments of the contacts, their leads and follow-ups, as superuser."""
        domain = Domain("res_model", "=", "res.partner")
        domain &= Domain("res_id", "in", self.ids)
        for model in ("crm.lead", "jxc.followup"):
            records = self.env[model].sudo().with_context(active_test=False)
            records = records.search([("partner_id", "in", self.ids)])
            domain |= Domain("res_model", "=", model) & Domain(
                "res_id", "in", records.ids
            )
            if model == "jxc.followup":
                domain |= Domain("id", "in", records.photo_ids.ids)
        # Pictures are attachments of a field, which are left out unless asked for.
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(domain & Domain("res_field", "in", [False, "image_1920"]))
        )

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
            "crm.lead": partner & Domain("won_status", "=", "pending"),
            "helpdesk.ticket": partner & Domain("closed", "=", False),
        }
        found = []
        for model, domain in domains.items():
            records = self.env[model].sudo().search(domain)
            if records:
                found.append(records)
        return found

    # Erasing ----------------------------------------------------------------------

    def _jxc_erase_personal(self):
        """Make these persons unknown; called as superuser, after all checks.

        Orders, deliveries, invoices, payments and their prints stay, as the law on
        accounting asks; whom they were for is a number afterwards.

        :return: dict of model name: number of records changed or deleted
        """
        done = {}

        def note(records):
            if records:
                done[records._name] = done.get(records._name, 0) + len(records)

        context = {"active_test": False, "tracking_disable": True}
        partners = self.with_context(**context)
        files = partners._jxc_personal_files()
        note(files)
        files.unlink()
        followups = self._jxc_all("jxc.followup")
        followups.activity_id.unlink()
        followups.write(
            {
                "note": False,
                "next_note": False,
                "is_next_done": True,
                "is_located": False,
                "latitude": 0,
                "longitude": 0,
            }
        )
        note(followups)
        messages = self.env["mail.message"].sudo().search(self._jxc_message_domain())
        own = messages.filtered(lambda m: m.model in ("res.partner", "crm.lead"))
        note(messages)
        # What they wrote on documents that stay is emptied, not deleted.
        (messages - own).write({"body": "", "subject": False, "email_from": False})
        own.unlink()
        leads = self._jxc_all("crm.lead")
        for lead in leads:
            lead.name = self.env._("Erased %(number)s", number=lead.id)
        leads.write(dict.fromkeys(LEAD, False))
        note(leads)
        tickets = self._jxc_all("helpdesk.ticket")
        tickets.write(
            {**dict.fromkeys(TICKET, False), "description": self.env._("Erased")}
        )
        note(tickets)
        for model in ("sms.sms", "mail.activity", "jxc.partner.duplicate"):
            records = self._jxc_all(model)
            note(records)
            records.unlink()
        for account in self._jxc_all("res.partner.bank"):
            account.write({"acc_number": f"ERASED-{account.id}", "active": False})
            account.acc_holder_name = False
        if "mailing.trace" in self.env:
            # Where mass mailings are installed they keep whom they wrote to.
            traces = self.env["mailing.trace"].sudo()
            traces = traces.search(
                [("model", "=", "res.partner"), ("res_id", "in", self.ids)]
            )
            traces.write({"email": False})
            if "sms_number" in traces._fields:
                traces.write({"sms_number": False})
            note(traces)
        logs = self._jxc_all("jxc.partner.merge.log")
        logs.write({"kept": False, "merged": False, "details": False})
        self._jxc_all("jxc.privacy.log").write({"subject": False})
        partners._jxc_erase_contacts()
        note(partners)
        return done

    def _jxc_all(self, model):
        """All records of a model that are about these persons, as superuser."""
        records = self.env[model].sudo()
        records = records.with_context(active_test=False, tracking_disable=True)
        domain = Domain("partner_id", "in", self.ids)
        if model == "mail.activity":
            domain = Domain("res_model", "=", "res.partner")
            domain &= Domain("res_id", "in", self.ids)
        elif model == "jxc.partner.duplicate":
            domain |= Domain("other_id", "in", self.ids)
        return records.search(domain)

    def _jxc_erase_contacts(self):
        values = dict.fromkeys(set(PERSONAL) - {"name"}, False)
        values.update(dict.fromkeys(set(NUMBERS) & self._fields.keys(), 0))
        for partner in self:
            partner.write(
                {
                    **values,
                    "name": self.env._("Erased Contact %(number)s", number=partner.id),
                    "image_1920": False,
                    "state_id": False,
                    "category_id": [(5,)],
                }
            )
        self.action_archive()
