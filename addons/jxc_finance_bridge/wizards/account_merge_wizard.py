# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountMergeWizard(models.TransientModel):
    _inherit = "account.merge.wizard"

    @api.model
    def _action_merge(self, accounts):
        """:raise UserError: for items of closed books that would change the account"""
        if not self.env.su:
            accounts[1:]._jxc_check_no_closed_items()
        return super()._action_merge(accounts)
