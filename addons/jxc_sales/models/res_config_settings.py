# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_credit_no_account = fields.Selection(
        related="company_id.jxc_credit_no_account",
        readonly=False,
        required=True,
    )
    jxc_credit_default_limit = fields.Monetary(
        related="company_id.jxc_credit_default_limit",
        readonly=False,
    )
    jxc_credit_exempt_prepaid = fields.Boolean(
        related="company_id.jxc_credit_exempt_prepaid",
        readonly=False,
    )
    jxc_presale_deposit_percent = fields.Float(
        related="company_id.jxc_presale_deposit_percent",
        readonly=False,
    )
    jxc_presale_balance_before = fields.Boolean(
        related="company_id.jxc_presale_balance_before",
        readonly=False,
    )
