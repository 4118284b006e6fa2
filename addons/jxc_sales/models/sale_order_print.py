# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from odoo.addons.jxc_base.tools.capitals import to_capitals


class SaleOrder(models.Model):
    """The order as it is printed and sealed."""

    _inherit = "sale.order"

    def _jxc_amount_in_words(self):
        """The total as contracts have it: in capital characters, if it is in yuan."""
        self.ensure_one()
        if self.currency_id.name == "CNY":
            return to_capitals(self.amount_total)
        return self.currency_id.amount_to_text(self.amount_total)
