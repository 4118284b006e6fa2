# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .purchase_order_approval import OPEN_STATES


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_base_price(self):
        """Return what one unit of the product costs: untaxed, company currency."""
        self.ensure_one()
        if self.product_uom_qty <= 0:
            return 0.0
        order = self.order_id
        # Until it is confirmed anybody may choose the date, and with it the rate.
        is_open = order.state in OPEN_STATES
        rate = order._jxc_rate_today() if is_open else order.currency_rate or 1.0
        return self.price_subtotal / rate / self.product_uom_qty

    def _jxc_untaxed(self, price):
        """Return a price of this line's unit less the taxes that are part of it."""
        self.ensure_one()
        return self.tax_ids._jxc_untaxed_price(price, self.product_id)

    def _jxc_untaxed_unit_price(self):
        """Return what one unit of this line costs: untaxed, discounted, unrounded."""
        self.ensure_one()
        if self.jxc_is_priced_by_aux and self.product_qty:
            return self.price_subtotal / self.product_qty
        return self._jxc_untaxed(self.price_unit * (1 - self.discount / 100))
