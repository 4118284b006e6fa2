# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from ..tools import marks
from ..tools.language import in_company_lang
from ..tools.refusal import text_for

#: What the provider says of a payment, and the receipt that was made of it.
PROVIDER_FIELDS = frozenset({"payment_id", "state"})


class PaymentTransaction(models.Model):
    """Online payments: what the provider says, and nobody else.

    A payment that somebody just calls done would be booked, and its order be paid.
    """

    _name = "payment.transaction"
    _inherit = ["payment.transaction", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``: what pays one order does not pay the next.
    _jxc_server_fields = frozenset({"sale_order_ids"}) | PROVIDER_FIELDS

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        if marks.providing_of(self.env):
            return guarded - PROVIDER_FIELDS
        # A receipt charged to a card makes its transaction, which pays no order.
        return guarded if self else guarded - {"payment_id"}

    def _update_state(self, allowed_states, target_state, state_message):
        with marks.Providing() as providing:
            transactions = self.with_context(**{marks.PROVIDING: providing})
            updated = super(PaymentTransaction, transactions)._update_state(
                allowed_states, target_state, state_message
            )
        return updated.with_env(self.env)

    def _create_payment(self, **extra_create_values):
        with marks.Providing() as providing:
            transactions = self.with_context(**{marks.PROVIDING: providing})
            payment = super(PaymentTransaction, transactions)._create_payment(
                **extra_create_values
            )
        return payment.with_env(self.env)

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
