# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools import marks
from ..tools.credit import Use


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        sales = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        if not sales:
            return super()._post(soft)
        orders = sales.line_ids.sale_line_ids.order_id.sudo()
        before = orders._jxc_credit_use()
        # A refused invoice is taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            posted = super()._post(soft)
            (posted & sales).sudo()._jxc_credit_settle(orders, before)
        return posted

    def _jxc_credit_settle(self, orders, before):
        """Put what was just posted before the gate.

        An invoice of an order only moves what the order brought to another part. What
        it bills beyond that is recorded; what belongs to no order is enforced like a
        new order.

        :param orders: sale orders behind the invoices
        :param before: their use before posting
        :raise UserError: when a limit that blocks does not suffice
        """
        change = orders._jxc_credit_use().since(before)
        free = Use()
        for move in self:
            key = (move.commercial_partner_id.id, move.company_id.id)
            change[key, "receivable"] += move._jxc_receivable()
            free[key, "receivable"] += move._jxc_without_order()
        Order = self.env["sale.order"]
        _accounts, written = Order._jxc_credit_accounts(change, open_missing=False)
        for use, enforced in ((free, True), (change.since(free), False)):
            accounts, use = Order._jxc_credit_accounts(use, open_missing=enforced)
            warned = accounts._jxc_credit_take(use, enforced, written=written)
            for account, short in warned:
                self._jxc_credit_warn(account, short)

    def _jxc_receivable(self):
        """What the customer owes by this move, in company currency."""
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return sum(lines.mapped("balance"))

    def _jxc_without_order(self):
        """The part of this move that no sales order stands behind, never negative."""
        self.ensure_one()
        if not self.line_ids.sale_line_ids:
            return max(0.0, self._jxc_receivable())
        lines = self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.sale_line_ids
        )
        amount = sum(lines.mapped("price_total")) * -self.direction_sign
        return max(0.0, amount / (self.invoice_currency_rate or 1.0))

    def _jxc_credit_warn(self, account, short):
        partners = account._jxc_partners()
        moves = self.filtered(lambda move: move.commercial_partner_id in partners)
        text = self.env._(
            "Over the credit limit of %(customer)s: limit %(limit)s, exposure with this"
            " %(exposure)s.",
            customer=account.display_name,
            limit=account._jxc_money(short.capacity),
            exposure=account._jxc_money(short.used + short.asked),
        )
        moves._message_log_batch(bodies=dict.fromkeys(moves.ids, text))

    def message_post_with_source(self, source_ref, **kwargs):
        if marks.replay_of(self.env):
            return self.env["mail.message"]  # The order's chatter tells of the import.
        return super().message_post_with_source(source_ref, **kwargs)
