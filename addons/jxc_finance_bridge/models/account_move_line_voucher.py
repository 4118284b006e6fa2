# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Nothing is added to what is reviewed or closed."""
        lines = super().create(vals_list)
        posted = lines.move_id.filtered(lambda move: move.state == "posted")
        if posted:
            posted._check_fiscal_lock_dates()
        return lines

    def write(self, vals):
        """The text of a line is its 摘要: it stays as it was reviewed."""
        if "name" in vals:
            for move in self.move_id:
                move._jxc_check_unreviewed()
        return super().write(vals)

    def _jxc_get_summary(self):
        """The 摘要 of the line: its own text in entries, the voucher's in documents."""
        self.ensure_one()
        move = self.move_id
        if move.move_type == "entry" and not move.origin_payment_id and self.name:
            return self.name
        return move.jxc_summary or self.name or move.ref or move.name or ""
