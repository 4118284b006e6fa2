# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcVendorSuspend(models.TransientModel):
    """Ask why qualifications are suspended."""

    _name = "jxc.vendor.suspend"
    _description = "Suspend Vendor Qualifications"

    qualification_ids = fields.Many2many(
        comodel_name="jxc.vendor.qualification",
        required=True,
    )
    reason = fields.Text(
        required=True,
    )

    def action_suspend(self):
        """Suspend with this reason; see ``jxc.vendor.qualification.action_suspend``."""
        self.ensure_one()
        self.qualification_ids.action_suspend(self.reason)
        return {"type": "ir.actions.act_window_close"}
