# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from odoo.addons.jxc_base.tools.importing import is_history

#: Changes that make a line one of an order on a posted bill.
LINKING_FIELDS = {"move_id", "purchase_line_id"}


class AccountMoveLine(models.Model):
    """Posted bills do not become bills of urgent orders that hold them back."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Judge lines that are added to posted bills.

        :raise UserError: see ``account.move._jxc_check_urgent``
        """
        lines = super().create(vals_list)
        lines._jxc_check_urgent_posted()
        return lines

    def write(self, vals):
        """Judge posted bills that orders are given to afterwards.

        :raise UserError: see ``account.move._jxc_check_urgent``
        """
        result = super().write(vals)
        if not LINKING_FIELDS.isdisjoint(vals):
            self._jxc_check_urgent_posted()
        return result

    def _jxc_check_urgent_posted(self):
        linked = self.filtered(
            lambda line: line.parent_state == "posted" and line.purchase_line_id
        )
        if linked and not is_history(self.env):
            linked.move_id._jxc_check_urgent(linked)
