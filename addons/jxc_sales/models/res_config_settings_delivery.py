# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_delivery_note_prices = fields.Boolean(
        related="company_id.jxc_delivery_note_prices",
        readonly=False,
    )
