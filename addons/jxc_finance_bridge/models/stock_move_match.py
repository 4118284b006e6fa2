# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Bills that came before their goods are held no longer than that.

        Goods that go on from where they came in may count as received only now.
        """
        done = super()._action_done(cancel_backorder)
        # sudo: who moves goods need not read orders
        moves = done.sudo()
        (moves | moves.move_orig_ids).purchase_line_id._jxc_match_again()
        return done
