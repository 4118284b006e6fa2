# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_base.tools.importing import is_history


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """Posted bills do not become bills of orders that hold them back.

        :raise UserError: see ``account.move._jxc_check_urgent``
        """
        result = super().write(vals)
        if vals.get("purchase_line_id") and not is_history(self.env):
            posted = self.filtered(lambda line: line.parent_state == "posted")
            posted.move_id._jxc_check_urgent()
        return result
