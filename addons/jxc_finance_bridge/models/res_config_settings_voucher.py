# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_voucher_scheme = fields.Selection(
        related="company_id.jxc_voucher_scheme",
        readonly=False,
        required=True,
    )
    jxc_voucher_review = fields.Boolean(
        related="company_id.jxc_voucher_review",
        readonly=False,
    )
    jxc_voucher_lines = fields.Integer(
        related="company_id.jxc_voucher_lines",
        readonly=False,
    )
    jxc_profit_transfer = fields.Selection(
        related="company_id.jxc_profit_transfer",
        readonly=False,
        required=True,
    )
    jxc_profit_split = fields.Boolean(
        related="company_id.jxc_profit_split",
        readonly=False,
    )
