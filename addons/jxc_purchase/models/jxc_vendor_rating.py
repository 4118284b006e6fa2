# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcVendorRating(models.Model):
    """The points one person gave for one criterion of an evaluation."""

    _name = "jxc.vendor.rating"
    _description = "Vendor Score by a Person"
    _order = "id"
    _rec_name = "user_id"

    line_id = fields.Many2one(
        comodel_name="jxc.vendor.evaluation.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="line_id.company_id",
        store=True,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        readonly=True,
    )
    score = fields.Integer(
        required=True,
        readonly=True,
        aggregator="avg",
    )

    _person_unique = models.Constraint(
        "UNIQUE (line_id, user_id)",
        "A person scores a criterion once.",
    )
    _score_range = models.Constraint(
        "CHECK (score BETWEEN 1 AND 100)",
        "Points go from 1 to 100.",
    )
