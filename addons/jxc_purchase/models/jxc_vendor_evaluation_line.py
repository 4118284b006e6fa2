# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import scoring
from .jxc_vendor_criterion import MEASURES

#: The only fields of a line that people write.
PEOPLE_FIELDS = {"comment", "my_score"}


class JxcVendorEvaluationLine(models.Model):
    """One criterion of an evaluation, with weight and rule as they were then."""

    _name = "jxc.vendor.evaluation.line"
    _description = "Vendor Evaluation Criterion Result"
    _inherit = ["jxc.number.mixin"]
    _order = "evaluation_id desc, sequence, id"
    _check_company_auto = True

    evaluation_id = fields.Many2one(
        comodel_name="jxc.vendor.evaluation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        related="evaluation_id.partner_id",
        store=True,
    )
    company_id = fields.Many2one(
        related="evaluation_id.company_id",
        store=True,
        index=True,
    )
    period = fields.Char(
        related="evaluation_id.period",
        store=True,
    )
    date_to = fields.Date(
        related="evaluation_id.date_to",
        store=True,
    )
    state = fields.Selection(
        related="evaluation_id.state",
        store=True,
    )
    criterion_id = fields.Many2one(
        comodel_name="jxc.vendor.criterion",
        string="Template Criterion",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char(
        related="criterion_id.name",
        string="Criterion",
    )
    sequence = fields.Integer(
        readonly=True,
    )
    kind = fields.Selection(
        selection=[("computed", "Computed"), ("manual", "Scored by people")],
        required=True,
        readonly=True,
    )
    measure = fields.Selection(
        selection=MEASURES,
        string="Figure",
        readonly=True,
    )
    weight = fields.Float(
        readonly=True,
        aggregator=None,
    )
    weight_effective = fields.Float(
        compute="_compute_weight_effective",
        string="Effective Weight (%)",
        digits=(5, 2),
        help="After criteria without data were left out; adds up to 100.",
    )
    value = fields.Float(
        string="Result",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="Percent; for the response time hours.",
    )
    sample_count = fields.Integer(
        string="Cases",
        readonly=True,
        help="How many order lines, inspected lines or requests for quotation it is"
        " computed from; for scores the number of people.",
    )
    value_text = fields.Char(
        compute="_compute_value_text",
        string="Result and Cases",
    )
    has_score = fields.Boolean(
        string="Has Data",
        readonly=True,
    )
    score = fields.Float(
        string="Points",
        readonly=True,
        digits=(5, 2),
        aggregator="avg",
    )
    rating_ids = fields.One2many(
        comodel_name="jxc.vendor.rating",
        inverse_name="line_id",
        string="Scores by People",
        readonly=True,
    )
    my_score = fields.Integer(
        compute="_compute_my_score",
        inverse="_inverse_my_score",
        help="Your own points from 1 to 100; 0 takes them back. The points of the line"
        " are the average of everybody's.",
    )
    comment = fields.Char()
    guideline = fields.Text(
        related="criterion_id.note",
    )

    _criterion_unique = models.Constraint(
        "UNIQUE (evaluation_id, criterion_id)",
        "A criterion counts once in an evaluation.",
    )

    # ------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------

    @api.depends("name", "partner_id", "period")
    def _compute_display_name(self):
        for line in self:
            names = (line.partner_id.name, line.period, line.name)
            line.display_name = " · ".join(filter(None, names))

    @api.depends("evaluation_id.line_ids.weight", "evaluation_id.line_ids.has_score")
    def _compute_weight_effective(self):
        self.weight_effective = 0.0
        for evaluation in self.evaluation_id:
            lines = evaluation.line_ids
            _score, shares = scoring.weighted(lines._parts())
            for line, share in zip(lines, shares, strict=True):
                line.weight_effective = share

    @api.depends("has_score", "value", "sample_count", "measure", "kind")
    @api.depends_context("lang")
    def _compute_value_text(self):
        for line in self:
            line.value_text = line._value_text()

    def _value_text(self):
        self.ensure_one()
        if not self.has_score:
            return self.env._("no data")
        number = formatLang(self.env, self.value, digits=1)
        values = {"value": number, "count": self.sample_count}
        if self.kind == "manual":
            return self.env._("by %(count)s persons", count=self.sample_count)
        if self.measure == "response":
            return self.env._("%(value)s hours (%(count)s RFQs)", **values)
        if self.measure == "price":
            return self.env._("index %(value)s (%(count)s order lines)", **values)
        if self.measure == "accepted":
            return self.env._("%(value)s %% (%(count)s inspected lines)", **values)
        if self.measure == "after_sales":
            return self.env._("%(value)s %% (%(count)s cases)", **values)
        return self.env._("%(value)s %% (%(count)s order lines)", **values)

    @api.depends("rating_ids.score", "rating_ids.user_id")
    @api.depends_context("uid")
    def _compute_my_score(self):
        mine = {
            rating.line_id.id: rating.score
            for rating in self.rating_ids
            if rating.user_id == self.env.user
        }
        for line in self:
            line.my_score = mine.get(line._origin.id, 0)

    def _inverse_my_score(self):
        for line in self:
            line._rate(line.my_score)

    def _parts(self):
        """Return (weight, points or None) of each line."""
        return [(line.weight, line.score if line.has_score else None) for line in self]

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, set(self._fields) - PEOPLE_FIELDS)

    def write(self, vals):
        """People write their score and a comment, nothing else.

        :raise AccessError: naming the fields
        :raise UserError: the evaluation is final
        """
        if not self.env.su:
            names = set(vals) - PEOPLE_FIELDS
            if names:
                raise AccessError(
                    self.env._(
                        "%(fields)s of evaluations cannot be written: figures are"
                        " computed, and people give “My Score”.",
                        fields=", ".join(sorted(names)),
                    )
                )
            self.evaluation_id._check_draft()
        return super().write(vals)

    # ------------------------------------------------------------
    # Scores
    # ------------------------------------------------------------

    def _rate(self, score):
        """Store, change or take back (0) the points that the user gives.

        :raise AccessError: the user may not give scores
        :raise UserError: the line is computed, the evaluation final, the score unusual
        """
        self.ensure_one()
        self.check_access("write")
        self.evaluation_id._check_draft()
        if self.kind != "manual":
            raise UserError(
                self.env._("%s is computed; nobody scores it.", self.display_name)
            )
        if not 0 <= score <= 100:
            raise UserError(
                self.env._(
                    "%(line)s: points go from 1 to 100, not %(score)s; 0 takes yours"
                    " back.",
                    line=self.display_name,
                    score=score,
                )
            )
        # Nobody has the right to write ratings, so that they are always one's own.
        ratings = self.env["jxc.vendor.rating"].sudo()
        mine = ratings.search(
            [("line_id", "=", self.id), ("user_id", "=", self.env.uid)]
        )
        if not score:
            mine.unlink()
        elif mine:
            mine.score = score
        else:
            ratings.create(
                {"line_id": self.id, "user_id": self.env.uid, "score": score}
            )
        self.sudo()._average_ratings()

    def _average_ratings(self):
        """Set the points of manual lines from the scores people gave."""
        for line in self:
            scores = line.rating_ids.mapped("score")
            average = sum(scores) / len(scores) if scores else 0.0
            line.write(
                {
                    "has_score": bool(scores),
                    "sample_count": len(scores),
                    "score": average,
                    "value": average,
                }
            )

    def _forget_figures(self):
        """Drop figures that were computed for another vendor or period."""
        self.filtered(lambda line: line.kind == "computed").write(
            {"has_score": False, "sample_count": 0, "score": 0.0, "value": 0.0}
        )

    def action_open_cases(self):
        """Show the records a computed figure comes from.

        :return: action
        :raise UserError: the figure has no list of records
        """
        self.ensure_one()
        self.check_access("read")
        model, ids = self.evaluation_id._cases(self.measure, self.criterion_id)
        if not model:
            raise UserError(
                self.env._("There is no list behind %s.", self.display_name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("id", "in", ids)],
            "context": {"create": False},
        }
