# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class SaleOrder(models.Model):
    """Retail orders over services only are paid when they are confirmed.

    Goods wait at the door until they are paid; a service has no door.
    """

    _inherit = "sale.order"

    def _jxc_is_cash_at_once(self):
        """Whether nothing of this retail order is ever held back until it is paid."""
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and line.product_uom_qty > 0
            )
        )
        return self.sudo().jxc_sale_mode == "retail" and not any(
            line.qty_delivered_method == "stock_move" for line in lines
        )

    def _jxc_cash_missing(self):
        """What is not paid of an order that is paid at once, in company currency."""
        if not self._jxc_is_cash_at_once():
            return 0.0
        order = self.sudo()
        return max(0.0, order._jxc_company_total() - order._jxc_cash_in())

    def _jxc_cash_in(self):
        """What was paid for this order, also by payments that are not booked yet."""
        order = self.sudo()
        waiting = order.transaction_ids.filtered(
            lambda one: (
                one.state == "done"
                and not one.payment_id
                and one.operation != "refund"
                and one.sale_order_ids == order
                and one.currency_id == order.currency_id
            )
        )
        return order._jxc_covered() + sum(waiting.mapped("amount")) / (
            order.currency_rate or 1.0
        )

    def _jxc_cash_text(self):
        """Why this order cannot be confirmed before it is paid, or False."""
        missing = self._jxc_cash_missing()
        if self.company_id.currency_id.compare_amounts(missing, 0) <= 0:
            return False
        account = self.env["jxc.credit.account"]
        if account._jxc_is_outsider():
            return account._jxc_outsider_text()
        return self.env._(
            "%(order)s is retail, and its services do not wait for the money:"
            " %(due)s has to be paid when it is confirmed, %(paid)s is. Register a"
            " receipt for this order first.",
            order=self.name,
            due=self._jxc_money(self._jxc_company_total()),
            paid=self._jxc_money(self.sudo()._jxc_cash_in()),
        )
