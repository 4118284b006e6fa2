# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_settlement_journal_id = fields.Many2one(
        related="company_id.jxc_settlement_journal_id", readonly=False
    )
    jxc_advance_received_account_id = fields.Many2one(
        related="company_id.jxc_advance_received_account_id", readonly=False
    )
    jxc_advance_paid_account_id = fields.Many2one(
        related="company_id.jxc_advance_paid_account_id", readonly=False
    )
    jxc_discount_given_account_id = fields.Many2one(
        related="company_id.jxc_discount_given_account_id", readonly=False
    )
    jxc_discount_taken_account_id = fields.Many2one(
        related="company_id.jxc_discount_taken_account_id", readonly=False
    )
    jxc_settlement_difference_account_id = fields.Many2one(
        related="company_id.jxc_settlement_difference_account_id", readonly=False
    )
    jxc_settlement_fee_account_id = fields.Many2one(
        related="company_id.jxc_settlement_fee_account_id", readonly=False
    )
    jxc_settlement_tolerance = fields.Float(
        related="company_id.jxc_settlement_tolerance", readonly=False
    )
    jxc_settlement_write_off_limit = fields.Float(
        related="company_id.jxc_settlement_write_off_limit", readonly=False
    )
