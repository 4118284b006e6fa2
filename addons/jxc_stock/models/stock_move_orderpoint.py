# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    """Look for reordering rules where there are any.

    The platform searches them whenever moves are created and again at each change, and
    once for every single move that is confirmed. Most goods that are bought or sold to
    order have none, which is found out once for all goods of a document.
    """

    _inherit = "stock.move"

    def _update_orderpoints(self):
        return super(StockMove, self._jxc_reordered())._update_orderpoints()

    def _trigger_scheduler(self):
        return super(StockMove, self._jxc_reordered())._trigger_scheduler()

    def _jxc_reordered(self):
        return self.filtered("product_id.jxc_has_orderpoints")
