# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _update_stock_move_value(self, old_qty_by_ml=None):
        """A corrected quantity of done goods counts for held bills as well."""
        result = super()._update_stock_move_value(old_qty_by_ml)
        # Each reservation comes by here as well: goods not moved free no bill.
        done = self.filtered(lambda line: line.move_id.state == "done")
        # sudo: who moves goods need not read orders
        done.sudo().move_id.purchase_line_id._jxc_match_again()
        return result
