# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

#: Key of the context under which registering payments says what terms allow.
TERMS = "jxc_early_discount"


class EarlyDiscount:
    """The discount for early payment that the terms of the paid documents allow.

    No client can put an instance into a context.
    """

    def __init__(self, percent):
        self.percent = percent


class AccountPayment(models.Model):
    """Payments write off no more than settlements do."""

    _inherit = "account.payment"

    def _generate_journal_entry(self, *args, **kwargs):
        """
        :raise UserError: see :meth:`_jxc_check_written_off`
        """
        without = self.filtered(lambda payment: not payment.move_id)
        result = super()._generate_journal_entry(*args, **kwargs)
        if not self.env["jxc.settlement"]._jxc_may_write_off_more():
            for payment in without.filtered("move_id"):
                payment._jxc_check_written_off()
        return result

    def _jxc_check_written_off(self):
        """Let a payment settle by money what it settles, all but a share of it.

        Accounting managers write off more. What terms allow for early payment is
        allowed.

        :raise UserError: naming the limit
        """
        self.ensure_one()
        # sudo: who books payments need not read the settings
        payment = self.sudo()
        money, _settled, written_off = payment._seek_for_lines()
        total = sum(abs(balance) for balance in written_off.mapped("balance"))
        currency = payment.company_id.currency_id
        if currency.is_zero(total):
            return
        percent = payment.company_id.jxc_settlement_write_off_limit
        terms = self.env.context.get(TERMS)
        if isinstance(terms, EarlyDiscount):
            percent = max(percent, terms.percent)
        most = currency.round(
            (abs(sum(money.mapped("balance"))) + total) * percent / 100
        )
        if currency.compare_amounts(total, most) > 0:
            raise UserError(
                self.env._(
                    "This payment writes off %(amount)s; %(company)s allows %(percent)s"
                    " %% of what is settled, which is %(most)s. Leave the rest open, or"
                    " let an accounting manager register the payment.",
                    amount=currency.format(total),
                    company=payment.company_id.display_name,
                    percent=f"{percent:g}",
                    most=currency.format(most),
                )
            )
