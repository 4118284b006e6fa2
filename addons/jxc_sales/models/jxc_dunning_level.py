# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: What the text of an SMS may name.
PLACEHOLDERS = {"customer", "company", "amount", "days", "due"}


class JxcDunningLevel(models.Model):
    """A step of reminding (催款): from when on, what is sent, and what is to be done.

    A company has levels of its own, or those without company apply.
    """

    _name = "jxc.dunning.level"
    _description = "Dunning Level"
    _order = "days, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="With levels of its own, a company does not use the common ones.",
    )
    days = fields.Integer(
        string="Days Overdue",
        required=True,
        help="From so many days after the oldest open invoice was due.",
    )
    wait_days = fields.Integer(
        string="Days since Last",
        required=True,
        default=7,
        help="Not before so many days have passed since the last reminder.",
    )
    is_repeated = fields.Boolean(
        string="Repeat",
        help="As the last level: again, each time the days since the last are over.",
    )
    is_automatic = fields.Boolean(
        string="Send by Itself",
        help="The nightly job sends it. Otherwise it proposes it, and a person does.",
    )
    send_mail = fields.Boolean(string="E-mail", default=True)
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Text of the E-mail",
        domain="[('model', '=', 'jxc.dunning.reminder')]",
        ondelete="restrict",
    )
    send_sms = fields.Boolean(string="SMS")
    sms_text = fields.Text(
        string="Text of the SMS",
        translate=True,
        help="May name {customer}, {company}, {amount}, {days} and {due}.",
    )
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Activity",
        ondelete="set null",
        help="What the salesperson of the customer is to do: call, visit, …",
    )
    activity_note = fields.Char(string="What to Do", translate=True)

    _days_positive = models.Constraint(
        "CHECK (days > 0 AND wait_days > 0)",
        "A level starts at least one day after the due date, and waits at least one"
        " day after the last reminder.",
    )
    _days_uniq = models.UniqueIndex(
        "(coalesce(company_id, 0), days) WHERE active",
        "There is a level for this number of days already.",
    )

    @api.constrains("send_mail", "mail_template_id", "send_sms", "sms_text")
    def _check_texts(self):
        for level in self:
            template = level.mail_template_id
            if level.send_mail and template.model != "jxc.dunning.reminder":
                raise ValidationError(
                    self.env._("%s: choose the text of its e-mail.", level.name)
                )
            if level.send_sms and not level.sms_text:
                raise ValidationError(
                    self.env._("%s: write the text of its SMS.", level.name)
                )
            unknown = set(re.findall(r"\{(.*?)\}", level.sms_text or "")) - PLACEHOLDERS
            if unknown:
                raise ValidationError(
                    self.env._(
                        "%(level)s: the SMS names %(unknown)s; it may name %(known)s.",
                        level=level.name,
                        unknown=", ".join(sorted(unknown)),
                        known=", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS)),
                    )
                )

    def action_preview(self):
        """Open the platform's preview of the e-mail, with a reminder of this level."""
        self.ensure_one()
        reminders = self.env["jxc.dunning.reminder"]
        reminder = reminders.search([("level_id", "=", self.id)], limit=1)
        reminder = reminder or reminders.search([], limit=1)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail.mail_template_preview_action"
        )
        context = {"default_mail_template_id": self.mail_template_id.id}
        if reminder:
            context["default_resource_ref"] = f"{reminder._name},{reminder.id}"
        return {**action, "context": context}

    def _sms_of(self, values):
        """Text of the SMS.

        :param dict values: what each placeholder stands for
        """
        self.ensure_one()
        return re.sub(
            r"\{(\w+)\}",
            lambda found: str(values.get(found[1], found[0])),
            self.sms_text or "",
        )
