# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..tools import marks
from ..tools.language import in_company_lang
from .jxc_credit_account import ACTIONS
from .jxc_credit_account_gate import STRICT


class JxcCreditAccount(models.Model):
    """What deliveries are held to: the credit that goods take once they left."""

    _inherit = "jxc.credit.account"

    delivery_action = fields.Selection(
        selection=ACTIONS,
        string="At Delivery",
        required=True,
        default="none",
        tracking=True,
        help="What happens when a delivery is validated, and what the customer owes"
        " with these goods is above the limit. Orders not delivered yet do not count"
        " here.",
    )

    def _jxc_delivery_take(self, amounts, written, leave=None):
        """Take what goods that just left need, of the limit for goods out.

        :param amounts: {account id: amount in company currency}
        :param written: {account id: amount} of all that was written and not taken yet
        :param leave: how far the order may go beyond
        :return: list of (account, text) of accounts that only warn, to be kept: in
            the language of their company
        :raise UserError: naming each account that does not, with limit and use
        """
        moved = self.sudo().browse(amounts)
        rounded = {
            account.id: account.currency_id.round(amounts[account.id])
            for account in moved
        }
        accounts = moved.filtered(lambda account: account.delivery_action != "none")
        amounts = {account.id: rounded[account.id] for account in accounts}
        extra = leave.extra if leave else 0.0
        with marks.Written(written, extra) as mark:
            gate = self.env["jxc.credit.delivery"].sudo()
            gate = gate.with_context(**{marks.WRITTEN: mark})
            if leave and leave.is_full:
                gate._jxc_gate_take(amounts, enforce=set())
                return []
            asking = moved.filtered(lambda account: rounded[account.id] > 0)
            warnings = [] if extra else asking._jxc_refuse_overdue("delivery")
            shortages = gate._jxc_gate_take(amounts)
            if not shortages:
                return warnings
            short = accounts.browse(shortage.resource_id for shortage in shortages)
            strict = short.filtered(lambda account: account.delivery_action in STRICT)
            if strict:
                raise strict._jxc_delivery_refused(shortages)
            again = gate._jxc_gate_take(amounts, enforce=set(amounts) - set(short.ids))
            if again:
                short = accounts.browse(shortage.resource_id for shortage in again)
                raise short._jxc_delivery_refused(again)
        return warnings + [
            (account, in_company_lang(account)._jxc_over_limit_text(shortage))
            for account, shortage in zip(short, shortages, strict=True)
        ]

    def _jxc_delivery_refused(self, shortages):
        """Return the error that tells why these accounts' goods stay here."""
        ours = [shortage for shortage in shortages if shortage.resource_id in self.ids]
        return self._jxc_refused_with(
            lambda accounts: accounts._jxc_delivery_message(ours),
            all(account.delivery_action == "hold" for account in self),
            sum(short.asked for short in ours),
        )

    def _jxc_delivery_message(self, shortages):
        texts = []
        for short in shortages:
            account = self.browse(short.resource_id)
            room = max(0.0, short.capacity - short.used)
            texts.append(
                self.env._(
                    "%(customer)s: with these goods %(exposure)s would be owed, the"
                    " limit is %(limit)s. Goods for %(room)s fit, %(asked)s were to"
                    " leave.",
                    customer=account.display_name,
                    exposure=account._jxc_money(short.used + short.asked),
                    limit=account._jxc_money(short.capacity),
                    room=account._jxc_money(room),
                    asked=account._jxc_money(short.asked),
                )
            )
        texts.append(
            self.env._(
                "Ways out: deliver what fits, register a payment, or ask a credit"
                " manager to release the order (Sales > Credit)."
            )
        )
        return "\n\n".join(texts)
