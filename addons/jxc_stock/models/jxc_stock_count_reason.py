# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockCountReason(models.Model):
    """Why stock differs from the books: damage, theft, a wrong delivery …"""

    _name = "jxc.stock.count.reason"
    _description = "Reason of a Count Difference"
    _order = "sequence, name, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        help="Empty: for all companies.",
    )
