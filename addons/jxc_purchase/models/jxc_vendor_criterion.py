# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import scoring

MEASURES = [
    ("on_time", "On-time delivery"),
    ("accepted", "Accepted on inspection"),
    ("price", "Price index"),
    ("fill", "Fill rate"),
    ("response", "Response time"),
    ("after_sales", "After-sales"),
]

#: Figures that give 100 points and none, unless somebody decides otherwise.
SCALES = {
    "on_time": (100.0, 60.0),
    "accepted": (100.0, 80.0),
    "price": (95.0, 120.0),
    "fill": (100.0, 60.0),
    "response": (24.0, 168.0),
    "after_sales": (100.0, 0.0),
}


class JxcVendorCriterion(models.Model):
    """One criterion of the template that vendors are evaluated by.

    A company with criteria of its own is evaluated by those, the others by the criteria
    that belong to no company.
    """

    _name = "jxc.vendor.criterion"
    _description = "Vendor Evaluation Criterion"
    _inherit = ["jxc.number.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
    )
    code = fields.Char(
        required=True,
        help="Short name for imports and interfaces, unique in the company.",
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: for all companies that have no criteria of their own.",
    )
    kind = fields.Selection(
        selection=[("computed", "Computed"), ("manual", "Scored by people")],
        required=True,
        default="manual",
    )
    measure = fields.Selection(
        selection=MEASURES,
        string="Figure",
        help="What is computed from orders, receipts, inspections and tickets.",
    )
    weight = fields.Float(
        required=True,
        default=10.0,
        help="Relative to the other criteria; the weights need not add up to 100.",
    )
    full_value = fields.Float(
        string="Full Points at",
        compute="_compute_scale",
        store=True,
        readonly=False,
        help="This figure and better ones give 100 points. Percent, for the response"
        " time hours; a price index of 100 is the reference price.",
    )
    zero_value = fields.Float(
        string="No Points at",
        compute="_compute_scale",
        store=True,
        readonly=False,
        help="This figure and worse ones give no points; between the two, points rise"
        " evenly.",
    )
    grace_days = fields.Integer(
        help="On-time delivery: days after the promised date that still are on time.",
    )
    concession_percent = fields.Float(
        default=50.0,
        help="Accepted on inspection: how much of a quantity taken by concession counts"
        " as accepted.",
    )
    note = fields.Text(
        string="Guideline",
        translate=True,
        help="What those who give scores are to look at.",
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE active",
        "There is already a criterion with this code.",
    )
    _weight_not_negative = models.Constraint(
        # What is no number sorts above infinity.
        "CHECK (weight >= 0 AND weight < 'Infinity')",
        "A weight is a number that is not negative.",
    )
    _scale_finite = models.Constraint(
        "CHECK (full_value > '-Infinity' AND full_value < 'Infinity'"
        " AND zero_value > '-Infinity' AND zero_value < 'Infinity')",
        "The figures of a criterion must be numbers.",
    )
    _grace_not_negative = models.Constraint(
        "CHECK (grace_days >= 0)",
        "Grace days cannot be negative.",
    )
    _concession_percent_range = models.Constraint(
        "CHECK (concession_percent BETWEEN 0 AND 100)",
        "The share of concessions is between 0 and 100 percent.",
    )

    @api.depends("measure")
    def _compute_scale(self):
        for criterion in self:
            scale = SCALES.get(criterion.measure, (100.0, 0.0))
            criterion.full_value, criterion.zero_value = scale

    @api.constrains("kind", "measure", "full_value", "zero_value")
    def _check_scale(self):
        for criterion in self:
            if criterion.kind != "computed":
                continue
            if not criterion.measure:
                raise ValidationError(
                    self.env._("%s: choose the figure to compute.", criterion.name)
                )
            if criterion.full_value == criterion.zero_value:
                raise ValidationError(
                    self.env._(
                        "%(criterion)s: full points and no points are both at"
                        " %(value)s. Enter two different figures.",
                        criterion=criterion.name,
                        value=criterion.full_value,
                    )
                )

    @api.model
    def _of_company(self, company):
        """Return the template of a company: its own criteria, else the shared ones."""
        found = self.search([("company_id", "in", [company.id, False])])
        return found.filtered("company_id") or found

    def _points(self, value):
        """Return the points that a computed figure gives."""
        self.ensure_one()
        return scoring.points(value, self.full_value, self.zero_value)
