# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..models.account_payment_write_off import TERMS, EarlyDiscount


class AccountPaymentRegister(models.TransientModel):
    """Discounts for early payment follow from the terms, whatever they come to."""

    _inherit = "account.payment.register"

    # The platform's text is English in every language; it is printed on the voucher.
    writeoff_label = fields.Char(default=lambda self: self.env._("Write-Off"))

    def _create_payments(self):
        eligible = self.line_ids.move_id.filtered(
            lambda move: move._is_eligible_for_early_payment_discount(
                move.currency_id, self.payment_date
            )
        )
        if not eligible:
            return super()._create_payments()
        terms = eligible.invoice_payment_term_id
        allowed = EarlyDiscount(max(terms.mapped("discount_percentage")))
        wizard = self.with_context(**{TERMS: allowed})
        payments = super(AccountPaymentRegister, wizard)._create_payments()
        return payments.with_env(self.env)
