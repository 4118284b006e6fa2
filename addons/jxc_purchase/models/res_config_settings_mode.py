# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_procurement_mode = fields.Selection(
        related="company_id.jxc_procurement_mode",
        readonly=False,
        required=True,
    )
    jxc_direct_policy = fields.Selection(
        related="company_id.jxc_direct_policy",
        readonly=False,
        required=True,
    )
    jxc_direct_limit = fields.Monetary(
        related="company_id.jxc_direct_limit",
        readonly=False,
        currency_field="company_currency_id",
    )
    jxc_direct_days = fields.Integer(
        related="company_id.jxc_direct_days",
        readonly=False,
    )
    jxc_direct_scope = fields.Selection(
        related="company_id.jxc_direct_scope",
        readonly=False,
        required=True,
    )
    jxc_request_tolerance = fields.Float(
        related="company_id.jxc_request_tolerance",
        readonly=False,
    )
    jxc_request_price_policy = fields.Selection(
        related="company_id.jxc_request_price_policy",
        readonly=False,
        required=True,
    )
    jxc_request_price_tolerance = fields.Float(
        related="company_id.jxc_request_price_tolerance",
        readonly=False,
    )
    jxc_tender_quotes = fields.Integer(
        related="company_id.jxc_tender_quotes",
        readonly=False,
    )
    jxc_urgent_policy = fields.Selection(
        related="company_id.jxc_urgent_policy",
        readonly=False,
        required=True,
    )
    jxc_urgent_hours = fields.Integer(
        related="company_id.jxc_urgent_hours",
        readonly=False,
    )
    jxc_urgent_approver_id = fields.Many2one(
        related="company_id.jxc_urgent_approver_id",
        readonly=False,
    )
    jxc_urgent_stop = fields.Boolean(
        related="company_id.jxc_urgent_stop",
        readonly=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Settings are those of the company, which looks at its numbers.

        :raise ValidationError: naming company, field and what is no number
        """
        for vals in vals_list:
            self.env.company._jxc_check_numbers(vals)
        return super().create(vals_list)
