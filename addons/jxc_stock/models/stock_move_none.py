# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    """Nothing to do is done at once.

    Confirming one order, the platform writes to moves 25 times and looks for reordering
    rules 16 times: all but a few of these for no move at all, each through every
    addon's version of the method.
    """

    _inherit = "stock.move"

    def write(self, vals):
        moves = self
        if vals.keys() == {"state"}:
            # Moves are found assigned by their lines, and set so once more after it.
            moves = self.filtered(lambda move: move.state != vals["state"])
        return super(StockMove, moves).write(vals) if moves else True

    def _update_orderpoints(self):
        return super()._update_orderpoints() if self else None

    def _action_assign(self, force_qty=False):
        return super()._action_assign(force_qty=force_qty) if self else None

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        # Moves to merge into may merge with each other.
        if not self and not merge_into:
            return self
        return super()._action_confirm(
            merge=merge, merge_into=merge_into, create_proc=create_proc
        )
