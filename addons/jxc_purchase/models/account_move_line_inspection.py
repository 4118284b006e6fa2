# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

#: Changes of a posted bill line that can bill more than was accepted.
QUANTITY_FIELDS = {"move_id", "product_uom_id", "purchase_line_id", "quantity"}


class AccountMoveLine(models.Model):
    """Lines that are added to posted bills, or grow there, are compared, too."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._jxc_control_posted()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not QUANTITY_FIELDS.isdisjoint(vals):
            self._jxc_control_posted()
        return result

    def _jxc_control_posted(self):
        lines = self.filtered(
            lambda line: line.parent_state == "posted" and line.purchase_line_id
        )
        if lines:
            lines.move_id._jxc_control_bills()
            lines.purchase_line_id._jxc_recheck_holds()
