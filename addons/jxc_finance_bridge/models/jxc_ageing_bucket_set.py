# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.ageing import parse_days


class JxcAgeingBucketSet(models.Model):
    """A saved set of age classes, for example 30, 60, 90, 180, 365 days."""

    _name = "jxc.ageing.bucket.set"
    _description = "Age Classes"
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    days = fields.Char(
        string="Up to Days",
        required=True,
        default="30, 60, 90, 180, 365",
        help="The last day of each class, separated by commas. What is older than the"
        " last one is a class of its own.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty for all companies.",
    )

    @api.constrains("days")
    def _check_days(self):
        for classes in self:
            if not parse_days(classes.days):
                raise ValidationError(
                    self.env._(
                        "“%(days)s” are no age classes of %(name)s: up to ten rising"
                        " numbers of days, like 30, 60, 90.",
                        days=classes.days,
                        name=classes.name,
                    )
                )

    def _get_days(self):
        self.ensure_one()
        return parse_days(self.days)
