# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcFinanceReopen(models.TransientModel):
    """Asks why a closed period is to be reopened."""

    _name = "jxc.finance.reopen"
    _description = "Reopening of an Accounting Period"

    period_id = fields.Many2one(
        comodel_name="jxc.finance.period",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Char(required=True)

    def action_reopen(self):
        """Reopen the period with the reason in its log."""
        self.ensure_one()
        self.period_id.action_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
