# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcPurchaseBudgetTransferReject(models.TransientModel):
    """Ask why a budget change is refused that no tier decides on."""

    _name = "jxc.purchase.budget.transfer.reject"
    _description = "Reject Budget Change"

    transfer_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.transfer",
        required=True,
        ondelete="cascade",
    )
    reason = fields.Text(
        required=True,
    )

    def action_reject(self):
        """Reject; see ``jxc.purchase.budget.transfer.action_reject``."""
        self.ensure_one()
        self.transfer_id.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
