# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.token import is_engine


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_settlement_ids = fields.One2many(
        "jxc.settlement", "move_id", string="Settlements", readonly=True, copy=False
    )

    def button_draft(self):
        self._jxc_check_unsettled()
        return super().button_draft()

    def button_cancel(self):
        self._jxc_check_unsettled()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._jxc_check_not_settlement()
        return super()._reverse_moves(default_values_list, cancel)

    def _jxc_check_unsettled(self):
        """
        :raise AccessError: who asks may not write these entries
        :raise UserError: an entry is settled or the voucher of a settlement
        """
        self._jxc_check_may_write()
        self._jxc_check_not_settlement()
        self._jxc_check_not_settled()

    def _jxc_check_not_settlement(self):
        """
        :raise UserError: for the voucher of a settlement that is applied
        """
        if is_engine(self.env):
            return
        # sudo: who works on entries need not read settlements
        for settlement in self.sudo().jxc_settlement_ids:
            if settlement.state == "applied":
                raise UserError(
                    self.env._(
                        "%(entry)s is the voucher of %(settlement)s. Undo the"
                        " settlement, the voucher follows.",
                        entry=settlement.move_id.display_name,
                        settlement=settlement.name,
                    )
                )

    def _jxc_check_not_settled(self):
        """The platform keeps what is matched while an entry is corrected; amounts of a
        settlement would be wrong then.

        :raise UserError: for entries with lines that a settlement matched
        """
        if is_engine(self.env):
            return
        # sudo: who works on entries need not read settlements
        partials = self.env["account.partial.reconcile"].sudo()
        found = partials.search(
            Domain("jxc_settlement_id", "!=", False)
            & (
                Domain("debit_move_id.move_id", "in", self.ids)
                | Domain("credit_move_id.move_id", "in", self.ids)
            ),
            limit=1,
        )
        if found:
            moves = (found.debit_move_id | found.credit_move_id).move_id & self
            raise UserError(
                self.env._(
                    "%(entry)s was settled by %(settlement)s. Undo the settlement"
                    " first.",
                    entry=moves[:1].display_name,
                    settlement=found.jxc_settlement_id.name,
                )
            )
