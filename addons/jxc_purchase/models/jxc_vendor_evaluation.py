# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import periods, scoring
from ..tools.partners import use_commercial_partners

GRADES = [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")]

#: Follow from the figures and from the actions; no client writes them.
SERVER_FIELDS = {
    "computed_at",
    "grade",
    "grade_limits",
    "has_score",
    "period",
    "replaced_by_id",
    "score",
    "state",
    "validated_at",
    "validated_by_id",
}
#: What the figures are computed for.
SCOPE_FIELDS = {"company_id", "date_from", "date_to", "partner_id"}


class JxcVendorEvaluation(models.Model):
    """What one vendor was worth to one company in one period (供应商评价).

    Computed and scored while a draft; validated it is final, and only a new evaluation
    of the same vendor and period, once validated, takes its place.
    """

    _name = "jxc.vendor.evaluation"
    _description = "Vendor Evaluation"
    _inherit = [
        "jxc.server.fields.mixin",
        "jxc.number.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_to desc, date_from desc, score desc, id desc"
    _rec_names_search = ["partner_id", "period"]
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset(SERVER_FIELDS)

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_period()[0],
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self._default_period()[1],
    )
    period = fields.Char(
        compute="_compute_period",
        store=True,
        help="2026-Q1, 2026-03, 2026-H1, 2026, or the two dates.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("validated", "Validated"),
            ("replaced", "Replaced"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.vendor.evaluation.line",
        inverse_name="evaluation_id",
        string="Criteria",
    )
    score = fields.Float(
        compute="_compute_score",
        store=True,
        digits=(5, 2),
        aggregator="avg",
        help="0 to 100: the points of the criteria by their weights. Criteria without"
        " data are left out and the other weights raised.",
    )
    has_score = fields.Boolean(
        compute="_compute_score",
        store=True,
        string="Scored",
    )
    grade = fields.Selection(
        selection=GRADES,
        compute="_compute_score",
        store=True,
        index="btree_not_null",
    )
    grade_limits = fields.Char(
        compute="_compute_score",
        store=True,
        help="Where the grades began when this one was given.",
    )
    left_out = fields.Char(
        compute="_compute_left_out",
        string="Left out",
        help="Criteria without data; their weight is shared by the others.",
    )
    computed_at = fields.Datetime(
        string="Computed on",
        readonly=True,
        copy=False,
    )
    validated_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Validated by",
        readonly=True,
        copy=False,
    )
    validated_at = fields.Datetime(
        string="Validated on",
        readonly=True,
        copy=False,
    )
    replaced_by_id = fields.Many2one(
        comodel_name="jxc.vendor.evaluation",
        string="Replaced by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    note = fields.Text(
        string="Conclusion",
        help="What is agreed with the vendor: measures, dates.",
    )
    previous_score = fields.Float(
        compute="_compute_previous",
        digits=(5, 2),
    )
    previous_grade = fields.Selection(
        selection=GRADES,
        compute="_compute_previous",
    )
    can_validate = fields.Boolean(
        compute="_compute_can_validate",
        export_string_translation=False,
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A period cannot end before it starts.",
    )
    _draft_unique = models.UniqueIndex(
        "(company_id, partner_id, date_from, date_to) WHERE state = 'draft'",
        "There is already a draft for this vendor and period.",
    )
    _validated_unique = models.UniqueIndex(
        "(company_id, partner_id, date_to, date_from) WHERE state = 'validated'",
        "Another evaluation of this vendor and period was validated just now.",
    )

    def _default_period(self):
        today = fields.Date.context_today(self)
        kind = self.env.company.jxc_vendor_period
        return periods.last_period(today, kind if kind in periods.MONTHS else "quarter")

    # ------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------

    @api.depends("date_from", "date_to")
    def _compute_period(self):
        for one in self:
            known = one.date_from and one.date_to
            one.period = periods.label(one.date_from, one.date_to) if known else False

    @api.depends("partner_id", "period")
    def _compute_display_name(self):
        for one in self:
            names = filter(None, (one.partner_id.name, one.period))
            one.display_name = " · ".join(names) or False

    @api.depends("line_ids.score", "line_ids.has_score", "line_ids.weight")
    def _compute_score(self):
        for one in self:
            if one.state != "draft":
                # Final, whatever happens to companies and criteria.
                one.score, one.has_score = one.score, one.has_score
                one.grade, one.grade_limits = one.grade, one.grade_limits
                continue
            score, _shares = scoring.weighted(one.line_ids._parts())
            limits = one.company_id._jxc_grade_limits()
            one.score = score or 0.0
            one.has_score = score is not None
            one.grade = scoring.grade(score, limits)
            one.grade_limits = "A ≥ {:g}, B ≥ {:g}, C ≥ {:g}".format(*limits)

    @api.depends("line_ids.has_score", "line_ids.name")
    def _compute_left_out(self):
        for one in self:
            lines = one.line_ids.filtered(lambda line: not line.has_score)
            one.left_out = ", ".join(lines.mapped("name")) or False

    @api.depends("partner_id", "company_id", "date_from", "date_to")
    def _compute_previous(self):
        known = self._previous()
        for one in self:
            one.previous_score = known.get(one, one.browse()).score
            one.previous_grade = known.get(one, one.browse()).grade

    @api.depends("state", "has_score", "date_to", "line_ids.rating_ids.user_id")
    @api.depends_context("uid")
    def _compute_can_validate(self):
        for one in self:
            one.can_validate = not one._validation_problem()

    def _previous(self):
        """Return {evaluation: the last validated one of an earlier period}."""
        partners, companies = self.partner_id, self.company_id
        earlier = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "in", companies.ids),
                ("state", "=", "validated"),
            ]
        ).grouped(lambda one: (one.partner_id, one.company_id))
        found = {}
        for one in self.filtered("date_from"):
            rows = earlier.get((one.partner_id, one.company_id), self.browse())
            rows = rows.filtered(
                lambda row, one=one: row.date_to < one.date_to and row != one._origin
            )
            if rows:
                found[one] = rows[0]
        return found

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts with the lines of the company's template."""
        use_commercial_partners(self.env, vals_list)
        evaluations = super().create(vals_list)
        evaluations.sudo()._update_lines()
        return evaluations

    def write(self, vals):
        use_commercial_partners(self.env, [vals])
        changes_scope = bool(SCOPE_FIELDS & set(vals))
        if (changes_scope or "note" in vals) and not self.env.su:
            self._check_draft()
        result = super().write(vals)
        if changes_scope:
            drafts = self.sudo()
            drafts.computed_at = False
            drafts._update_lines()
            drafts.line_ids._forget_figures()
        return result

    def _check_draft(self):
        """:raise UserError: naming the evaluation that is final"""
        for one in self:
            if one.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is final. Make a new evaluation of this vendor and period;"
                        " once validated, it replaces this one.",
                        one.display_name,
                    )
                )

    @api.constrains("partner_id", "company_id")
    def _check_partner_company(self):
        for one in self:
            if one.partner_id.company_id not in (
                one.company_id,
                one.company_id.browse(),
            ):
                raise ValidationError(
                    self.env._(
                        "%(vendor)s belongs to another company than %(company)s.",
                        vendor=one.partner_id.display_name,
                        company=one.company_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self._check_draft()
