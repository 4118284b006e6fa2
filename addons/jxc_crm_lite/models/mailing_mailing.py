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

    def _action_send_mail(self, res_ids=None):
        for company, mailings in self._jxc_by_company():
            super(MailingMailing, mailings.with_company(company))._action_send_mail(
                res_ids=res_ids
            )
        return True

    def action_send_sms(self, res_ids=None):
        for company, mailings in self._jxc_by_company():
            super(MailingMailing, mailings.with_company(company)).action_send_sms(
                res_ids=res_ids
            )
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
