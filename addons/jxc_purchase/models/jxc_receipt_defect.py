# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcReceiptDefect(models.Model):
    """What can be wrong with received goods."""

    _name = "jxc.receipt.defect"
    _description = "Defect of Received Goods"
    _inherit = ["jxc.number.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    code = fields.Char()
    severity = fields.Selection(
        selection=[
            ("minor", "Minor"),
            ("major", "Major"),
            ("critical", "Critical"),
        ],
        required=True,
        default="major",
        help="Goods with a critical defect are never taken on concession.",
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )

    _code_unique = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL",
        "Two defects cannot have the same code.",
    )
