# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_repurchase_min = fields.Integer(
        related="company_id.jxc_repurchase_min", readonly=False
    )
    jxc_repurchase_by = fields.Selection(
        related="company_id.jxc_repurchase_by", readonly=False
    )
    jxc_repurchase_months = fields.Integer(
        related="company_id.jxc_repurchase_months", readonly=False
    )
    jxc_affinity_months = fields.Integer(
        related="company_id.jxc_affinity_months", readonly=False
    )
    jxc_affinity_min_orders = fields.Integer(
        related="company_id.jxc_affinity_min_orders", readonly=False
    )
    jxc_affinity_min_confidence = fields.Float(
        related="company_id.jxc_affinity_min_confidence", readonly=False
    )
    jxc_won_by_order = fields.Boolean(
        related="company_id.jxc_won_by_order", readonly=False
    )
