# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_min_price_action = fields.Selection(
        related="company_id.jxc_min_price_action",
        readonly=False,
    )
    jxc_min_margin_action = fields.Selection(
        related="company_id.jxc_min_margin_action",
        readonly=False,
    )
    jxc_min_margin = fields.Float(
        related="company_id.jxc_min_margin",
        readonly=False,
    )
    jxc_price_change_percent = fields.Float(
        related="company_id.jxc_price_change_percent",
        readonly=False,
    )
