# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from .account_move_match import MATCHED

#: what a reconciliation settles, and how much of it
FIGURES = frozenset(
    {
        "debit_move_id",
        "credit_move_id",
        "amount",
        "debit_amount_currency",
        "credit_amount_currency",
    }
)


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
        held = lines.move_id.filtered(lambda move: move.move_type in MATCHED)
        held = held.filtered("jxc_match_open")
        for vals in vals_list if held else ():
            self._jxc_check_held_by_match(vals, held)
        return super().create(vals_list)

    def write(self, vals):
        """A reconciliation is broken and made again, never bent to settle others.

        :raise UserError: when a client changes what was settled, or how much
        """
        if not self.env.su and FIGURES & vals.keys():
            raise UserError(
                self.env._(
                    "What a reconciliation settles cannot be changed. Unreconcile the"
                    " entries and reconcile them again."
                )
            )
        return super().write(vals)

    @api.model
    def _jxc_check_held_by_match(self, vals, held):
        lines = self.env["account.move.line"]
        debit = lines.browse(vals.get("debit_move_id"))
        credit = lines.browse(vals.get("credit_move_id"))
        for line, other in ((debit, credit), (credit, debit)):
            if line.move_id in held and not self._jxc_is_exchange(line, other):
                line.move_id._jxc_check_not_held_by_match(other.move_id)

    @api.model
    def _jxc_is_exchange(self, line, other):
        """Whether an item only takes an exchange difference of a foreign one.

        It is worth nothing in the foreign currency, so it pays nothing. What a client
        writes into the amounts of the reconciliation proves nothing.
        """
        return (
            line.currency_id != line.company_currency_id
            and other.currency_id == line.currency_id
            and other.currency_id.is_zero(other.amount_currency)
        )
