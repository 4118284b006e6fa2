# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from datetime import timedelta

from odoo import fields, models

from ..tools.credit import Use

#: An invoice may be written on any of these days, and the end of a month moves.
DAYS = 31


class SaleOrder(models.Model):
    """A confirmed order that is to be paid later than agreed asks for credit anew.

    Its exposure stays the same, but for longer: the order is judged as if it were
    confirmed now, with the limit and the overdue invoices of today.
    """

    _inherit = "sale.order"

    def write(self, vals):
        confirmed = self.filtered(lambda order: order.state == "sale")
        if "payment_term_id" not in vals or not confirmed:
            return super().write(vals)
        terms = {order: order.sudo().payment_term_id for order in confirmed}
        # Refused terms are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            result = super().write(vals)
            later = confirmed.filtered(
                lambda order: (
                    order.state == "sale" and order._jxc_is_due_later(terms[order])
                )
            )
            if later:
                later.sudo()._jxc_credit_judge_anew()
        return result

    def _jxc_credit_judge_anew(self):
        """Ask for all that these confirmed orders bring, as if they were new.

        What was taken when they were confirmed is given back first: it is committed
        already, and would count twice.

        :raise UserError: when a limit that blocks does not suffice
        """
        uses = self._jxc_credit_uses()
        given_back = Use().since(Use.total(uses.values()))
        accounts, use = self._jxc_credit_accounts(given_back, open_missing=False)
        accounts._jxc_credit_take(use, enforced=False)
        self._jxc_credit_settle(uses)

    # -- what is later ------------------------------------------------------------

    def _jxc_is_due_later(self, before):
        """Whether some of this order is due later than by the payment term before.

        :param before: account.payment.term, empty for payment on the invoice
        """
        self.ensure_one()
        now = self.sudo().payment_term_id
        first = fields.Date.to_date(self.date_order) or fields.Date.today()
        count = 1 if self._jxc_is_plain(before | now) else DAYS
        days = [first + timedelta(days=number) for number in range(count)]
        return any(self._jxc_is_due_later_from(before, now, day) for day in days)

    @staticmethod
    def _jxc_is_plain(terms):
        """Whether it makes no difference on which day of a month an invoice is from."""
        return all(line.delay_type == "days_after" for line in terms.line_ids)

    def _jxc_is_due_later_from(self, before, now, day):
        """The same for an invoice of one day: on some day, less is due by then."""
        due_before = self._jxc_instalments(before, day)
        due_now = self._jxc_instalments(now, day)
        missing = 0.0
        for date in sorted({*due_before, *due_now}):
            missing += due_before[date] - due_now[date]
            if self.currency_id.compare_amounts(missing, 0.0) > 0:
                return True
        return False

    def _jxc_instalments(self, term, day):
        """What of this order is due when, invoiced on a day: Counter by date."""
        if not term:
            return Counter({day: self.amount_total})
        terms = term._compute_terms(
            date_ref=day,
            currency=self.currency_id,
            company=self.company_id,
            tax_amount=self.amount_tax,
            tax_amount_currency=self.amount_tax,
            untaxed_amount=self.amount_untaxed,
            untaxed_amount_currency=self.amount_untaxed,
            sign=1,
        )
        due = Counter()
        for part in terms["line_ids"]:
            due[part["date"]] += part["foreign_amount"]
        return due
