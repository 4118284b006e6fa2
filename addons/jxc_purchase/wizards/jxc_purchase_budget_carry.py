# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcPurchaseBudgetCarry(models.TransientModel):
    """Prepare the carry-forward of periods that have ended, as a budget change."""

    _name = "jxc.purchase.budget.carry"
    _description = "Carry Budgets Forward"
    _check_company_auto = True

    # Not check_company: the company follows from it, and none would leave no choice.
    budget_from_id = fields.Many2one(
        comodel_name="jxc.purchase.budget",
        string="From Budget",
        required=True,
        domain="[('state', '!=', 'draft')]",
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="budget_from_id.company_id",
    )
    date_until = fields.Date(
        string="Periods Ended by",
        required=True,
        compute="_compute_date_until",
        precompute=True,
        store=True,
        readonly=False,
    )
    budget_to_id = fields.Many2one(
        comodel_name="jxc.purchase.budget",
        string="To Budget",
        required=True,
        check_company=True,
        domain="[('state', '=', 'confirmed')]",
        ondelete="cascade",
        help="The next budget, or the same one for its next period.",
    )
    carry_commitments = fields.Boolean(
        string="Open Commitments",
        default=True,
        help="Orders that are not billed yet and requests that are not ordered yet,"
        " with the amounts that they hold.",
    )
    carry_unspent = fields.Boolean(
        string="Unspent Amounts",
        default=True,
    )

    @api.depends("budget_from_id")
    def _compute_date_until(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            ended = wizard.budget_from_id.line_ids.mapped("date_to")
            past = [day for day in ended if day < today]
            wizard.date_until = max(past or ended or [today])

    def action_prepare(self):
        """Make the budget change, a draft to look at, change and submit.

        :return: action that opens it
        :raise UserError: nothing is to be carried
        """
        self.ensure_one()
        self.budget_from_id.check_access("write")
        lines = self.budget_from_id.line_ids.filtered(
            lambda line: line.date_to <= self.date_until
        )
        commands = [
            Command.create(values)
            for line in lines
            if (values := self._prepare_line(line))
        ]
        if not commands:
            raise UserError(
                self.env._(
                    "%(budget)s: nothing is left to carry forward from periods that"
                    " ended by %(day)s.",
                    budget=self.budget_from_id.name,
                    day=self.date_until,
                )
            )
        transfer = self.env["jxc.purchase.budget.transfer"].create(
            {
                "company_id": self.company_id.id,
                "kind": "carry",
                "carry_commitments": self.carry_commitments,
                "reason": self.env._(
                    "From %(old)s to %(new)s",
                    old=self.budget_from_id.name,
                    new=self.budget_to_id.name,
                ),
                "line_ids": commands,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": transfer._name,
            "res_id": transfer.id,
            "views": [(False, "form")],
        }

    def _prepare_line(self, line):
        """Return values of the change for one budget line, or None."""
        amount = 0.0
        # What came back in bills can be more than what is still open.
        held = max(line.amount_committed + line.amount_reserved, 0.0)
        if self.carry_commitments:
            amount += held
        if self.carry_unspent:
            amount += max(line.amount_available, 0.0)
        # No line gives more than it has.
        amount = min(amount, max(line.amount_available + held, 0.0))
        amount = line.currency_id.round(amount)
        if not amount and not (self.carry_commitments and held):
            return None
        return {
            "line_from_id": line.id,
            "line_to_id": self._next_line(line).id,
            "amount": amount,
        }

    def _next_line(self, line):
        """Return the line with the same dimensions that comes next, or none."""
        following = self.budget_to_id.line_ids.filtered(
            lambda one: (
                one._dimensions() == line._dimensions()
                and one.date_from > max(self.date_until, line.date_to)
            )
        )
        return following.sorted("date_from")[:1]
