# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    @api.constrains("invoice_ids")
    def _check_jxc_held_by_match(self):
        """Payments of some journals have no entry that is reconciled."""
        self.invoice_ids._jxc_check_not_held_by_match()

    def action_post(self):
        """Bills may have come to be held since they were linked."""
        self.sudo().invoice_ids._jxc_check_not_held_by_match()
        return super().action_post()
