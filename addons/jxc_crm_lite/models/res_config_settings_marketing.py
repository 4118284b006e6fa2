# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_marketing_limit = fields.Integer(
        related="company_id.jxc_marketing_limit", readonly=False
    )
    jxc_marketing_days = fields.Integer(
        related="company_id.jxc_marketing_days", readonly=False
    )
    jxc_quiet_from = fields.Float(related="company_id.jxc_quiet_from", readonly=False)
    jxc_track_mails = fields.Boolean(
        related="company_id.jxc_track_mails", readonly=False
    )
    jxc_quiet_to = fields.Float(related="company_id.jxc_quiet_to", readonly=False)
