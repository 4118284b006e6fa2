# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class MailingMailing(models.Model):
    """Marketing keeps quiet hours and does not bother anybody too often.

    Both hold wherever a mailing is sent from: button, queue or RPC, and in the
    composers underneath.
    """

    _inherit = "mailing.mailing"

    jxc_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="Whose gateway, frequency limits and quiet hours count.",
    )

    jxc_chosen_ids = fields.Json(
        string="Chosen Recipients",
        readonly=True,
        copy=False,
        exportable=False,
        help="Whom alone it is sent to, of what waits in the queue.",
    )

    @api.depends("mailing_model_id")
    def _compute_reply_to_mode(self):
        """Customers' answers belong into their timeline, as does what was sent."""
        super()._compute_reply_to_mode()
        for mailing in self:
            if mailing.mailing_model_id.model == "res.partner":
                mailing.reply_to_mode = "update"

    @api.model_create_multi
    def create(self, vals_list):
        """SMS stay in the timeline, also those of mailings made by programs."""
        for vals in vals_list:
            if vals.get("mailing_type") == "sms":
                vals.setdefault("keep_archives", True)
        return super().create(vals_list)

    # Sending ----------------------------------------------------------------------

    def action_send_mail(self, res_ids=None):
        """Put mailings into the queue, from where they are sent after the commit.

        The platform sends and commits in the middle of the caller's transaction: what
        went before could no longer be undone, and the e-mails would be out. SMS are
        handed to a queue of their own, in this transaction.

        :param res_ids: ids of the recipients; all remaining ones when left out
        :raise UserError: nobody is left to send it to, or a recipient is none
        """
        by_sms = self.filtered(lambda mailing: mailing.mailing_type == "sms")
        if by_sms:
            by_sms._action_send_mail(res_ids=res_ids)
        for mailing in self - by_sms:
            mailing._jxc_put_in_queue(res_ids)
        return True

    def _jxc_put_in_queue(self, res_ids=None):
        """Have one mailing sent as soon as the queue is worked off."""
        chosen = self._jxc_check_chosen(res_ids) if res_ids else False
        if not (chosen or self._get_remaining_recipients()):
            raise UserError(
                self.env._(
                    "“%(mailing)s”: nobody is left to send it to.",
                    mailing=self.display_name,
                )
            )
        self.write({"schedule_type": "now", "schedule_date": False})
        self.action_put_in_queue()
        self.jxc_chosen_ids = chosen
        self._jxc_wait()

    def _jxc_check_chosen(self, res_ids):
        """Return ids of existing recipients whom the user may read.

        :raise UserError: some are no records of the mailing's model
        :raise AccessError: some are not the user's to read
        """
        try:
            ids = list(dict.fromkeys(map(int, res_ids)))
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("These are no recipients.")) from error
        records = self.env[self.mailing_model_real].browse(ids)
        if records.exists() != records:
            raise UserError(self.env._("These are no recipients."))
        records.check_access("read")
        return ids

    def action_put_in_queue(self):
        """Queue mailings for all their recipients, as the platform does."""
        self.filtered("jxc_chosen_ids").write({"jxc_chosen_ids": False})
        return super().action_put_in_queue()

    def _get_remaining_recipients(self):
        if not (self.jxc_chosen_ids and self.state in ("in_queue", "sending")):
            return super()._get_remaining_recipients()
        traces = self.env["mailing.trace"].search_fetch(
            [
                ("mass_mailing_id", "=", self.id),
                ("model", "=", self.mailing_model_real),
                ("res_id", "in", self.jxc_chosen_ids),
            ],
            ["res_id"],
        )
        done = set(traces.mapped("res_id"))
        there = self.env[self.mailing_model_real].browse(self.jxc_chosen_ids).exists()
        return [res_id for res_id in there.ids if res_id not in done]

    def _action_send_mail(self, res_ids=None):
        for company, mailings in self._jxc_by_company():
            super(MailingMailing, mailings.with_company(company))._action_send_mail(
                res_ids=res_ids
            )
        return True

    def action_send_sms(self, res_ids=None):
        """Hand SMS to their queue, mailing by mailing.

        The platform would send all of them to the recipients of the first one.
        """
        for company, mailings in self._jxc_by_company():
            for mailing in mailings.with_company(company):
                super(MailingMailing, mailing).action_send_sms(res_ids=res_ids)
        return True

    def _jxc_by_company(self):
        """Return (company, its mailings) without those that have to wait."""
        waiting = self.filtered(lambda mailing: mailing._jxc_wait())
        return list((self - waiting).grouped("jxc_company_id").items())

    def _jxc_wait(self):
        """Put a mailing back into the queue in quiet hours; return until when."""
        until = self.jxc_company_id._jxc_quiet_until()
        if until:
            self.write(
                {
                    "state": "in_queue",
                    "schedule_type": "scheduled",
                    "schedule_date": until,
                }
            )
            # sudo: no user has rights on scheduled actions
            cron = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue").sudo()
            cron._trigger(at=until)
        return until

    def _jxc_check_awake(self):
        """Refuse to send in quiet hours, whatever the composer was opened with.

        :raise UserError: until when
        """
        self.ensure_one()
        until = self.jxc_company_id._jxc_quiet_until()
        if until:
            raise UserError(
                self.env._(
                    "“%(mailing)s” cannot be sent in the quiet hours of %(company)s."
                    " Put it in the queue; it goes out at %(time)s.",
                    mailing=self.display_name,
                    company=self.jxc_company_id.name,
                    time=fields.Datetime.context_timestamp(self, until).strftime(
                        "%H:%M"
                    ),
                )
            )

    # Frequency --------------------------------------------------------------------

    def _jxc_over_limit(self, contacts):
        """Return the ids of recipients that had enough marketing lately.

        :param dict contacts: id of the record: number (SMS) or normalized e-mail
        """
        self.ensure_one()
        name = "sms_number" if self.mailing_type == "sms" else "email"
        return self.jxc_company_id._jxc_had_enough(
            {res_id: (res_id, address) for res_id, address in contacts.items()},
            self.mailing_model_real,
            name,
        )
