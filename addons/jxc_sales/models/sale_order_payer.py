# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID, models

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.refusal import Refusal, refused
from .sale_order_hold import CREDIT_MANAGER


class SaleOrder(models.Model):
    """What one customer buys and another is billed takes the credit of who is billed.

    So a customer with a credit account would have no limit where the bill goes to
    somebody without one: that is for credit managers to let pass, by confirming it, by
    approving it, by a release, or by an account that both share.
    """

    _inherit = "sale.order"

    def _jxc_credit_settle(self, changes):
        asking = self.browse()
        for order, change in changes.items():
            currency = order.company_id.currency_id
            if any(
                currency.compare_amounts(net, 0) > 0 for net in change.net().values()
            ):
                asking |= order
        asking._jxc_check_payers()
        return super()._jxc_credit_settle(changes)

    def _jxc_check_payers(self):
        """Refuse orders whose buyer has a credit account, and whose payer has none.

        :raise UserError: naming order, buyer and payer, and who may let it pass
        """
        strange = self.sudo()._jxc_billed_to_strangers()
        if not strange or is_history(self.env) or marks.replay_of(self.env):
            return
        # As superuser, the portal asks for a customer: it is he who counts. Nobody has
        # agreed on what the system confirms, because tiers let it or credit suffices.
        user = self.env.user
        if user.id != SUPERUSER_ID and user.has_group(CREDIT_MANAGER):
            return
        leaves = strange._jxc_credit_leaves()
        strange = strange.filtered(
            lambda order: (
                not (
                    (order in leaves and leaves[order].is_full)
                    or order._jxc_credit_managers_approved()
                )
            )
        )
        if not strange:
            return
        account = self.env["jxc.credit.account"]
        outsider = account._jxc_is_outsider()
        strange = strange.with_env(self.env)
        raise refused(
            account._jxc_outsider_text() if outsider else strange._jxc_payer_text(),
            Refusal(
                customers=frozenset(order.sudo()._jxc_customer() for order in strange),
                holds=False,
                text=lambda lang: strange.with_context(lang=lang)._jxc_payer_text(),
            ),
        )

    def _jxc_credit_managers_approved(self):
        """Whether one of the tiers of this order was approved by a credit manager."""
        approved = self.review_ids.filtered(lambda one: one.status == "approved")
        return any(user.has_group(CREDIT_MANAGER) for user in approved.done_by)

    def _jxc_billed_to_strangers(self):
        """Those whose buyer has a credit account, while another, without one, pays."""
        apart = self.filtered(
            lambda order: (
                order.partner_invoice_id.commercial_partner_id
                and order.partner_invoice_id.commercial_partner_id
                != order.partner_id.commercial_partner_id
            )
        )
        if not apart:
            return apart
        keys = {
            order: tuple(
                (partner.id, order.company_id.id)
                for partner in order._jxc_customers()[:2]
            )
            for order in apart
        }
        accounts = self.env["jxc.credit.account"]._jxc_accounts_of(
            key for pair in keys.values() for key in pair
        )
        return apart.filtered(
            lambda order: keys[order][0] in accounts and keys[order][1] not in accounts
        )

    def _jxc_payer_text(self):
        texts = []
        for order in self.sudo():
            buyer, payer, _company = order._jxc_customers()
            texts.append(
                self.env._(
                    "%(order)s: %(buyer)s has a credit account, but the invoice goes to"
                    " %(payer)s, who has none. Invoice %(buyer)s, or ask a credit"
                    " manager to confirm it, or to open an account for %(payer)s or"
                    " add him to that of %(buyer)s.",
                    order=order.name,
                    buyer=buyer.display_name,
                    payer=payer.display_name,
                )
            )
        return "\n".join(texts)
