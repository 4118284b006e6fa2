# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.mail_template import CUSTOMERS


class MailComposeMessage(models.TransientModel):
    """Quiet hours and frequency hold for mailings, and for mails to many customers.

    What is sent without a mailing is counted by traces of its own.
    """

    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        self._jxc_check_one_by_one()
        if self.composition_mode == "mass_mail":
            if self._jxc_is_marketing():
                # Who opted out did so for good, not where a sender minds.
                self.use_exclusion_list = True
            if self.mass_mailing_id:
                self.mass_mailing_id._jxc_check_awake()
            elif self.mass_mailing_name and self.env.company._jxc_quiet_until():
                raise UserError(
                    self.env._(
                        "“%(mailing)s” cannot be sent in the quiet hours of"
                        " %(company)s. Make a mailing and put it in the queue.",
                        mailing=self.mass_mailing_name,
                        company=self.env.company.name,
                    )
                )
            elif self._jxc_is_marketing() and self.env.company._jxc_quiet_until():
                raise UserError(
                    self.env._(
                        "No e-mail to many customers at once goes out in the quiet"
                        " hours of %(company)s. Make a mailing and put it in the"
                        " queue.",
                        company=self.env.company.name,
                    )
                )
        return super()._action_send_mail(auto_commit=auto_commit)

    def _action_send_mail_mass_mail(self, res_ids, auto_commit=False):
        """Leave the e-mails to the queue, unless each is committed once it is sent.

        The platform sends those to a few recipients in the middle of the transaction:
        they are out also when that fails, and go out again when it is tried again.
        """
        if auto_commit:
            return super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)
        self.force_send = False
        mails = super()._action_send_mail_mass_mail(res_ids, auto_commit=auto_commit)
        # sudo: no user has rights on scheduled actions
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mails

    def _jxc_check_one_by_one(self):
        """Refuse to write to many as if to each of them alone.

        Nothing of opting out, frequency and quiet hours would hold.

        :raise UserError: how to write to many
        """
        for composer in self:
            if (
                composer.composition_mode != "mass_mail"
                and not self.env.su
                and composer._jxc_has_many_targets()
                and not composer._jxc_is_document()
                and not composer._jxc_is_for_colleagues()
            ):
                raise UserError(
                    self.env._(
                        "An e-mail like this goes to one customer at a time. Choose"
                        " them in a list and write to all of them from there, or make"
                        " a mailing: who opted out or had enough is left out."
                    )
                )

    def _jxc_has_many_targets(self):
        if self.res_domain:
            records = self.env[self.model].search(self._evaluate_res_domain(), limit=2)
            return len(records) > 1
        return len(set(self._evaluate_res_ids())) > 1

    def _jxc_is_for_colleagues(self):
        """Whether it is a note in timelines that nobody outside gets."""
        return (
            self.subtype_is_log
            and not self.template_id
            and not any(self.partner_ids.sudo().mapped("partner_share"))
        )

    def _jxc_is_document(self):
        """Whether documents go out in the words their app brought along."""
        template = self.template_id
        # As it is kept here: styles are written in another way than in the template.
        body = self._fields["body"].convert_to_cache(template.body_html, self)
        return (
            self.model not in CUSTOMERS
            and template.model == self.model
            and template._jxc_is_shipped()
            and (self.subject, self.body) == (template.subject, body)
        )

    def _jxc_is_marketing(self):
        """Whether it goes to many without a mailing, and is no document of theirs."""
        return (
            self.composition_mode == "mass_mail"
            and not self.mass_mailing_id
            and (
                self.model in CUSTOMERS or not (self.env.su or self._jxc_is_document())
            )
        )

    def _process_mail_values_state(self, mail_values_dict):
        result = super()._process_mail_values_state(mail_values_dict)
        is_marketing = self._jxc_is_marketing()
        if not self._is_mass_mailing() and not is_marketing:
            return result
        recipients = self._get_recipients_data(mail_values_dict)
        outgoing = {
            res_id: (recipients[res_id]["mail_to_normalized"] or [""])[0]
            for res_id, values in result.items()
            if values.get("state") not in ("cancel", "exception")
        }
        if is_marketing:
            contacts = {key: (key, address) for key, address in outgoing.items()}
            limited = self.env.company._jxc_had_enough(contacts, self.model, "email")
        else:
            limited = self.mass_mailing_id._jxc_over_limit(outgoing)
        for res_id in limited:
            # Not into the contact's timeline either: it was not sent.
            result[res_id].update(
                state="cancel", failure_type="jxc_limit", is_notification=False
            )
        return result

    def _prepare_mail_values(self, res_ids):
        values_all = super()._prepare_mail_values(res_ids)
        if self._jxc_is_marketing():
            traces = self._prepare_mail_values_mailing_traces(values_all)
            for res_id, values in values_all.items():
                trace = {**traces[res_id], "jxc_company_id": self.env.company.id}
                values["mailing_trace_ids"] = [Command.create(trace)]
        return values_all

    def _manage_mail_values(self, mail_values_all):
        """Who had enough is in the traces; no mail is made for him."""
        result = super()._manage_mail_values(mail_values_all)
        if not self._jxc_is_marketing():
            return result
        return self.env["mailing.trace"]._jxc_note_limited(result)
