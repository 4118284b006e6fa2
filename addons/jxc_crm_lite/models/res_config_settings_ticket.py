# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_feedback_form = fields.Boolean(
        related="company_id.jxc_feedback_form", readonly=False
    )
    jxc_feedback_team_id = fields.Many2one(
        related="company_id.jxc_feedback_team_id", readonly=False
    )
    jxc_feedback_hour_limit = fields.Integer(
        related="company_id.jxc_feedback_hour_limit", readonly=False
    )
