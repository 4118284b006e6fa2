# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcDunningReminder(models.Model):
    """What a reminder says, to be read before it is sent."""

    _inherit = "jxc.dunning.reminder"

    text_date = fields.Date(
        string="Date of the Text",
        compute="_compute_text_date",
        compute_sudo=True,
        help="When it was sent; until then today. Days are counted up to it.",
    )

    def _compute_text_date(self):
        account = self.env["jxc.credit.account"]
        for company, reminders in self.grouped("company_id").items():
            today = account.new({"company_id": company.id})._jxc_today()
            for reminder in reminders:
                reminder.text_date = reminder.sent_on or today

    def action_preview(self):
        """Show the e-mail and the SMS of proposed reminders as they would be sent now.

        Amounts are brought up to date first, and what nothing is overdue of any more
        is dropped, both as sending does.

        :return: the action that opens the preview, or that says nothing is left
        :raise AccessError: unless the user bills customers or manages credit
        """
        self._check_may_send()
        self.check_access("read")
        left = self.sudo()._still_to_send().sudo(self.env.su)
        if not left:
            return self.env["sale.order"]._jxc_notification(
                [self.env._("Nothing of this is to be sent any more.")],
                self.env._("Not sent"),
            )
        preview = self.env["jxc.dunning.preview"].create(
            {"reminder_ids": [fields.Command.set(left.ids)], "reminder_id": left[0].id}
        )
        return preview._action_show()

    def _texts(self):
        """What this reminder would send now; needs the right to read its documents.

        :return: subject, body_html and sms_text, each False where its level sends none
        """
        self.ensure_one()
        level, texts = self.level_id, dict.fromkeys(("subject", "body_html"), False)
        if level.send_mail:
            template = level.mail_template_id.with_company(self.company_id)
            texts = template._generate_template(self.ids, tuple(texts))[self.id]
        return {
            "subject": texts["subject"],
            "body_html": texts["body_html"],
            "sms_text": level.send_sms and self._sms_text(level),
        }

    def _sms_text(self, level):
        """The SMS of a level, in the language of the customer."""
        of_lang = self.with_context(lang=self.lang)
        return level.with_context(lang=self.lang)._sms_of(of_lang._sms_values())
