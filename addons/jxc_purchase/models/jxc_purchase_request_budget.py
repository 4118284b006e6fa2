# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from .purchase_order import BUDGET_STATES


class JxcPurchaseRequest(models.Model):
    """Requests hold their budget from the submission until it is ordered (预占)."""

    _inherit = "jxc.purchase.request"

    budget_state = fields.Selection(
        selection=BUDGET_STATES,
        string="Budget Status",
        compute="_compute_budget_state",
        help="While still a draft: whether the budget would let the request through"
        " now. Nothing is held before it is submitted.",
    )
    budget_hint = fields.Text(
        compute="_compute_budget_state",
    )

    @api.depends(
        "company_id",
        "decision",
        "line_ids.analytic_distribution",
        "line_ids.price_subtotal",
        "line_ids.product_id",
        "line_ids.vendor_id",
    )
    def _compute_budget_state(self):
        hints = self.env["jxc.budget.engine"]._preview_requests(self)
        for request in self:
            request.budget_state, request.budget_hint = hints[request]

    def _decide(self, decision, **vals):
        """Give the lines their day of the budget when they begin to hold it."""
        if decision == "submitted" and "submitted_at" in vals:
            today = fields.Date.context_today(self)
            self.line_ids.write({"budget_date": today, "is_unreserved": False})
        return super()._decide(decision, **vals)

    def _action_decided(self, before):
        """Hold what is asked for now, give back what is not any more.

        :raise UserError: a blocking budget line has not enough left for it
        """
        result = super()._action_decided(before)
        self.line_ids._sync_budget()
        return result
