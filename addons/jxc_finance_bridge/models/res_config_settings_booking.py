# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_books_stock = fields.Boolean(
        related="company_id.jxc_books_stock", readonly=False
    )
    jxc_stock_at_invoicing = fields.Boolean(
        related="company_id.jxc_stock_at_invoicing", readonly=False
    )
    jxc_accrual_method = fields.Selection(
        related="company_id.jxc_accrual_method", readonly=False
    )
    jxc_accrual_account_id = fields.Many2one(
        related="company_id.jxc_accrual_account_id", readonly=False
    )
    jxc_transit_account_id = fields.Many2one(
        related="company_id.jxc_transit_account_id", readonly=False
    )
    jxc_shipped_account_id = fields.Many2one(
        related="company_id.jxc_shipped_account_id", readonly=False
    )
