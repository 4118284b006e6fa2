# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class JxcDunningPreview(models.TransientModel):
    """The texts of proposed reminders, one after the other, before they are sent."""

    _name = "jxc.dunning.preview"
    _description = "Preview of Reminders"

    reminder_ids = fields.Many2many(
        comodel_name="jxc.dunning.reminder",
        required=True,
        readonly=True,
    )
    reminder_id = fields.Many2one(
        comodel_name="jxc.dunning.reminder",
        string="Customer",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', reminder_ids)]",
    )
    reminder_count = fields.Integer(compute="_compute_reminder_count")
    level_id = fields.Many2one(related="reminder_id.level_id")
    contact_id = fields.Many2one(related="reminder_id.contact_id")
    email = fields.Char(related="contact_id.email")
    phone = fields.Char(compute="_compute_texts")
    problem = fields.Char(compute="_compute_texts")
    subject = fields.Char(compute="_compute_texts")
    body_html = fields.Html(
        string="E-mail",
        compute="_compute_texts",
        # Shown as the customer gets it, styles and all, as the platform's preview does.
        sanitize=False,
    )
    sms_text = fields.Text(string="SMS", compute="_compute_texts")

    @api.depends("reminder_ids")
    def _compute_reminder_count(self):
        for preview in self:
            preview.reminder_count = len(preview.reminder_ids)

    @api.depends("reminder_id")
    def _compute_texts(self):
        """Render with the rights that sending has, for who may send."""
        for preview in self:
            reminder = preview.reminder_id
            reminder._check_may_send()
            reminder.check_access("read")
            reminder = reminder.sudo()
            level = reminder.level_id
            preview.problem = reminder._problem_of(level)
            try:
                texts = reminder._texts()
            except UserError as error:
                texts = dict.fromkeys(("subject", "body_html", "sms_text"), False)
                preview.problem = str(error)
            preview.update(texts)
            preview.phone = level.send_sms and reminder._sms_number()

    def action_next(self):
        """Show the next reminder; after the last one the first."""
        self.ensure_one()
        ids = self.reminder_ids.ids
        at = ids.index(self.reminder_id.id) if self.reminder_id.id in ids else -1
        self.reminder_id = ids[(at + 1) % len(ids)]
        return self._action_show()

    def action_send(self):
        """Send all reminders of the preview.

        :raise AccessError: unless the user bills customers or manages credit
        """
        self.ensure_one()
        result = self.reminder_ids.action_send()
        if result is True:
            return {"type": "ir.actions.act_window_close"}
        return result

    def _action_show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
