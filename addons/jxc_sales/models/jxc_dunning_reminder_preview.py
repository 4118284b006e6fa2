# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import logging

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)
#: Characters of what a template raised; some errors quote the whole of it.
LONGEST_REASON = 200


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
        :raise UserError: the template of the e-mail is wrong, see :meth:`_mail_texts`
        """
        self.ensure_one()
        level, texts = self.level_id, {}
        if level.send_mail:
            texts = self._mail_texts(level.mail_template_id)
        return {
            "subject": texts.get("subject", False),
            "body_html": texts.get("body_html", False),
            "sms_text": level.send_sms and self._sms_text(level),
        }

    def _mail_texts(self, template):
        """Subject and body of the e-mail.

        :raise UserError: what is wrong with the template, in a sentence
        """
        of_company = template.with_company(self.company_id)
        try:
            # A template may read what the database refuses.
            with self.env.cr.savepoint():
                texts = of_company._generate_template(
                    self.ids, ("subject", "body_html")
                )
        except (UserError, SyntaxError, ValueError) as error:
            _logger.info("template %s cannot be rendered", template.id, exc_info=True)
            raise UserError(
                self.env._(
                    "The e-mail template “%(template)s” cannot be used: %(reason)s."
                    " Correct it, or reset it, under Settings > Technical > Email"
                    " Templates.",
                    template=template.name,
                    reason=_reason_of(error),
                )
            ) from error
        return texts[self.id]

    def _template_problem(self, level):
        """What is wrong with the e-mail of a level, tried with the first of these."""
        if self and level.send_mail:
            try:
                self[0]._mail_texts(level.mail_template_id)
            except UserError as error:
                return str(error)
        return False

    def _sms_text(self, level):
        """The SMS of a level, in the language of the customer."""
        of_lang = self.with_context(lang=self.lang)
        return level.with_context(lang=self.lang)._sms_of(of_lang._sms_values())


def _reason_of(error):
    """The first error of a chain, in a line: the platform quotes all of a template."""
    while error.__cause__:
        error = error.__cause__
    reason = (str(error).strip().splitlines() or [""])[0].rstrip(".")
    return f"{type(error).__name__}: {reason}"[:LONGEST_REASON]
