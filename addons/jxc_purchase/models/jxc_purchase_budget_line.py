# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import token

#: What may change on a line of a confirmed budget; each change is noted in the chatter.
#: The plan is refused with its own words, see ``_check_plan_stays``.
CHANGEABLE = {
    "amount_planned",
    "control",
    "control_bill",
    "control_order",
    "control_request",
    "sequence",
    "tolerance_percent",
    "warn_percent",
}


class JxcPurchaseBudgetLine(models.Model):
    """One limit: an amount for a period and, where given, an analytic account, a
    product category and a vendor. Empty dimensions mean any."""

    _name = "jxc.purchase.budget.line"
    _description = "Purchase Budget Line"
    _inherit = ["jxc.gate.mixin", "jxc.server.fields.mixin", "jxc.number.mixin"]
    _order = "date_from, sequence, id"
    _check_company_auto = True
    _rec_names_search = ["budget_id.name", "category_id", "analytic_account_id"]

    #: See ``jxc.server.fields.mixin``: what decides whom a line stops, and over what.
    _jxc_server_fields = frozenset(
        {"check_scope", "commercial_partner_id", "company_id", "state"}
    )

    budget_id = fields.Many2one(
        comodel_name="jxc.purchase.budget",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    company_id = fields.Many2one(
        related="budget_id.company_id",
        store=True,
        index=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    state = fields.Selection(
        related="budget_id.state",
        string="Budget Status",
        store=True,
        precompute=True,
    )
    analytic_account_id = fields.Many2one(
        comodel_name="account.analytic.account",
        check_company=True,
        ondelete="restrict",
        help="Empty: any.",
    )
    category_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        ondelete="restrict",
        help="Counts products of this category and of the categories below it that have"
        " no line of their own. Empty: any.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        check_company=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
        help="Empty: any.",
    )
    # Stored: asked of all lines of a period whenever an order is confirmed.
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        store=True,
        precompute=True,
        export_string_translation=False,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_dates",
        store=True,
        readonly=False,
        precompute=True,
    )
    control = fields.Selection(
        selection=[
            ("none", "Only Count"),
            ("warn", "Warn"),
            ("block", "Block"),
        ],
        required=True,
        default="block",
        help="What happens when a request, order or bill asks for more than is"
        " available, unless another control is chosen for its kind.",
    )
    warn_percent = fields.Float(
        string="Warn At (%)",
        default=80.0,
        help="The owner gets an activity when this part is used; 0: never.",
    )
    tolerance_percent = fields.Float(
        string="Tolerance (%)",
        help="How far above the amount a blocking line still lets orders through.",
    )
    amount_planned = fields.Monetary(
        string="Planned",
        required=True,
        help="Untaxed, in company currency.",
    )
    amount_adjusted = fields.Monetary(
        string="Adjusted",
        readonly=True,
        copy=False,
        help="Additions, cuts and transfers after confirmation.",
    )
    amount_reserved = fields.Monetary(
        string="Reserved",
        compute="_compute_used_amounts",
        help="Held by purchase requests.",
    )
    amount_committed = fields.Monetary(
        string="Committed",
        compute="_compute_used_amounts",
        help="Confirmed orders that are not billed yet.",
    )
    amount_actual = fields.Monetary(
        string="Actual",
        compute="_compute_used_amounts",
        help="Posted vendor bills less refunds.",
    )
    amount_available = fields.Monetary(
        string="Available",
        compute="_compute_used_amounts",
        help="Planned + adjusted - reserved - committed - actual.",
    )
    entry_ids = fields.One2many(
        comodel_name="jxc.budget.entry",
        inverse_name="line_id",
        readonly=True,
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A budget line cannot end before it starts.",
    )
    _planned_not_negative = models.Constraint(
        "CHECK (amount_planned >= 0)",
        "A planned amount cannot be negative.",
    )
    _percents_not_negative = models.Constraint(
        # What is no number sorts above infinity.
        "CHECK (warn_percent >= 0 AND warn_percent < 'Infinity'"
        " AND tolerance_percent >= 0 AND tolerance_percent < 'Infinity')",
        "Percentages of a budget line are numbers that are not negative.",
    )
    _match_index = models.Index("(company_id, date_from, date_to)")

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("budget_id")
    def _compute_dates(self):
        for line in self:
            line.date_from = line.date_from or line.budget_id.date_from
            line.date_to = line.date_to or line.budget_id.date_to

    @api.depends("amount_planned", "amount_adjusted", "entry_ids.amount")
    def _compute_used_amounts(self):
        used = self.env["jxc.budget.balance"]._sums_by_stage(self._origin.ids)
        for line in self:
            line_id = line._origin.id
            line.amount_reserved = used[line_id, "reserved"]
            line.amount_committed = used[line_id, "committed"]
            line.amount_actual = used[line_id, "actual"]
            line.amount_available = (
                line.amount_planned
                + line.amount_adjusted
                - line.amount_reserved
                - line.amount_committed
                - line.amount_actual
            )

    @api.depends(
        "budget_id.name",
        "analytic_account_id",
        "category_id",
        "partner_id",
        "date_from",
        "date_to",
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        # Who may read a budget line may read its name, whatever its dimensions.
        for line, known in zip(self, self.sudo(), strict=True):
            dimensions = [
                record.display_name
                for record in (
                    known.analytic_account_id,
                    known.category_id,
                    known.partner_id,
                )
                if record
            ]
            line.display_name = self.env._(
                "%(budget)s: %(dimensions)s, %(start)s - %(end)s",
                budget=known.budget_id.name,
                dimensions=" / ".join(dimensions) or self.env._("All purchases"),
                start=format_date(self.env, line.date_from),
                end=format_date(self.env, line.date_to),
            )

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.constrains("date_from", "date_to", "budget_id")
    def _check_dates_within_budget(self):
        for line in self:
            budget = line.budget_id
            if line.date_from < budget.date_from or line.date_to > budget.date_to:
                raise ValidationError(
                    self.env._(
                        "%(line)s: the dates lie outside of the budget, %(start)s -"
                        " %(end)s.",
                        line=line.display_name,
                        start=format_date(self.env, budget.date_from),
                        end=format_date(self.env, budget.date_to),
                    )
                )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"amount_adjusted"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_adjusted(vals)
        lines = super().create(vals_list)
        lines._check_budget_is_draft()
        return lines

    def write(self, vals):
        """Change lines; those of a confirmed budget only in what stays open.

        The plan changes, and limits become wider, by approved budget changes. A lower
        limit is taken through the gate, so that it cannot fall below what is used, not
        even while orders are being confirmed elsewhere.

        :raise UserError: a locked field, another plan, or a limit that is wider, or
            below what is used
        """
        self.check_access("write")
        if token.is_engine(self.env):
            return super().write(vals)
        # What follows compares amounts.
        self._jxc_check_numbers(vals)
        self._refuse_adjusted(vals)
        fixed = self.filtered(lambda line: line.state != "draft")
        fixed._check_plan_stays(vals)
        fixed._check_limit_by_document(vals)
        if set(vals) - CHANGEABLE:
            self._check_budget_is_draft()
        before = {line.id: line._describe_limit() for line in fixed}
        fixed._check_limit_above_use(vals)
        result = super().write(vals)
        if "budget_id" in vals:
            self._check_budget_is_draft()
        fixed._note_changes(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_budget_is_draft()

    def _refuse_adjusted(self, vals):
        given = vals.get("amount_adjusted")
        if given or (given is not None and any(self.mapped("amount_adjusted"))):
            raise UserError(
                self.env._("The adjusted amount follows from budget transfers only.")
            )

    def _check_budget_is_draft(self):
        fixed = self.budget_id.filtered(lambda budget: budget.state != "draft")
        if fixed:
            raise UserError(
                self.env._(
                    "%s: on a confirmed budget only the control and its percentages can"
                    " be changed; amounts change by Budget Changes. Reset it to draft"
                    " while nothing was booked on it, or make another budget with the"
                    " lines that are missing.",
                    ", ".join(fixed.mapped("name")),
                )
            )
