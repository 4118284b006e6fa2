# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools import sources
from .purchase_order import BUDGET_STATES


class AccountMove(models.Model):
    """Says on a draft bill already what its budgets would say when it is posted."""

    _inherit = "account.move"

    jxc_budget_state = fields.Selection(
        selection=BUDGET_STATES,
        string="Budget Status",
        compute="_compute_jxc_budget_state",
        groups="base.group_user",
        help="While still a draft: whether the budget would let the bill through now."
        " Nothing is held before the bill is posted.",
    )
    jxc_budget_hint = fields.Text(
        string="Budget Hint",
        compute="_compute_jxc_budget_state",
        groups="base.group_user",
    )

    @api.depends(
        "company_id",
        "currency_id",
        "date",
        "invoice_date",
        "invoice_line_ids.analytic_distribution",
        "invoice_line_ids.balance",
        "invoice_line_ids.price_subtotal",
        "invoice_line_ids.product_id",
        "invoice_line_ids.purchase_line_id",
        "invoice_line_ids.quantity",
        "move_type",
        "partner_id",
        "state",
    )
    def _compute_jxc_budget_state(self):
        drafts = self.filtered(
            lambda move: move.state == "draft" and move.move_type in sources.BILL_TYPES
        )
        hints = self.env["jxc.budget.engine"]._preview_bills(drafts)
        for move in self:
            state, hint = hints.get(move, ("none", False))
            move.jxc_budget_state, move.jxc_budget_hint = state, hint
