# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_class_by = fields.Selection(related="company_id.jxc_class_by", readonly=False)
    jxc_class_a_percent = fields.Float(
        related="company_id.jxc_class_a_percent", readonly=False
    )
    jxc_class_b_percent = fields.Float(
        related="company_id.jxc_class_b_percent", readonly=False
    )
    jxc_recency_steps = fields.Char(
        related="company_id.jxc_recency_steps", readonly=False
    )
    jxc_frequency_steps = fields.Char(
        related="company_id.jxc_frequency_steps", readonly=False
    )
    jxc_monetary_steps = fields.Char(
        related="company_id.jxc_monetary_steps", readonly=False
    )
    jxc_new_days = fields.Integer(related="company_id.jxc_new_days", readonly=False)
    jxc_active_days = fields.Integer(
        related="company_id.jxc_active_days", readonly=False
    )
    jxc_lost_days = fields.Integer(related="company_id.jxc_lost_days", readonly=False)
