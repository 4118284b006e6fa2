# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from itertools import product

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.amounts import split_amount
from ..tools.periods import MONTHS, periods


class JxcPurchaseBudgetGenerate(models.TransientModel):
    """Make the lines of a draft budget: each period for each combination."""

    _name = "jxc.purchase.budget.generate"
    _description = "Make Budget Lines"
    _inherit = ["jxc.number.mixin"]
    _check_company_auto = True

    budget_id = fields.Many2one(
        comodel_name="jxc.purchase.budget",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="budget_id.company_id",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    period = fields.Selection(
        selection=[
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("half", "Half-Year"),
            ("year", "Year"),
            ("free", "One Period with these Dates"),
        ],
        required=True,
        default="month",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        compute="_compute_dates",
        precompute=True,
        store=True,
        readonly=False,
    )
    date_to = fields.Date(
        string="To",
        required=True,
        compute="_compute_dates",
        precompute=True,
        store=True,
        readonly=False,
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="A line for each of them. Empty: any.",
    )
    analytic_account_ids = fields.Many2many(
        comodel_name="account.analytic.account",
        string="Analytic Accounts",
        check_company=True,
        help="A line for each of them. Empty: any.",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Vendors",
        check_company=True,
        domain="[('parent_id', '=', False)]",
        help="A line for each of them. Empty: any.",
    )
    amount = fields.Monetary(
        required=True,
    )
    amount_is = fields.Selection(
        selection=[
            ("line", "For each line"),
            ("dimension", "For all periods together"),
        ],
        string="The Amount is",
        required=True,
        default="line",
    )
    control = fields.Selection(
        selection=[("none", "Only Count"), ("warn", "Warn"), ("block", "Block")],
        required=True,
        default="block",
    )
    warn_percent = fields.Float(
        string="Warn At (%)",
        default=80.0,
    )
    tolerance_percent = fields.Float(
        string="Tolerance (%)",
    )

    @api.depends("budget_id")
    def _compute_dates(self):
        for wizard in self:
            wizard.date_from = wizard.budget_id.date_from
            wizard.date_to = wizard.budget_id.date_to

    def action_generate(self):
        """Add the lines to the budget.

        :return: True
        :raise UserError: the budget is no draft, the dates are not in it, or nothing
            would be made
        """
        self.ensure_one()
        self.budget_id.check_access("write")
        if self.budget_id.state != "draft":
            raise UserError(
                self.env._(
                    "%s is confirmed: lines are made while it is a draft.",
                    self.budget_id.name,
                )
            )
        spans = self._periods()
        if not spans:
            raise UserError(self.env._("The period ends before it starts."))
        combinations = product(
            self.analytic_account_ids.ids or [False],
            self.category_ids.ids or [False],
            self.partner_ids.ids or [False],
        )
        self.budget_id.write(
            {
                "line_ids": [
                    Command.create(values)
                    for combination in combinations
                    for values in self._prepare_lines(spans, combination)
                ]
            }
        )
        return True

    def _periods(self):
        """Return the periods as ``(first day, last day)``."""
        if self.period == "free":
            fits = self.date_from <= self.date_to
            return [(self.date_from, self.date_to)] if fits else []
        # sudo: who makes budgets need not read the settings of accounting
        company = self.budget_id.company_id.sudo()
        begin = int(company.fiscalyear_last_month) % 12 + 1
        return periods(self.date_from, self.date_to, MONTHS[self.period], begin)

    def _prepare_lines(self, spans, combination):
        """Return the values of one combination's lines, one for each period."""
        account_id, category_id, partner_id = combination
        amounts = [self.amount] * len(spans)
        if self.amount_is == "dimension":
            share = 100.0 / len(spans)
            percents = [share] * (len(spans) - 1)
            percents.append(100.0 - sum(percents))
            amounts = split_amount(self.amount, percents, self.currency_id.round)
        return [
            {
                "analytic_account_id": account_id,
                "category_id": category_id,
                "partner_id": partner_id,
                "date_from": start,
                "date_to": end,
                "amount_planned": amount,
                "control": self.control,
                "warn_percent": self.warn_percent,
                "tolerance_percent": self.tolerance_percent,
            }
            for (start, end), amount in zip(spans, amounts, strict=True)
        ]
