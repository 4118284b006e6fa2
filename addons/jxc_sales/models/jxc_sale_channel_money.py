# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError, UserError

#: Who books money: a right of its own, for shops' systems, or a role in Invoicing.
BOOKERS = ("jxc_sales.group_channel_payments", "account.group_account_invoice")


class JxcSaleChannel(models.Model):
    """What buyers paid in the shop, and whether its totals agree with ours."""

    _inherit = "jxc.sale.channel"

    def _may_book(self):
        """Whether what this user says is paid becomes a posted receipt."""
        return self.env.su or any(map(self.env.user.has_group, BOOKERS))

    def _total_problem(self, shop_order, order):
        """Why money is not what the shop says, or an empty text."""
        told, paid = shop_order.total, shop_order.paid
        # Shops round each line, we may round the whole.
        noise = order.currency_id.rounding * (len(order.order_line) + 1)
        if told is not None and abs(told - order.amount_total) > noise:
            return self.env._(
                "the shop says %(told).2f in all, the lines make %(total).2f; check"
                " prices, discounts and taxes",
                told=told,
                total=order.amount_total,
            )
        if paid > max(order.amount_total + noise, order.jxc_channel_paid):
            return self.env._(
                "the shop says %(paid).2f are paid, the order is worth %(total).2f;"
                " nothing of it is booked",
                paid=paid,
                total=order.amount_total,
            )
        return ""

    def _check_fee(self, shop_order, order):
        """:raise UserError: the platform would keep more than the order is worth"""
        total = order.amount_total
        # A present is worth nothing and costs its fee all the same.
        if total and order.currency_id.compare_amounts(shop_order.fee, total) > 0:
            raise UserError(
                self.env._(
                    "fee: the platform keeps %(fee).2f of an order that is worth"
                    " %(total).2f",
                    fee=shop_order.fee,
                    total=total,
                )
            )

    def _book_paid(self, pairs):
        """Note what buyers have paid since the last time, and book it.

        Never more than is still owed for an order; nothing of an order that is said to
        be paid by more than it is worth; nothing for who may not book.

        :param pairs: list of (ShopOrder, sale.order), the orders with superuser rights
        :raise UserError: the channel has no journal for payments
        """
        due = self.env["sale.order"]
        for shop_order, order in pairs:
            booked = order.jxc_channel_paid - order.jxc_channel_unbooked
            # Who may book is believed, whatever others had noted before.
            known = booked if shop_order.books else order.jxc_channel_paid
            paid = max(shop_order.paid, known)
            if order.currency_id.compare_amounts(paid, order.jxc_channel_paid) == 0:
                due |= order if shop_order.books else due
                continue
            if paid > known and self._total_problem(shop_order, order):
                continue
            order.write(
                {"jxc_channel_paid": paid, "jxc_channel_unbooked": paid - booked}
            )
            due |= order if shop_order.books else due
        self._book_noted(due.filtered("jxc_channel_unbooked"))

    def _book_noted(self, orders):
        """Post receipts over what is noted as paid of these orders and not booked.

        :raise UserError: the channel has no journal for payments
        """
        amounts = {}
        for order in orders:
            rest = order.amount_total - order._jxc_prepaid() * order.currency_rate
            amount = order.currency_id.round(min(order.jxc_channel_unbooked, rest))
            if order.currency_id.compare_amounts(amount, 0) > 0:
                amounts[order] = amount
        if amounts and not self.journal_id:
            raise UserError(
                self.env._(
                    "%s: buyers have paid; choose the journal for payments first.",
                    self.name,
                )
            )
        payments = self.env["account.payment"].create(
            [self._prepare_payment(order, amount) for order, amount in amounts.items()]
        )
        payments.action_post()
        orders.jxc_channel_unbooked = 0.0

    def _unbooked_problem(self, shop_order, order):
        """Text that says what is noted as paid and not booked, or an empty one."""
        if shop_order.books or not order.jxc_channel_unbooked:
            return ""
        return self.env._(
            "%(amount).2f are noted as paid and not booked: a user who imports payments"
            " of shops, or Invoicing, books them on the order",
            amount=order.jxc_channel_unbooked,
        )

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


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_jxc_book_channel_paid(self):
        """Book what shops said is paid of these orders and nobody was to book yet.

        One posted receipt for each order, in its currency, of at most what is still
        owed for it; nothing where all is booked.

        :raise AccessError: without the right to import payments of shops or Invoicing
        :raise UserError: a channel has no journal for payments
        """
        self.check_access("read")
        for channel, orders in self.grouped("jxc_channel_id").items():
            if not channel._may_book():
                raise AccessError(
                    self.env._(
                        "Payments of shops are booked by users with the right to import"
                        " them, or with Invoicing."
                    )
                )
            known = orders.sudo().filtered("jxc_channel_unbooked")
            channel.sudo().with_company(channel.company_id)._book_noted(known)
        return True
