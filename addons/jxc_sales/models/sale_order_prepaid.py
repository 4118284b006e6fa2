# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..tools.credit import Leave


class SaleOrder(models.Model):
    """Orders that are paid before anything leaves need no credit."""

    _inherit = "sale.order"

    jxc_payment_ids = fields.One2many(
        comodel_name="account.payment",
        inverse_name="jxc_sale_order_id",
        string="Receipts for This Order",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    def _jxc_prepaid_leave(self):
        """Leave for an order that is paid in full, where the company exempts those."""
        self.ensure_one()
        if not self.company_id.jxc_credit_exempt_prepaid:
            return None
        total = self._jxc_company_total()
        currency = self.company_id.currency_id
        if total > 0 and currency.compare_amounts(self._jxc_prepaid(), total) >= 0:
            return Leave(is_full=True)
        return None

    def _jxc_read_payments(self):
        """Read at once what is asked of the payments of each of these orders."""
        orders = self.sudo()
        payments = orders.jxc_payment_ids | orders.transaction_ids.payment_id
        payments._jxc_online_orders()
        entries = payments.move_id
        entries.mapped("state")
        items = entries.line_ids
        items.mapped("account_id.account_type")
        items.mapped("partner_id.commercial_partner_id")
        billed = orders.invoice_ids.line_ids
        billed.mapped("account_id.account_type")
        (billed.matched_credit_ids | billed.matched_debit_ids).mapped("amount")

    def _jxc_prepaid(self):
        """What was paid for this order so far, in company currency.

        Only what is booked: what is settled of its posted invoices, and what posted
        receipts for this order still have open. A receipt that was set against
        something else, or is not posted, pays nothing here.
        """
        self.ensure_one()
        order = self.sudo()
        payments = order.jxc_payment_ids.filtered(
            lambda payment: order in (payment._jxc_online_orders() or order)
        )
        for transaction in order.transaction_ids:
            if len(transaction.sale_order_ids) == 1:
                payments |= transaction.payment_id
        paid = sum(
            payment._jxc_open_amount(order)
            for payment in payments
            if payment.payment_type == "inbound"
            and payment.state in ("in_process", "paid")
        )
        return paid + sum(
            order._jxc_paid_of(move)
            for move in order.invoice_ids
            if move.state == "posted"
        )

    def _jxc_covered(self):
        """What goods need not be waited for: paid, or come back for them.

        In company currency. What replaces returned goods is paid by those that were
        accepted; their part of a document that nets both is not counted once more.
        Credit is not freed by it: the return does that by itself.
        """
        self.ensure_one()
        paid, back = self._jxc_prepaid(), self.sudo().jxc_sale_return_id
        if not back:
            return paid
        for move in self.sudo().invoice_ids & back.settlement_ids:
            if move.state == "posted":
                paid += max(0.0, self._jxc_paid_on(move)) - self._jxc_paid_of(move)
        return paid + sum(back.line_ids.mapped("amount_accepted"))

    def _jxc_paid_of(self, move):
        """What is paid of this order's lines on one of its posted invoices."""
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        total = sum(lines.mapped("price_total"))
        if not total:
            return 0.0
        mine = lines.filtered(lambda line: self in line.sale_line_ids.order_id)
        return self._jxc_paid_on(move) * sum(mine.mapped("price_total")) / total

    def _jxc_paid_on(self, move):
        """What is paid of a posted invoice, in company currency."""
        items = move.line_ids.filtered(
            lambda item: item.account_id.account_type == "asset_receivable"
        )
        # A receipt that was reset to draft stays set against it, and pays nothing.
        return sum(
            partial.amount
            for partial in items.matched_credit_ids
            if partial.credit_move_id.parent_state == "posted"
        ) - sum(
            partial.amount
            for partial in items.matched_debit_ids
            if partial.debit_move_id.parent_state == "posted"
        )
