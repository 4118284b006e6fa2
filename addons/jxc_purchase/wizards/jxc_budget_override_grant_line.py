# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcBudgetOverrideGrantLine(models.TransientModel):
    """How much beyond which budget line."""

    _name = "jxc.budget.override.grant.line"
    _description = "Give an Override, Line"
    _inherit = ["jxc.number.mixin"]

    wizard_id = fields.Many2one(
        comodel_name="jxc.budget.override.grant",
        required=True,
        ondelete="cascade",
        index=True,
    )
    line_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        string="Budget Line",
        required=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(
        related="line_id.currency_id",
    )
    amount = fields.Monetary(
        required=True,
    )
