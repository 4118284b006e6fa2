# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Down payments are paid, or not any more, by what is set against them."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._jxc_moves()._jxc_paid_orders()._jxc_note_deposits()
        return partials

    def unlink(self):
        orders = self._jxc_moves()._jxc_paid_orders()
        result = super().unlink()
        orders._jxc_note_deposits()
        return result

    def _jxc_moves(self):
        items = self.debit_move_id | self.credit_move_id
        return items.filtered(lambda item: item._jxc_is_debt()).move_id
