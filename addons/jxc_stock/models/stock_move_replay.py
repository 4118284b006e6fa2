# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.replay import replay_of


class StockMove(models.Model):
    _inherit = "stock.move"

    def _trigger_scheduler(self):
        if replay_of(self.env):
            return None  # What moved in the past needs no purchase now.
        return super()._trigger_scheduler()

    def _update_orderpoints(self):
        replay = replay_of(self.env)
        if replay:
            replay.moved.update(self.ids)  # Once for all, at the end.
            return None
        return super()._update_orderpoints()
