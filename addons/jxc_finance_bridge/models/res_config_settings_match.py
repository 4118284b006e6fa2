# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_match_action = fields.Selection(
        related="company_id.jxc_match_action", readonly=False
    )
    jxc_match_unordered = fields.Selection(
        related="company_id.jxc_match_unordered", readonly=False
    )
    jxc_match_qty_percent = fields.Float(
        related="company_id.jxc_match_qty_percent", readonly=False
    )
    jxc_match_qty_amount = fields.Float(
        related="company_id.jxc_match_qty_amount", readonly=False
    )
    jxc_match_price_percent = fields.Float(
        related="company_id.jxc_match_price_percent", readonly=False
    )
    jxc_match_price_amount = fields.Float(
        related="company_id.jxc_match_price_amount", readonly=False
    )
    jxc_match_total_percent = fields.Float(
        related="company_id.jxc_match_total_percent", readonly=False
    )
    jxc_match_total_amount = fields.Float(
        related="company_id.jxc_match_total_amount", readonly=False
    )
    jxc_match_limit_percent = fields.Float(
        related="company_id.jxc_match_limit_percent", readonly=False
    )
    jxc_match_limit_amount = fields.Float(
        related="company_id.jxc_match_limit_amount", readonly=False
    )
    jxc_match_tax_percent = fields.Float(
        related="company_id.jxc_match_tax_percent", readonly=False
    )
    jxc_match_tax_amount = fields.Float(
        related="company_id.jxc_match_tax_amount", readonly=False
    )
