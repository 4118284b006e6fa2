# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .mail_compose_message import CUSTOMERS


class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    def _action_send_sms(self):
        self._jxc_check_one_by_one()
        return super()._action_send_sms()

    def _action_send_sms_mass(self, records=None):
        if self._jxc_is_marketing():
            # Who opted out did so for good, not where a sender minds.
            self.use_exclusion_list = True
        if self._is_mass_sms():
            self.mailing_id._jxc_check_awake()
        elif self._jxc_is_marketing():
            # What a gateway sends waits in its queue for the morning.
            company = self.env.company
            if not company._jxc_get_sms_gateway() and company._jxc_quiet_until():
                raise UserError(
                    self.env._(
                        "No SMS to many customers at once goes out in the quiet hours"
                        " of %(company)s. Make a mailing and put it in the queue.",
                        company=company.name,
                    )
                )
        return super()._action_send_sms_mass(records)

    def _prepare_mass_sms_values(self, records):
        result = super()._prepare_mass_sms_values(records)
        if self._jxc_is_marketing():
            self._jxc_limit(records, result)
        if not self._is_mass_sms():
            return result
        outgoing = {
            res_id: values["number"]
            for res_id, values in result.items()
            if values["state"] == "outgoing"
        }
        for res_id in self.mailing_id._jxc_over_limit(outgoing):
            values = result[res_id]
            values.update(state="canceled", failure_type="jxc_limit")
            for command in values["mailing_trace_ids"]:
                command[2].update(trace_status="cancel", failure_type="jxc_limit")
        return result

    # To many customers without a mailing ----------------------------------------

    def _jxc_check_one_by_one(self):
        """Refuse to write to many as if to each of them alone.

        Nothing of opting out, frequency and quiet hours would hold.

        :raise UserError: how to write to many
        """
        if self.composition_mode == "mass" or self.env.su:
            return
        numbers = set((self.sanitized_numbers or "").split(","))
        records = self._get_records()
        has_many = records is not None and len(set(records.ids)) > 1
        if len(numbers) > 1 or (has_many and not self._jxc_is_document()):
            raise UserError(self.env["mail.thread"]._jxc_one_sms_error())

    def _jxc_is_document(self):
        """Whether documents are told of in the words their app brought along."""
        template = self.template_id
        return (
            self.res_model not in CUSTOMERS
            and template.model == self.res_model
            and template._jxc_is_shipped()
            and self.body == template.body
        )

    def _jxc_is_marketing(self):
        """Whether it goes to many, whose patience counts here as well.

        Not what tells of their documents.
        """
        return (
            self.composition_mode == "mass"
            and not self.mailing_id
            and (
                self.res_model in CUSTOMERS
                or not (self.env.su or self._jxc_is_document())
            )
        )

    def _jxc_limit(self, records, result):
        """Leave out who had enough lately; count what is sent, with how to opt out."""
        company = self.env.company
        outgoing = {
            res_id: (res_id, values["number"])
            for res_id, values in result.items()
            if values["state"] == "outgoing"
        }
        limited = company._jxc_had_enough(outgoing, self.res_model)
        for record in records.filtered(lambda each: each.id in outgoing):
            values = result[record.id]
            if record.id in limited:
                values.update(state="canceled", failure_type="jxc_limit")
            elif self.mass_sms_allow_unsubscribe:
                hint = company._jxc_sms_optout(values["number"])
                values["body"] = "\n".join(filter(None, (values["body"], hint)))
            trace = {
                "model": self.res_model,
                "res_id": record.id,
                "trace_type": "sms",
                "sms_number": values["number"],
                "sms_tracker_ids": [Command.create({"sms_uuid": values["uuid"]})],
                "jxc_company_id": company.id,
            }
            if record.id in limited:
                trace.update(trace_status="cancel", failure_type="jxc_limit")
            values["mailing_trace_ids"] = [Command.create(trace)]

    def _filter_out_and_handle_revoked_sms_values(self, sms_values_all):
        """Who had enough is in the traces, not in his timeline."""
        result = super()._filter_out_and_handle_revoked_sms_values(sms_values_all)
        if not self._jxc_is_marketing():
            return result
        return self.env["mailing.trace"]._jxc_note_limited(result)

    @api.model
    def _get_unsubscribe_info(self, url):
        """People in China opt out by a reply; a gateway knows which."""
        hint = self.env.company._jxc_get_sms_gateway().optout_hint
        return hint or super()._get_unsubscribe_info(url)
