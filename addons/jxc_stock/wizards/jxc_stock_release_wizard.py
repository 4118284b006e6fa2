# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockReleaseWizard(models.TransientModel):
    """Release expired lots, or end their release."""

    _name = "jxc.stock.release.wizard"
    _description = "Release Lots"

    kind = fields.Selection(
        selection=[("release", "Release"), ("revoke", "End the Release")],
        required=True,
        default="release",
    )
    lot_ids = fields.Many2many(
        comodel_name="stock.lot",
        string="Lots",
        required=True,
        default=lambda self: self._default_lot_ids(),
    )
    valid_until = fields.Date(default=fields.Date.context_today)
    reason = fields.Char()

    def _default_lot_ids(self):
        if self.env.context.get("active_model") != "stock.lot":
            return False
        return self.env.context.get("active_ids")

    def action_apply(self):
        """Release or revoke; rights and values are checked by the lots."""
        self.ensure_one()
        if self.kind == "release":
            self.lot_ids.action_jxc_release(self.reason, self.valid_until)
        else:
            self.lot_ids.action_jxc_revoke_release(self.reason)
        return {"type": "ir.actions.act_window_close"}
