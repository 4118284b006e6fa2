# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountPayment(models.Model):
    """Receipts for an order may be its deposit."""

    _inherit = "account.payment"

    def _jxc_note_deposits(self):
        payments = self.sudo()
        orders = payments.jxc_sale_order_id
        orders |= payments.payment_transaction_id.sale_order_ids
        orders._jxc_note_deposits()

    def write(self, vals):
        result = super().write(vals)
        if "jxc_sale_order_id" in vals:
            self._jxc_note_deposits()
        return result

    def action_post(self):
        result = super().action_post()
        self._jxc_note_deposits()
        return result

    def action_draft(self):
        result = super().action_draft()
        self._jxc_note_deposits()
        return result

    def action_cancel(self):
        result = super().action_cancel()
        self._jxc_note_deposits()
        return result
