# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def write(self, vals):
        """Quantities of done goods stay in months whose stock was taken."""
        if vals.keys() & {"quantity", "product_uom_id", "owner_id", "lot_id"}:
            done = self.move_id.filtered(lambda move: move.state == "done")
            done._jxc_valued_in_books(False)._jxc_check_month_end()
        return super().write(vals)

    def _update_stock_move_value(self, old_qty_by_ml=None):
        """A corrected quantity of done goods is booked as well."""
        result = super()._update_stock_move_value(old_qty_by_ml)
        self.move_id._jxc_book()
        return result
