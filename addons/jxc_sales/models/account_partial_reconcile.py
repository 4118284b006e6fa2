# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        items = partials.debit_move_id | partials.credit_move_id
        if any(item._jxc_is_debt() for item in items):
            # What is paid is not overdue any more.
            self.env["jxc.credit.account"]._jxc_judge_holds_soon()
        return partials
