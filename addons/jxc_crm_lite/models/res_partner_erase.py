# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import secrets

from odoo import models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..tools.personal import CHANNELS, DELETED, ERASED, TEXTS, WITHOUT_EFFECT, is_about
from .jxc_pool_mixin import LOGGED

#: users that the platform itself needs
SYSTEM_USERS = (
    "base.user_root",
    "base.user_admin",
    "base.public_user",
    "base.template_portal_user_id",
)


class ResPartner(models.Model):
    """Making persons unknown, everywhere.

    Accounts and what they rest on stay, as the law on accounting archives asks; of the
    rest nothing that says who it was. What is said about them in the threads of
    documents that stay is in ``res_partner_erase_threads``.
    """

    _inherit = "res.partner"

    def _jxc_erase_personal(self):
        """Make these persons unknown; called as superuser, after all checks.

        :return: dict of model name: number of records changed or deleted
        """
        done = {}

        def note(records):
            if records:
                done[records._name] = done.get(records._name, 0) + len(records)

        partners = self.with_context(active_test=False, tracking_disable=True)
        addresses = partners._jxc_own_addresses()
        names = partners._jxc_invoice_names()
        words = partners._jxc_words()
        # First what the platform writes letters and notes about.
        partners._jxc_leave_pool()
        partners._jxc_erase_users()
        partners._jxc_erase_banks()
        for records in partners._jxc_erase_threads(words):
            note(records)
        files = partners._jxc_personal_files()
        note(files)
        files.unlink()
        for records in partners._jxc_erase_texts():
            note(records)
        for records in partners._jxc_erase_channels(*addresses):
            note(records)
        for model in DELETED:
            if model in self.env:
                records = partners._jxc_all(model)
                note(records)
                records.unlink()
        partners._jxc_erase_meetings(words)
        partners._jxc_erase_contacts()
        partners._jxc_keep_invoice_names(names)
        note(partners)
        return done

    def _jxc_leave_pool(self):
        """Nobody looks after who is unknown, so nobody is warned and nothing falls."""
        owned = self.filtered("user_id")
        before = {partner.id: partner.user_id for partner in owned}
        owned.with_context(jxc_pool_logged=LOGGED).write({"user_id": False})
        entities = owned._jxc_in_pool_scheme()
        entities._jxc_log_pool("release", before)
        self.write({"jxc_pool_date": False})
        followups = self._jxc_all("jxc.followup")
        leads = self._jxc_all("crm.lead")
        followups |= followups.search([("lead_id", "in", leads.ids)])
        followups.filtered_domain(followups._get_open_domain())._close_steps()

    # Texts --------------------------------------------------------------------------

    def _jxc_erase_texts(self):
        """Empty what describes the persons on records that stay; yield those."""
        self._jxc_all("jxc.followup").activity_id.unlink()
        # An order made of an opportunity is called after it.
        orders = self._jxc_all("sale.order")
        orders.filtered("opportunity_id").write({"origin": False})
        for name in ("crm.lead", "helpdesk.ticket"):
            for record in self._jxc_all(name):
                record.name = self.env._("Erased %(number)s", number=record.id)
        for model, values in TEXTS.items():
            if model not in self.env:
                continue
            records = self._jxc_all(model)
            known = {k: v for k, v in values.items() if k in records._fields}
            erased = self.env._("Erased")
            known = {k: erased if v == ERASED else v for k, v in known.items()}
            records = records.filtered(lambda one, k=known: any(one[n] for n in k))
            records.write(known)
            yield records
        for model, (domain, values) in WITHOUT_EFFECT.items():
            if model in self.env:
                records = self._jxc_all(model).filtered_domain(domain)
                known = {k: v for k, v in values.items() if k in records._fields}
                if known:
                    records.write(known)

    # Channels -----------------------------------------------------------------------

    def _jxc_erase_channels(self, numbers, emails):
        """Delete what mailings, mail servers and blacklists know; yield it.

        :param numbers: numbers that nobody else has
        :param emails: e-mail addresses that nobody else has
        """
        traces = self.env["mailing.trace"].sudo().search(self._jxc_trace_domain())
        clicks = self.env["link.tracker.click"].sudo()
        clicks.search([("mailing_trace_id", "in", traces.ids)]).write({"ip": False})
        traces.write({"email": False, "sms_number": False, "failure_reason": False})
        yield traces
        addresses = {"ids": self.ids, "numbers": numbers, "emails": emails}
        for model, (name, kind, _shown) in CHANNELS.items():
            values = addresses[kind]
            records = self.env[model].sudo().with_context(active_test=False)
            records = records.search([(name, "in", values)])
            yield records
            records.unlink()

    def _jxc_erase_meetings(self, words):
        """Take them off meetings; those about them say nothing any more.

        :param words: what names the persons
        """
        events = self.env["calendar.event"].sudo()
        events = events.with_context(
            active_test=False, tracking_disable=True, no_mail_to_attendees=True
        )
        about = events.search(self._jxc_meeting_domain())
        there = events.search([("partner_ids", "in", self.ids)])
        about |= there.filtered(
            lambda event: is_about(words, event.name, event.description, event.location)
        )
        there.write({"partner_ids": [Command.unlink(number) for number in self.ids]})
        about.write(
            {"name": self.env._("Erased"), "description": False, "location": False}
        )
        messages = self.env["mail.message"].sudo()
        messages.search(
            [("model", "=", "calendar.event"), ("res_id", "in", about.ids)]
        ).unlink()
        files = self.env["ir.attachment"].sudo()
        invitations = Domain("res_id", "in", there.ids)
        invitations &= Domain("mimetype", "=", "text/calendar")
        files.search(
            Domain("res_model", "=", "calendar.event")
            & (invitations | Domain("res_id", "in", about.ids))
        ).unlink()

    def _jxc_erase_banks(self):
        accounts = self._jxc_all("res.partner.bank")
        for account in accounts:
            account.write({"acc_number": f"ERASED-{account.id}", "active": False})
        # by itself: the number proposes the holder
        accounts.write({"acc_holder_name": False, "clearing_number": False})
        accounts.write({"note": False})

    # Users --------------------------------------------------------------------------

    def _jxc_users(self):
        users = self.env["res.users"].sudo().with_context(active_test=False)
        return users.search([("partner_id", "in", self.ids)])

    def _jxc_needed_users(self):
        """Users that cannot go: people of ours, and those of the platform."""
        users = self._jxc_users()
        system = [self.env.ref(name, raise_if_not_found=False) for name in SYSTEM_USERS]
        return users.filtered(
            lambda user: user in system or (user.active and not user.share)
        )

    def _jxc_erase_users(self):
        """Portal logins are closed; of former users only a number stays."""
        users = self._jxc_users()
        self.env["res.users.apikeys"].sudo().search(
            [("user_id", "in", users.ids)]
        ).unlink()
        self.env["res.device.log"].sudo().search(
            [("user_id", "in", users.ids)]
        ).unlink()
        for user in users:
            user.write(
                {
                    "active": False,
                    "login": f"erased-{user.id}",
                    "password": secrets.token_urlsafe(32),
                    "signature": False,
                }
            )

    # The contact --------------------------------------------------------------------

    def _jxc_erase_contacts(self):
        """Empty all texts of the contacts, of whichever app they are."""
        values, of_companies = {}, {}
        for name in self._jxc_contact_texts():
            of_company = self._fields[name].company_dependent
            (of_companies if of_company else values)[name] = False
        values = {
            name: value
            for name, value in values.items()
            if not self._fields[name].required
        }
        for name in ("partner_latitude", "partner_longitude"):
            if name in self._fields:
                values[name] = 0
        values.update({"image_1920": False, "state_id": False, "category_id": [(5,)]})
        for partner in self:
            name = self.env._("Erased Contact %(number)s", number=partner.id)
            partner.write({**values, "name": name})
        for company in self.env["res.company"].sudo().search([]):
            self.with_company(company).write(of_companies)
        imported = self.env["ir.model.data"].sudo()
        imported.search(
            [
                ("module", "in", ("__import__", "__export__")),
                ("model", "=", "res.partner"),
                ("res_id", "in", self.ids),
            ]
        ).unlink()
        # Their users are archived by now; only active ones are in the way.
        self.with_context(active_test=True).action_archive()

    def _jxc_invoice_names(self):
        """Return {id: name} that posted invoices were made out to."""
        moves = self.env["account.move"].sudo()
        moves = moves.search([("partner_id", "in", self.ids), ("state", "=", "posted")])
        return {move.id: move.invoice_partner_display_name for move in moves}

    def _jxc_keep_invoice_names(self, names):
        """To whom an invoice was made out is part of it, and kept as long."""
        self.env["account.move"].flush_model(["invoice_partner_display_name"])
        for number, name in names.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET invoice_partner_display_name = %s"
                    " WHERE id = %s",
                    name or None,
                    number,
                )
            )
        self.env["account.move"].invalidate_model(["invoice_partner_display_name"])
