# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.http import request
from odoo.tools.misc import formatLang

from ..tools.refusal import Refusal, refused
from .jxc_credit_account import PARTS


class JxcCreditAccount(models.Model):
    """What people are told where the limit does not suffice, and what customers are."""

    _inherit = "jxc.credit.account"

    def _jxc_refused(self, shortages, change, stage):
        """Return the error that tells why these accounts give no more credit."""
        ours = [shortage for shortage in shortages if shortage.resource_id in self.ids]
        # Read now: what was asked for is taken back before anybody reads the text.
        parts = self._jxc_read_exposure()
        change = dict(change)
        return self._jxc_refused_with(
            lambda accounts: accounts._jxc_credit_message(ours, parts, change),
            all(account[f"{stage}_action"] == "hold" for account in self),
        )

    def _jxc_refused_with(self, text, holds, asked=0.0):
        """Return the error of these accounts; customers are told nothing of limits.

        :param text: callable(accounts) that returns the text for staff, in the
            language of the accounts' context
        :param holds: whether the order waits instead of being refused
        :param asked: goods that would go out, in company currency
        """
        outsider = self._jxc_is_outsider()
        return refused(
            self._jxc_outsider_text() if outsider else text(self),
            self._jxc_refusal(
                holds, asked, lambda lang: text(self.with_context(lang=lang))
            ),
        )

    def _jxc_refusal(self, holds, asked, text):
        return Refusal(
            customers=frozenset(
                (partner.id, account.company_id.id)
                for account in self
                for partner in account._jxc_partners()
            ),
            holds=holds,
            asked=asked,
            text=text,
        )

    def _jxc_over_limit_text(self, short):
        return self.env._(
            "Over the credit limit of %(customer)s: limit %(limit)s, exposure with this"
            " %(exposure)s.",
            customer=self.display_name,
            limit=self._jxc_money(short.capacity),
            exposure=self._jxc_money(short.used + short.asked),
        )

    def _jxc_credit_message(self, shortages, parts, change):
        """The text for staff: who, how much of what, and what can be done.

        :param parts: as :meth:`_jxc_read_exposure` returned it, with what was asked
        :param change: Use by (account id, part) that was asked for
        """
        texts = []
        for short in shortages:
            account = self.browse(short.resource_id)
            lines = [
                self.env._(
                    "%(customer)s: the credit limit does not suffice, %(missing)s is"
                    " missing.",
                    customer=account.display_name,
                    missing=account._jxc_money(short.missing),
                ),
                self.env._(
                    "Limit %(limit)s, used %(used)s, asked %(asked)s.",
                    limit=account._jxc_money(short.capacity),
                    used=account._jxc_money(short.used),
                    asked=account._jxc_money(short.asked),
                ),
            ]
            used = account._jxc_parts_text(parts[account.id], change)
            if used:
                lines.append(self.env._("Used by: %s.", used))
            if short.running:
                lines.append(
                    self.env._(
                        "%s of it is in use by an operation that is still running; it"
                        " may become free again in a moment.",
                        account._jxc_money(short.running),
                    )
                )
            texts.append("\n".join(lines))
        texts.append(self._jxc_ways_out())
        return "\n\n".join(texts)

    def _jxc_ways_out(self):
        return self.env._(
            "Ways out: register a payment, reduce or cancel orders, or ask a credit"
            " manager for a temporary raise (Sales > Credit)."
        )

    def _jxc_is_outsider(self):
        """Whether a customer is asking, who is told nothing of limits."""
        # Controllers of the portal work as superuser: the request knows who asks.
        user = request.env.user if request else self.env.user
        return user.share

    def _jxc_outsider_text(self):
        return self.env._(
            "This order cannot be confirmed online at the moment. Please contact us."
        )

    def _jxc_parts_text(self, row, change):
        """ "Receivable 1,000.00, Ordered 20.00" without what is being asked for."""
        labels = self._jxc_part_labels()
        texts = []
        for part in PARTS:
            amount = row[part] - change.get((self.id, part), 0.0)
            if not self.currency_id.is_zero(amount):
                texts.append(f"{labels[part]} {self._jxc_money(amount)}")
        return self.env._(", ").join(texts)

    def _jxc_part_labels(self):
        """The parts of the exposure as their fields are called.

        Not asked of the fields: those are translated only after an addon's data, and
        what is kept on an order stays as it was written.
        """
        return {
            "receivable": self.env._("Receivable"),
            "unapplied": self.env._("Unapplied Receipts"),
            "draft": self.env._("Draft Invoices"),
            "delivered": self.env._("Delivered, Not Invoiced"),
            "ordered": self.env._("Ordered, Not Delivered"),
            "returned": self.env._("Returned, Not Credited"),
        }

    def _jxc_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
