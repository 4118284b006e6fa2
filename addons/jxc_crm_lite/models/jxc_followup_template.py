# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from .jxc_followup import KINDS, OUTCOMES


class JxcFollowupTemplate(models.Model):
    """A follow-up of a kind that is entered again and again, in one touch."""

    _name = "jxc.followup.template"
    _description = "Follow-up Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", help="Empty: for all companies."
    )
    kind = fields.Selection(selection=KINDS, required=True, default="phone")
    outcome = fields.Selection(selection=OUTCOMES)
    note = fields.Text(translate=True)
    next_note = fields.Char(string="Next Step", translate=True)
    next_days = fields.Integer(
        string="Next Step in (days)", help="0: no next step is planned."
    )

    _next_days_range = models.Constraint(
        "CHECK (next_days BETWEEN 0 AND 1095)",
        "The next step is planned for today or within three years.",
    )
