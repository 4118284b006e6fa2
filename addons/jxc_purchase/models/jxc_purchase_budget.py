# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import matching, token


class JxcPurchaseBudget(models.Model):
    """A purchase budget: amounts that orders and bills of one company may use."""

    _name = "jxc.purchase.budget"
    _description = "Purchase Budget"
    _inherit = ["jxc.number.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        default=lambda self: self.env.user,
        tracking=True,
        check_company=True,
        help="Gets an activity when a line passes its warning threshold.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        tracking=True,
    )
    date_to = fields.Date(
        string="To",
        required=True,
        tracking=True,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    check_scope = fields.Selection(
        selection=[
            ("period", "Each period on its own"),
            ("cumulative", "Cumulative to date"),
            ("year", "The whole year"),
        ],
        string="Checked Over",
        required=True,
        default="period",
        help="Lines with the same analytic account, category and vendor are judged"
        " together: cumulatively a period may use what the earlier ones left, over the"
        " whole year it does not matter which period of the company's fiscal year"
        " pays.",
    )
    note = fields.Html(
        string="Notes",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.purchase.budget.line",
        inverse_name="budget_id",
        string="Lines",
        copy=True,
    )
    amount_planned = fields.Monetary(
        compute="_compute_amounts",
        string="Planned",
    )
    amount_reserved = fields.Monetary(
        compute="_compute_amounts",
        string="Reserved",
    )
    amount_committed = fields.Monetary(
        compute="_compute_amounts",
        string="Committed",
    )
    amount_actual = fields.Monetary(
        compute="_compute_amounts",
        string="Actual",
    )
    amount_available = fields.Monetary(
        compute="_compute_amounts",
        string="Available",
    )
    used_percent = fields.Float(
        compute="_compute_amounts",
        string="Used (%)",
        digits=(16, 1),
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)",
        "A budget cannot end before it starts.",
    )
    _name_company_unique = models.Constraint(
        "UNIQUE (company_id, name)",
        "There is already a budget with this name.",
    )

    @api.depends(
        "line_ids.amount_planned",
        "line_ids.amount_adjusted",
        "line_ids.amount_reserved",
        "line_ids.amount_committed",
        "line_ids.amount_actual",
    )
    def _compute_amounts(self):
        for budget in self:
            lines = budget.line_ids
            budget.amount_planned = sum(lines.mapped("amount_planned")) + sum(
                lines.mapped("amount_adjusted")
            )
            budget.amount_reserved = sum(lines.mapped("amount_reserved"))
            budget.amount_committed = sum(lines.mapped("amount_committed"))
            budget.amount_actual = sum(lines.mapped("amount_actual"))
            used = (
                budget.amount_reserved + budget.amount_committed + budget.amount_actual
            )
            budget.amount_available = budget.amount_planned - used
            budget.used_percent = (
                used / budget.amount_planned * 100.0 if budget.amount_planned else 0.0
            )

    @api.constrains("check_scope", "company_id", "date_from", "date_to", "line_ids")
    def _check_line_dates(self):
        self.line_ids._check_dates_within_budget()
        self.line_ids._check_within_year()

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"state"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(
                    self.env._("A budget starts as a draft and is then confirmed.")
                )
        return super().create(vals_list)

    def write(self, vals):
        """Keep what a confirmed budget promises.

        :raise UserError: state written past the actions, or a locked field changed
        """
        self.check_access("write")
        if not token.is_engine(self.env):
            self._check_may_write(vals)
        return super().write(vals)

    def _check_may_write(self, vals):
        if "state" in vals and any(budget.state != vals["state"] for budget in self):
            raise UserError(
                self.env._(
                    "The state of a budget changes with its buttons Confirm, Close and"
                    " Reset to Draft only."
                )
            )
        fixed = self.filtered(lambda budget: budget.state != "draft")
        header = set(vals) & {"check_scope", "company_id", "date_from", "date_to"}
        if fixed and header:
            raise UserError(
                self.env._(
                    "%(budgets)s: dates, company and what is checked together of a"
                    " confirmed budget are fixed."
                    " Reset it to draft while nothing was booked on it, or make"
                    " another budget.",
                    budgets=", ".join(fixed.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        for budget in self:
            if budget.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is confirmed or closed and cannot be deleted.", budget.name
                    )
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_confirm(self):
        """Put draft (or closed) budgets into force.

        Orders and bills that already exist in their periods are counted at once, even
        beyond the limit; the limit holds for everything that comes later. The day of an
        order's bills is that of the order.

        :raise UserError: no lines, or a line overlaps another one with the same
            dimensions, so that it would not be clear which of them counts
        """
        self._check_manager()
        todo = self.filtered(lambda budget: budget.state != "confirmed")
        empty = todo.filtered(lambda budget: not budget.line_ids)
        if empty:
            raise UserError(
                self.env._(
                    "%s: add at least one line before confirming.",
                    ", ".join(empty.mapped("name")),
                )
            )
        todo._check_no_ambiguous_lines()
        drafts = todo.filtered(lambda budget: budget.state == "draft")
        todo._set_state("confirmed")
        for budgets in drafts.grouped("company_id").values():
            budgets._count_existing_documents()
        return True

    def action_close(self):
        """Close confirmed budgets: blocking lines take no further amounts.

        What is committed can still be billed at the committed amount.
        """
        self._check_manager()
        not_confirmed = self.filtered(lambda budget: budget.state != "confirmed")
        if not_confirmed:
            raise UserError(
                self.env._(
                    "Only confirmed budgets can be closed: %s.",
                    ", ".join(not_confirmed.mapped("name")),
                )
            )
        self._set_state("closed")
        return True

    def action_draft(self):
        """Reset budgets on which nothing was ever booked.

        :raise UserError: there are entries; they would lose their limit
        """
        self._check_manager()
        booked = (
            self.env["jxc.budget.entry"]
            .sudo()
            ._read_group([("budget_id", "in", self.ids)], ["budget_id"])
        )
        if booked:
            raise UserError(
                self.env._(
                    "%s: orders or bills were booked on it, so it stays confirmed."
                    " Amounts change by Budget Changes; for other changes close it and"
                    " make a new budget.",
                    ", ".join(budget.name for (budget,) in booked),
                )
            )
        in_force = self.filtered(lambda budget: budget.state == "confirmed")
        in_force.line_ids._check_nobody_takes()
        self._set_state("draft")
        return True

    def action_open_entries(self):
        """Open the ledger entries of these budgets."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_purchase.jxc_budget_entry_action"
        )
        action["domain"] = [("budget_id", "in", self.ids)]
        return action

    def action_recompute_check(self):
        """Compute every line anew from the documents and compare with the ledger.

        Reads only. The budgets may be of one or several companies.

        :return: list of dicts, one per difference, empty when all is right: keys
            ``line_id, stage, res_model, res_id, res_line_id, document, documents``
            (amount that the document says) ``, ledger`` (amount booked) ``,
            difference``; company currency, untaxed. Stages are those of the ledger,
            ``adjusted`` (approved changes) and ``override`` (what overrides cover)
        """
        self.check_access("read")
        differences = []
        for company, budgets in self.grouped("company_id").items():
            engine = self.env["jxc.budget.engine"].with_company(company)
            differences += engine._differences(budgets.line_ids)
        return differences

    def action_show_check(self):
        """Run :meth:`action_recompute_check` and show the outcome to the user."""
        differences = self.action_recompute_check()
        if not differences:
            text = self.env._("The ledger agrees with all requests, orders and bills.")
        else:
            text = "\n".join(
                self.env._(
                    "%(document)s: document %(documents).2f, ledger %(ledger).2f", **row
                )
                for row in differences[:20]
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Budget Check"),
                "message": text,
                "type": "danger" if differences else "success",
                "sticky": bool(differences),
            },
        }

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _check_manager(self):
        """Raise unless the user may change these budgets (rights and record rules)."""
        self.check_access("write")

    def _set_state(self, state):
        marked = self.with_context(**{token.ENGINE: token.Engine()})
        marked.write({"state": state})

    def _check_no_ambiguous_lines(self, since=date.min):
        """Raise when a line and another in force could both be the most specific.

        :param since: days before this one are let be
        """
        for company, budgets in self.grouped("company_id").items():
            lines = budgets.line_ids
            others = (
                self.env["jxc.purchase.budget.line"]
                .sudo()
                .search(
                    [
                        ("company_id", "=", company.id),
                        ("budget_id.state", "in", ("confirmed", "closed")),
                        ("date_from", "<=", max(lines.mapped("date_to"))),
                        ("date_to", ">=", min(lines.mapped("date_from"))),
                    ]
                )
            )
            pairs = matching.ambiguous_pairs((lines | others)._scopes())
            pairs = [
                pair
                for pair in pairs
                if {scope.line_id for scope in pair} & set(lines.ids)
                and min(scope.date_to for scope in pair) >= since
            ]
            if pairs:
                raise ValidationError(self._ambiguous_message(pairs))

    def _ambiguous_message(self, pairs):
        lines = self.env["jxc.purchase.budget.line"].sudo()
        texts = [
            self.env._(
                "%(first)s and %(second)s",
                first=lines.browse(first.line_id).display_name,
                second=lines.browse(second.line_id).display_name,
            )
            for first, second in pairs
        ]
        return self.env._(
            "These lines have the same analytic account, vendor and category, and days"
            " in common. It would not be clear which of them counts; change dates or"
            " dimensions:\n%s",
            "\n".join(texts),
        )
