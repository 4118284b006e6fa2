# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools import marks


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _jxc_check_leaving(self):
        if marks.undoing_of(self.env):
            return None  # Nobody is sold these goods: they are the customer's own.
        return super()._jxc_check_leaving()
