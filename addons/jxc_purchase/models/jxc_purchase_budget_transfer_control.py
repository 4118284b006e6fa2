# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools import token
from .jxc_purchase_budget_line_scope import CONTROLS, LIMIT_FIELDS


class JxcPurchaseBudgetTransferLine(models.Model):
    """Control and tolerance that a budget line is to have once it is approved."""

    _inherit = "jxc.purchase.budget.transfer.line"

    control = fields.Selection(
        selection=CONTROLS,
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
    )
    control_request = fields.Selection(
        selection=CONTROLS,
        string="Requests",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
    )
    control_order = fields.Selection(
        selection=CONTROLS,
        string="Orders",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
    )
    control_bill = fields.Selection(
        selection=CONTROLS,
        string="Bills",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
    )
    tolerance_percent = fields.Float(
        string="Tolerance (%)",
        compute="_compute_limits",
        store=True,
        readonly=False,
        precompute=True,
    )

    _tolerance_not_negative = models.Constraint(
        "CHECK (tolerance_percent >= 0 AND tolerance_percent < 'Infinity')",
        "The tolerance of a budget line is a number that is not negative.",
    )

    @api.depends("line_to_id", "transfer_id.kind")
    def _compute_limits(self):
        """Start from what the budget line has now."""
        for line in self:
            target = line.line_to_id
            if line.transfer_id.kind != "control":
                target = target.browse()
            for name in LIMIT_FIELDS:
                line[name] = target[name]

    def _limits_changed(self):
        """Return the values that differ from those of one budget line."""
        self.ensure_one()
        target = self.line_to_id
        return {name: self[name] for name in LIMIT_FIELDS if self[name] != target[name]}

    def _amount_let_through(self):
        """Return by how much the limit of one budget line grows, company currency.

        A line that stops blocking has no limit any more: its whole amount counts.
        """
        self.ensure_one()
        target = self.line_to_id
        limits = {name: self[name] for name in LIMIT_FIELDS}
        if not target or not target._lets_more_through(limits):
            return 0.0
        more = target._capacity(limits) - target._capacity()
        if target._control_loosens(limits):
            return target._limit_base()
        return max(more, 0.0)

    def _set_limits(self):
        """Write what was approved; narrower limits are taken through the gate.

        :raise UserError: a limit would become lower than what is used
        """
        for line in self:
            target, limits = line.line_to_id, line._limits_changed()
            target._check_limit_above_use(limits)
            before = {target.id: target._describe_limit()}
            target.with_context(**{token.ENGINE: token.Engine()}).write(limits)
            target._note_changes(before)
