# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools import marks


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _send_confirmation_email(self):
        if marks.replay_of(self.env):
            return None  # Nobody wants to hear of past deliveries now.
        settling = marks.settling_of(self.env)
        if settling:
            settling.picking_ids += self.ids  # Told once the goods may really leave.
            return None
        return super()._send_confirmation_email()

    def message_post(self, **kwargs):
        if marks.replay_of(self.env):
            return self.env["mail.message"]  # The order's chatter tells of the import.
        return super().message_post(**kwargs)

    def message_post_with_source(self, source_ref, **kwargs):
        if marks.replay_of(self.env):
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, **kwargs)
