# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


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
        prefetch=RARELY_READ,
    )

    jxc_credit_exempt_prepaid = fields.Boolean(
        string="Paid Orders Need No Credit",
        default=True,
        help="Orders that are paid in full before they are confirmed or delivered, or"
        " of which no goods leave unpaid (retail), are not held to the limit, and"
        " overdue invoices do not stop them. What counts is posted: receipts for the"
        " order and payments of its down payments.",
    )

    jxc_presale_deposit_percent = fields.Float(
        string="Deposit of Pre-sales (%)",
        default=30.0,
        prefetch=RARELY_READ,
    )
    jxc_presale_balance_before = fields.Boolean(
        string="Pre-sales Are Paid before Delivery",
        default=True,
        prefetch=RARELY_READ,
    )

    _jxc_presale_deposit_sane = models.Constraint(
        "CHECK (jxc_presale_deposit_percent BETWEEN 0 AND 100)",
        "A deposit is between 0 and 100 %.",
    )
    _jxc_credit_default_limit_positive = models.Constraint(
        "CHECK (jxc_credit_default_limit >= 0)",
        "A credit limit cannot be negative.",
    )
