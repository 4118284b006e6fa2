# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcPurchaseRequestReject(models.TransientModel):
    """Ask why a request is refused."""

    _name = "jxc.purchase.request.reject"
    _description = "Reject Purchase Requests"

    request_ids = fields.Many2many(
        comodel_name="jxc.purchase.request",
        required=True,
    )
    reason = fields.Text(
        required=True,
    )

    def action_reject(self):
        """Reject with this reason; see ``jxc.purchase.request.action_reject``."""
        self.ensure_one()
        self.request_ids.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
