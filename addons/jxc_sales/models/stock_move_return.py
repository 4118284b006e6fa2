# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    """What a customer was charged for delivered goods."""

    _inherit = "stock.move"

    def _jxc_charged(self, quantity):
        """What a part of one delivery was charged, less its share of promotions.

        :param quantity: in the product's own unit
        :return: company currency, tax included
        """
        self.ensure_one()
        line = self.sale_line_id
        order = line.order_id
        base = self.product_id.uom_id
        sold = base._jxc_convert(quantity, line.product_uom_id)
        amount = line._jxc_unit_price() * sold
        amount *= 1 + order._jxc_promotion_rate()
        rate = order.currency_rate or 1.0
        return order.company_id.currency_id.round(amount / rate)
