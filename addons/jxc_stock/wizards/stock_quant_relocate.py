# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..models.stock_move_line_release import REASON_KEY


class StockQuantRelocate(models.TransientModel):
    """The reason of a relocation is also why held goods become available."""

    _inherit = "stock.quant.relocate"

    jxc_is_release = fields.Boolean(
        string="Makes Held Goods Available", compute="_compute_jxc_is_release"
    )

    @api.depends("quant_ids.location_id.jxc_status", "dest_location_id.jxc_status")
    def _compute_jxc_is_release(self):
        for wizard in self:
            held = set(wizard.quant_ids.location_id.mapped("jxc_status"))
            dest = wizard.dest_location_id
            wizard.jxc_is_release = dest.jxc_status == "available" and not held <= {
                False,
                "available",
            }

    def action_relocate_quants(self):
        said = self.with_context(**{REASON_KEY: self.message or False})
        return super(StockQuantRelocate, said).action_relocate_quants()
