# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.date_utils import end_of

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.due import later_by
from .sale_order_term import DAYS

#: Whose order it is and when it is to be paid.
DUE_FIELDS = {"partner_id", "partner_invoice_id", "payment_term_id"}


class SaleOrder(models.Model):
    """Orders are paid no later than agreed with their customer (账期).

    Agreed are the credit days of the credit account; of an account without, the
    customer's own payment term, and where he has none, payment on the invoice. Later
    is an exception like other terms. Customers without an account, and orders that are
    paid before goods leave, have nothing to agree on.
    """

    _inherit = "sale.order"

    @api.depends(
        "date_order",
        "jxc_balance_before",
        "jxc_sale_mode",
        "partner_id",
        "partner_invoice_id",
        "payment_term_id",
    )
    def _compute_jxc_terms(self):
        return super()._compute_jxc_terms()

    def _jxc_terms_texts(self):
        texts = super()._jxc_terms_texts()
        late = self.sudo()._jxc_days_later()
        if late:
            texts.append(
                self.env._(
                    "%(term)s is up to %(days)s days later than agreed with"
                    " %(customer)s: %(agreed)s.",
                    term=self.sudo().payment_term_id.display_name,
                    days=late,
                    customer=self.sudo()._jxc_debtor().display_name,
                    agreed=self.sudo()._jxc_agreed_text(),
                )
            )
        return texts

    def _jxc_days_later(self):
        """How many days later than agreed this order is to be paid, at most.

        :return: 0 where it is not later on any day
        """
        self.ensure_one()
        if not self.payment_term_id or self._jxc_is_paid_first():
            return 0
        account = self._jxc_due_account()
        term = self._jxc_own_term()
        if not account or (not account.credit_days and term == self.payment_term_id):
            return 0
        terms = self.payment_term_id
        if not account.credit_days:
            terms |= term
        by_month = account.credit_days_from == "days_after_end_of_month"
        plain = self._jxc_is_plain(terms) and not (account.credit_days and by_month)
        return self._jxc_days_later_by_calendar(account, term, 1 if plain else DAYS)

    def _jxc_days_later_by_calendar(self, account, term, count=DAYS):
        """As :meth:`_jxc_days_later`, from the due days of any day of an invoice.

        :param account: credit account of the customer
        :param term: the customer's own payment term
        :param count: so many days from that of the order are tried
        """
        first = fields.Date.to_date(self.date_order) or fields.Date.today()
        days = [first + timedelta(days=number) for number in range(count)]
        return max(
            0,
            *(
                later_by(
                    self._jxc_shares(self.payment_term_id, day),
                    self._jxc_agreed_shares(account, term, day),
                )
                for day in days
            ),
        )

    def _jxc_debtor(self):
        partner = self.partner_invoice_id or self.partner_id
        return partner.commercial_partner_id.with_company(self.company_id)

    def _jxc_due_account(self):
        return self._jxc_hint_accounts(self).get(self._jxc_customer())

    def _jxc_own_term(self):
        return self._jxc_debtor().property_payment_term_id

    def _jxc_shares(self, term, day):
        """What is due when of an invoice of a day: ``{date: share of its total}``.

        :param term: account.payment.term, empty for payment on the invoice
        """
        total, left, shares = abs(self.amount_total), 1.0, Counter()
        for line in term.line_ids[:-1]:
            share = line.value_amount / 100
            if line.value == "fixed":
                share = line.value_amount / total if total else 0.0
            share = min(share, left)
            shares[line._get_due_date(day)] += share
            left -= share
        # The last one is the rest, as on invoices.
        last = term.line_ids[-1:]
        shares[last._get_due_date(day) if last else day] += left
        return shares

    def _jxc_agreed_shares(self, account, term, day):
        """When an invoice of a day is to be paid as agreed, as :meth:`_jxc_shares`.

        :param account: credit account of the customer
        :param term: the customer's own payment term
        """
        if not account.credit_days:
            return self._jxc_shares(term, day)
        if account.credit_days_from == "days_after_end_of_month":
            day = end_of(day, "month")
        return {day + timedelta(days=account.credit_days): 1.0}

    def _jxc_agreed_text(self):
        account = self._jxc_due_account()
        if not account.credit_days:
            term = self._jxc_own_term()
            return term.display_name or self.env._("payment on the invoice")
        if account.credit_days_from == "days_after_end_of_month":
            return self.env._("%s days after the end of the month", account.credit_days)
        return self.env._("%s days", account.credit_days)

    # -- control ------------------------------------------------------------------

    def write(self, vals):
        """Judge confirmed orders, and orders on hold, that are to be paid later.

        :raise UserError: naming the order, its term and what is agreed
        """
        if not DUE_FIELDS & set(vals) or is_history(self.env):
            return super().write(vals)
        if marks.replay_of(self.env):
            return super().write(vals)
        judged = self.filtered(
            lambda order: order.state == "sale" or order.jxc_credit_state == "hold"
        )
        if not judged or self._jxc_sets_terms():
            return super().write(vals)
        before = {order: order.sudo()._jxc_days_later() for order in judged}
        # Refused terms are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            result = super().write(vals)
            for order, days in before.items():
                if order.sudo()._jxc_days_later() > days:
                    order._jxc_refuse_later()
        return result

    def _jxc_refuse_later(self):
        """:raise UserError: unless the change took the order back to its approval"""
        waits = self.jxc_credit_state == "hold"
        if not waits and (self.state != "sale" or self._jxc_terms_are_agreed()):
            return
        account = self.env["jxc.credit.account"]
        if account._jxc_is_outsider():
            raise UserError(account._jxc_outsider_text())
        raise UserError(
            self.env._(
                "%(order)s:\n%(lines)s\nAsk a sales manager to change it to that.",
                order=self.name,
                lines="\n".join(self._jxc_terms_texts()),
            )
        )
