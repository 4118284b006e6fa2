# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments.sudo().invoice_ids._jxc_check_not_held()
        return payments

    def write(self, vals):
        result = super().write(vals)
        if "invoice_ids" in vals:
            self.sudo().invoice_ids._jxc_check_not_held()
        return result

    def action_post(self):
        self.sudo().invoice_ids._jxc_check_not_held()
        return super().action_post()


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Whatever pays a bill is matched with it here; refunds may be."""
        partials = super().create(vals_list)
        for partial in partials:
            moves = (partial.debit_move_id | partial.credit_move_id).move_id
            if "in_refund" not in moves.mapped("move_type"):
                moves._jxc_check_not_held()
        return partials
