# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools import marks


class StockPicking(models.Model):
    """Customers are told of deliveries once the goods may really leave."""

    _inherit = "stock.picking"

    def _send_confirmation_email(self):
        settling = marks.settling_of(self.env)
        if settling:
            settling.picking_ids += self.ids
            return None
        return super()._send_confirmation_email()
