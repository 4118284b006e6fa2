# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_duplicate_control = fields.Selection(
        related="company_id.jxc_duplicate_control",
        readonly=False,
        required=True,
    )
    jxc_duplicate_days = fields.Integer(
        related="company_id.jxc_duplicate_days",
        readonly=False,
    )
    jxc_duplicate_vendor = fields.Selection(
        related="company_id.jxc_duplicate_vendor",
        readonly=False,
        required=True,
    )
    jxc_duplicate_rfq = fields.Boolean(
        related="company_id.jxc_duplicate_rfq",
        readonly=False,
    )
