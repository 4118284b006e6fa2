# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def unlink(self):
        """Note entries that readers of changes may know."""
        removals = [
            {
                "company_id": move.company_id.id,
                "move_res_id": move.id,
                "key": move._jxc_voucher_key(),
            }
            for move in self
            if move.posted_before
        ]
        result = super().unlink()
        # sudo: who may delete an entry needs no rights on the list of deleted ones
        self.env["jxc.finance.removal"].sudo().create(removals)
        return result
