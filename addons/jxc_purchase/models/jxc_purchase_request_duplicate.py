# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from .purchase_order_duplicate import DUPLICATE_STATES


class JxcPurchaseRequest(models.Model):
    """Compare requests with what is on its way already, before they are submitted."""

    _inherit = "jxc.purchase.request"

    jxc_duplicate_state = fields.Selection(
        selection=DUPLICATE_STATES,
        string="Duplicates",
        compute="_compute_jxc_duplicates",
        help="While still a draft: whether the same is requested, ordered or in stock"
        " already.",
    )
    jxc_duplicate_hint = fields.Text(
        string="Duplicates Hint",
        compute="_compute_jxc_duplicates",
    )

    @api.depends(
        "company_id",
        "decision",
        "line_ids.date_required",
        "line_ids.product_id",
        "line_ids.product_qty",
        "line_ids.product_uom_id",
        "line_ids.vendor_id",
    )
    def _compute_jxc_duplicates(self):
        drafts = self.filtered(lambda request: request.decision == "draft")
        hints = self.env["jxc.duplicate.engine"]._preview(drafts)
        for request in self:
            answer = hints.get(request, ("none", False))
            request.jxc_duplicate_state, request.jxc_duplicate_hint = answer

    def _action_check_submit(self):
        result = super()._action_check_submit()
        self.env["jxc.duplicate.engine"]._check(self)
        return result

    def action_jxc_duplicates(self):
        """Show what this request collides with, and the ways out. One record."""
        return self.env["jxc.duplicate.window"]._open(self)
