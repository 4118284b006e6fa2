# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Held bills are settled by refunds only: whatever pays ends here.

        :raise UserError: when anything else settles a held bill
        """
        lines = self.env["account.move.line"].browse(
            {
                vals.get(name)
                for vals in vals_list
                for name in ("debit_move_id", "credit_move_id")
            }
            - {None, False}
        )
        held = lines.move_id.filtered(lambda move: move.move_type == "in_invoice")
        held = held.filtered("jxc_match_open")
        for vals in vals_list if held else ():
            self._jxc_check_held_by_match(vals, held)
        return super().create(vals_list)

    @api.model
    def _jxc_check_held_by_match(self, vals, held):
        """Exchange differences pass: they have no amount in the bill's currency."""
        lines = self.env["account.move.line"]
        debit = lines.browse(vals.get("debit_move_id")).move_id
        credit = lines.browse(vals.get("credit_move_id")).move_id
        if debit in held and vals.get("debit_amount_currency", 1):
            debit._jxc_check_not_held_by_match(credit)
        if credit in held and vals.get("credit_amount_currency", 1):
            credit._jxc_check_not_held_by_match(debit)
