# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_credit_no_account = fields.Selection(
        selection=[
            ("allow", "Sell without limit"),
            ("default", "Open one with the default limit"),
            ("block", "Give no credit"),
        ],
        string="Customers without Credit Account",
        required=True,
        default="allow",
    )
    jxc_credit_default_limit = fields.Monetary(
        string="Limit of New Credit Accounts",
    )

    _jxc_credit_default_limit_positive = models.Constraint(
        "CHECK (jxc_credit_default_limit >= 0)",
        "A credit limit cannot be negative.",
    )
