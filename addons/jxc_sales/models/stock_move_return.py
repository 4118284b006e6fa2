# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    """What a customer was charged for delivered goods, and what of them came back."""

    _inherit = "stock.move"

    def _jxc_returned_sign(self):
        """How this counts for what came back for a credit note: 1, -1 or not at all.

        A cancelled return sends its goods out by moves that return its receipts: they
        take back what it brought.
        """
        self.ensure_one()
        if self.state != "done" or not self.to_refund:
            return 0
        if self.location_id._jxc_is_outgoing():
            return 1
        came = self.origin_returned_move_id
        return -1 if came.to_refund and came.location_id._jxc_is_outgoing() else 0

    def _jxc_charged(self, quantity, pieces=0.0):
        """What a part of one delivery was charged, less its share of promotions.

        :param quantity: in the product's own unit
        :param pieces: in its auxiliary unit, where that is known
        :return: company currency, tax included; of goods without order what they
            were worth when they left
        """
        self.ensure_one()
        line = self.sale_line_id
        if not line:
            worth = sum(self.jxc_unordered_ids.mapped("unit_worth"))
            return self.company_id.currency_id.round(worth * quantity)
        order = line.order_id
        base = self.product_id.uom_id
        sold = base._jxc_convert(quantity, line.product_uom_id)
        amount = line._jxc_unit_price() * sold
        if pieces and line.jxc_is_priced_by_aux and line.jxc_aux_qty:
            amount = line.price_total / line.jxc_aux_qty * pieces
        amount *= 1 + order._jxc_promotion_rate()
        rate = order.currency_rate or 1.0
        return order.company_id.currency_id.round(amount / rate)
