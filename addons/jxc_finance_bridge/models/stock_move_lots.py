# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models


class StockMove(models.Model):
    """Lots of FIFO goods leave with what their oldest goods cost.

    The platform takes the average cost of the lot out and keeps the newest goods, so
    that the difference stays on the stock account.
    """

    _inherit = "stock.move"

    def _set_value(self, correction_quantity=None):
        result = super()._set_value(correction_quantity)
        if not correction_quantity:
            self._jxc_value_lots()
        return result

    def _jxc_value_lots(self):
        """Value what is about to leave; done moves keep the value they left with."""
        gone = defaultdict(float)
        for move in self:
            company = move.company_id
            product = move.product_id.with_company(company).sudo()
            if (
                move.state == "done"
                or product.cost_method != "fifo"
                or not product._jxc_books_lots()
                or not move._is_out()
            ):
                continue
            lines = move._get_out_move_lines().filtered("lot_id")
            pools = product._jxc_lot_pools(lots=lines.lot_id) if lines else {}
            value = 0.0
            for line in lines:
                quantity = line.quantity_product_uom
                pool = pools[line.lot_id]
                value += pool.worth(quantity, after=gone[line.lot_id])
                gone[line.lot_id] += quantity
            if lines:
                move.sudo().value = value

    def _create_account_move(self):
        """What stays of a lot has another cost now."""
        result = super()._create_account_move()
        for company, moves in self.grouped("company_id").items():
            lots = moves.filtered("is_out").move_line_ids.lot_id.with_company(company)
            lots.sudo().filtered(
                lambda lot: (
                    lot.product_id.cost_method == "fifo"
                    and lot.product_id._jxc_books_lots()
                )
            )._update_standard_price()
        return result
