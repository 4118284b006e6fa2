# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class JxcSaleChannel(models.Model):
    """What buyers paid in the shop, and whether its totals agree with ours."""

    _inherit = "jxc.sale.channel"

    def _total_problem(self, shop_order, order):
        """Why the total is not what the shop says, or an empty text."""
        told = shop_order.total
        # Shops round each line, we may round the whole.
        noise = order.currency_id.rounding * (len(order.order_line) + 1)
        if told is None or abs(told - order.amount_total) <= noise:
            return ""
        return self.env._(
            "the shop says %(told).2f in all, the lines make %(total).2f; check prices,"
            " discounts and taxes",
            told=told,
            total=order.amount_total,
        )

    def _book_paid(self, pairs):
        """Book what buyers have paid since the last time.

        :param pairs: list of (ShopOrder, sale.order)
        :raise UserError: the channel has no journal for payments
        """
        due = []
        for shop_order, order in pairs:
            amount = shop_order.paid - order.jxc_channel_paid
            if order.currency_id.compare_amounts(amount, 0) > 0:
                due.append((order, amount, shop_order.paid))
        if not due:
            return
        if not self.journal_id:
            raise UserError(
                self.env._(
                    "%s: buyers have paid; choose the journal for payments first.",
                    self.name,
                )
            )
        payments = self.env["account.payment"].create(
            [self._prepare_payment(order, amount) for order, amount, _paid in due]
        )
        payments.action_post()
        for order, _amount, paid in due:
            order.jxc_channel_paid = paid

    def _prepare_payment(self, order, amount):
        """Values of the payment over what a buyer has paid."""
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": order.partner_invoice_id.commercial_partner_id.id,
            "amount": amount,
            "currency_id": order.currency_id.id,
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "memo": order.origin,
            "jxc_sale_order_id": order.id,
        }
