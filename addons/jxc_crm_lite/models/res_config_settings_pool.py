# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_pool_active = fields.Boolean(
        related="company_id.jxc_pool_active", readonly=False
    )
    jxc_pool_limit = fields.Integer(related="company_id.jxc_pool_limit", readonly=False)
    jxc_pool_cool_down_days = fields.Integer(
        related="company_id.jxc_pool_cool_down_days", readonly=False
    )
    jxc_followup_escalate_days = fields.Integer(
        related="company_id.jxc_followup_escalate_days", readonly=False
    )
    jxc_escalation_user_id = fields.Many2one(
        related="company_id.jxc_escalation_user_id", readonly=False
    )
    jxc_followup_min_note = fields.Integer(
        related="company_id.jxc_followup_min_note", readonly=False
    )
