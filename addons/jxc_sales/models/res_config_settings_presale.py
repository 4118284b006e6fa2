# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_presale_late_action = fields.Selection(
        related="company_id.jxc_presale_late_action",
        readonly=False,
        required=True,
    )
