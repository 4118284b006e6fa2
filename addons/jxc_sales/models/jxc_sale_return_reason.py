# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcSaleReturnReason(models.Model):
    """Why goods come back; what the statistics of returns are made by."""

    _name = "jxc.sale.return.reason"
    _description = "Reason of Return"
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

    _name_unique = models.Constraint(
        "UNIQUE (name)",
        "There is already a reason with this name.",
    )
