# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcInvoiceMatchRelease(models.TransientModel):
    _name = "jxc.invoice.match.release"
    _description = "Release Bills from Matching"

    match_ids = fields.Many2many("jxc.invoice.match", required=True)
    reason = fields.Char(required=True)

    def action_release(self):
        """Release the matches; see :meth:`jxc.invoice.match.action_release`."""
        self.ensure_one()
        self.match_ids.action_release(self.reason)
        return {"type": "ir.actions.act_window_close"}
