# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _jxc_aux_depends(self):
        return [
            *super()._jxc_aux_depends(),
            "purchase_line_id.jxc_aux_qty",
            "purchase_line_id.product_qty",
            "purchase_line_id.product_uom_id",
        ]

    def _jxc_aux_rates(self):
        """Receipts of an order have the ratio of the order."""
        rates = super()._jxc_aux_rates()
        for move in self:
            line = move.purchase_line_id
            base = (
                line._jxc_base_qty()
                if line and line.product_id == move.product_id
                else 0.0
            )
            if base and line.jxc_aux_qty and move not in rates:
                rates[move] = line.jxc_aux_qty / base
        return rates

    def _get_value_from_quotation(self, quantity, at_date=None):
        """Not billed yet: the pieces that came cost what they were ordered for."""
        res = super()._get_value_from_quotation(quantity, at_date)
        line = self.purchase_line_id
        ordered, done = line._jxc_aux_share(), self._jxc_done_share()
        if line.jxc_is_priced_by_aux and ordered and done:
            res["value"] *= done / ordered
        return res

    def _jxc_done_share(self):
        """Auxiliary units in one base unit of what was done."""
        done = sum(self.move_line_ids.mapped("quantity_product_uom"))
        return self.jxc_aux_done / done if done else 0.0
