# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    jxc_in_base_unit = fields.Boolean(
        string="Counts Base Units",
        help="Quantities of an order count in the product's base unit, so that a case"
        " of 24 is 24. Without this, a case counts as one, as in the platform.",
    )
