# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Cost entries of invoices, also for sellers who bill and do not see them.

Record rules hide the entries. Making them when an invoice is posted and taking them
back when it is reset are done in the biller's name, with superuser rights.
"""

from odoo import models

from ..tools.costs import is_kept_from_costs


class AccountMove(models.Model):
    _inherit = "account.move"

    def button_draft(self):
        result = super().button_draft()
        self._jxc_drop_hidden_costs()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._jxc_drop_hidden_costs()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Reverse the cost entries as well, which this user does not see."""
        moves = self._jxc_with_hidden_costs()
        result = super(AccountMove, moves)._reverse_moves(default_values_list, cancel)
        return result.sudo(self.env.su)

    def _jxc_with_hidden_costs(self):
        """These entries with all their lines, also those that this user does not see.

        What he read before stands in the cache without them.
        """
        if not is_kept_from_costs(self.env):
            return self
        self.invalidate_recordset(["line_ids"])
        return self.sudo()

    def _jxc_drop_hidden_costs(self):
        """Take the cost entries back that the platform did not find for this user."""
        if not is_kept_from_costs(self.env):
            return
        costs = self._jxc_with_hidden_costs().line_ids
        costs = costs.filtered(lambda line: line.display_type == "cogs")
        with self.env.protecting(self._get_protected_vals({}, self)):
            costs.unlink()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_cogs_value(self):
        self.move_id.reversed_entry_id._jxc_with_hidden_costs()
        return super(AccountMoveLine, self.sudo())._get_cogs_value()
