# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

#: Says nothing about the budgets.
ORDERING = {"sequence"}


class JxcPurchaseBudgetTransfer(models.Model):
    """Who changes what somebody else asks for has a hand in it."""

    _inherit = "jxc.purchase.budget.transfer"

    def _jxc_note_hand(self):
        """Let the user who changed lines of these drafts approve none of them."""
        if self.env.su:
            return
        user = self.env.user
        for transfer in self.sudo():
            if user not in transfer._jxc_requesters_known():
                transfer.former_submitter_ids += user


class JxcPurchaseBudgetTransferLine(models.Model):
    _inherit = "jxc.purchase.budget.transfer.line"

    def write(self, vals):
        if set(vals) <= ORDERING:
            return super().write(vals)
        transfers = self.transfer_id
        result = super().write(vals)
        (transfers | self.transfer_id)._jxc_note_hand()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_noting_hand(self):
        self.transfer_id._jxc_note_hand()
