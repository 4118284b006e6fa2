# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from ..tools.language import in_company_lang
from ..tools.refusal import text_for


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``: what pays one order does not pay the next.
    _jxc_server_fields = frozenset({"sale_order_ids"})

    def _check_amount_and_confirm_order(self):
        """Book payments also of orders that may not be confirmed.

        The money is there: an order that is refused stays a quotation and says why,
        and its payment is booked all the same.
        """
        confirmed = self.env["sale.order"]
        for transaction in self:
            try:
                with self.env.cr.savepoint():
                    orders = super(
                        PaymentTransaction, transaction
                    )._check_amount_and_confirm_order()
                # An order that was put on hold goes on when the payment is booked.
                confirmed |= orders.filtered(lambda order: order.state == "sale")
            except UserError as refusal:
                orders = transaction.sale_order_ids
                orders.invalidate_recordset()
                for order in orders:
                    texts = in_company_lang(order).env
                    text = texts._(
                        "Paid, but not confirmed: %(reason)s\nConfirm it when the"
                        " payment is booked.",
                        reason=text_for(refusal, texts.lang),
                    )
                    order._message_log(body=text)
        return confirmed
