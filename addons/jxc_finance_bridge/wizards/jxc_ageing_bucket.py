# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcAgeingBucket(models.TransientModel):
    """A column of one ageing; the lines refer to it, so that pivots sort by age."""

    _name = "jxc.ageing.bucket"
    _description = "Age Class of an Ageing"
    _order = "sequence, id"

    ageing_id = fields.Many2one(
        comodel_name="jxc.ageing",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer()
    name = fields.Char(required=True)
    kind = fields.Selection(
        selection=[
            ("unapplied", "Unapplied"),
            ("not_due", "Not Due"),
            ("days", "By days"),
        ],
        required=True,
    )
    days_from = fields.Integer()
    days_to = fields.Integer(help="0: without end.")
