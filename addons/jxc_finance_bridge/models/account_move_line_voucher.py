# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

#: Follow from the entry and from what settles the line. The platform keeps them in the
#: table for its searches, and lets clients write them.
FOLLOWING = frozenset(
    {
        "amount_residual",
        "amount_residual_currency",
        "company_id",
        "date",
        "full_reconcile_id",
        "journal_id",
        "move_name",
        "parent_state",
        "price_subtotal",
        "price_total",
        "reconciled",
    }
)


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
        """The text of a line is its 摘要: it stays as it was reviewed, or closed."""
        if "name" in vals:
            for move in self.move_id:
                move._jxc_check_unreviewed()
        if not self.env.su:
            self._jxc_check_following(vals)
            if "name" in vals:
                self._jxc_check_closed(vals["name"])
        return super().write(vals)

    def _jxc_check_following(self, vals):
        """
        :raise AccessError: for what a client would make differ from the entry
        """
        names = vals.keys() & FOLLOWING
        if names:
            raise AccessError(self.move_id._jxc_follows_text(self, names))

    def _jxc_check_closed(self, name):
        """
        :raise UserError: for another 摘要 in a closed month
        """
        changed = self.filtered(
            lambda line: (
                line.parent_state == "posted" and (line.name or "") != (name or "")
            )
        )
        changed.move_id._jxc_check_period_open()

    def _jxc_get_summary(self):
        """The 摘要 of the line: its own text in entries, the voucher's in documents."""
        self.ensure_one()
        move = self.move_id
        if move.move_type == "entry" and not move.origin_payment_id and self.name:
            return self.name
        return move.jxc_summary or self.name or move.ref or move.name or ""
