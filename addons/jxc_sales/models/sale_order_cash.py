# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.refusal import Refusal, refused


class SaleOrder(models.Model):
    """What of orders that are paid first cannot be held back until it is paid.

    Goods wait at the door. A service has no door: that of a retail order is paid when
    it is confirmed. And what left does not come back because it got dearer since.
    """

    _inherit = "sale.order"

    def _jxc_cash_due(self):
        """What of an order that is paid first has to be paid by now.

        Services of retail orders, and the goods that left of orders of which nothing
        leaves unpaid, each with its share of what is a line below zero.

        :return: company currency, tax included; 0 for orders on credit
        """
        self.ensure_one()
        order = self.sudo()
        total, is_retail = order._jxc_company_total(), order.jxc_sale_mode == "retail"
        if not is_retail and order._jxc_before_delivery() < max(total, 0.01):
            return 0.0
        whole = due = 0.0
        for line in order.order_line:
            is_deposit = line.is_downpayment and not line.product_uom_qty
            if line.display_type or is_deposit or line.price_total < 0:
                continue
            whole += line.price_total
            if line.qty_delivered_method == "stock_move":
                due += line._jxc_unit_price() * line.qty_delivered
            elif is_retail:
                due += line.price_total
        # A share of the total, so that all of it is not a cent more than that.
        due = total * due / whole if whole else due / (order.currency_rate or 1.0)
        return max(0.0, order.company_id.currency_id.round(due))

    def _jxc_cash_missing(self):
        """What is not paid of what has to be by now, in company currency."""
        due = self._jxc_cash_due()
        return max(0.0, due - self.sudo()._jxc_cash_in()) if due else 0.0

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
        """Why this order cannot be confirmed or changed before it is paid, or False."""
        missing = self._jxc_cash_missing()
        if self.company_id.currency_id.compare_amounts(missing, 0) <= 0:
            return False
        account = self.env["jxc.credit.account"]
        if account._jxc_is_outsider():
            return account._jxc_outsider_text()
        due = self._jxc_money(self._jxc_cash_due())
        paid = self._jxc_money(self.sudo()._jxc_cash_in())
        if any(line.qty_delivered > 0 for line in self.order_line):
            return self.env._(
                "%(order)s is paid first, and goods of it have left: %(due)s has to be"
                " paid, %(paid)s is. Register a receipt for this order first.",
                order=self.name,
                due=due,
                paid=paid,
            )
        return self.env._(
            "%(order)s is retail, and its services do not wait for the money:"
            " %(due)s has to be paid when it is confirmed, %(paid)s is. Register a"
            " receipt for this order first.",
            order=self.name,
            due=due,
            paid=paid,
        )

    # -- what leaves --------------------------------------------------------------

    def _jxc_cash_open(self):
        """What is not paid of what left already of those that are paid first.

        :return: ``{order: company currency}``
        """
        first = self.sudo().filtered(
            lambda order: order.jxc_sale_mode in ("presale", "retail")
        )
        return {order: order._jxc_cash_missing() for order in first}

    def _jxc_check_gone_paid(self, before):
        """Let no more of an order leave than was ordered and paid.

        :param before: what was open before it left, see :meth:`_jxc_cash_open`
        :raise UserError: naming the orders, what is due and what was paid
        """
        texts, customers = [], set()
        for order in self.sudo():
            noise = order.company_id.currency_id.rounding / 2
            if order in before and order._jxc_cash_missing() > before[order] + noise:
                texts.append(order._jxc_cash_text())
                customers.add(order._jxc_customer())
        if texts:
            raise refused("\n".join(texts), Refusal(frozenset(customers), holds=False))
