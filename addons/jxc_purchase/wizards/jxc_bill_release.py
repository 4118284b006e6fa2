# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcBillRelease(models.TransientModel):
    """Ask why a bill on hold may be paid."""

    _name = "jxc.bill.release"
    _description = "Release Bills on Hold"

    move_ids = fields.Many2many(
        comodel_name="account.move",
        string="Bills",
        required=True,
        default=lambda self: self._default_move_ids(),
    )
    reason = fields.Char(
        required=True,
    )

    def _default_move_ids(self):
        if self.env.context.get("active_model") != "account.move":
            return False
        return self.env["account.move"].browse(self.env.context.get("active_ids", []))

    def action_release(self):
        """Release with this reason; see ``account.move.action_jxc_release_hold``."""
        self.ensure_one()
        self.move_ids.action_jxc_release_hold(self.reason)
        return {"type": "ir.actions.act_window_close"}
