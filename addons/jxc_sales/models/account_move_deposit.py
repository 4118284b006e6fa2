# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMove(models.Model):
    """Which orders' deposits are paid by an entry, or are not any more."""

    _inherit = "account.move"

    def _jxc_paid_orders(self):
        """Orders that these entries bill or pay, whoever may read them."""
        moves = self.sudo()
        payments = moves.origin_payment_id
        return (
            moves.line_ids.sale_line_ids.order_id
            | payments.jxc_sale_order_id
            | payments.payment_transaction_id.sale_order_ids
        )

    def button_draft(self):
        result = super().button_draft()
        self._jxc_paid_orders()._jxc_note_deposits()
        return result
