# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    # Copied to what is split off (backorders) and to returns, which count too.
    jxc_allocation_line_id = fields.Many2one(
        comodel_name="jxc.stock.allocation.line",
        string="Allocation Line",
        readonly=True,
        index="btree_not_null",
        help="The line of an allocation between warehouses that this move carries out.",
    )

    def _prepare_merge_moves_distinct_fields(self):
        """Keep moves of different allocation lines apart."""
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "jxc_allocation_line_id",
        ]

    def _action_cancel(self):
        """An allocation of which nothing is going to move any more is cancelled."""
        result = super()._action_cancel()
        self.sudo().jxc_allocation_line_id.allocation_id._settle_cancelled()
        return result
