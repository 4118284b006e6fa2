# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_count_tolerance_percent = fields.Float(
        related="company_id.jxc_count_tolerance_percent",
        readonly=False,
    )
    jxc_count_tolerance_quantity = fields.Float(
        related="company_id.jxc_count_tolerance_quantity",
        readonly=False,
    )
