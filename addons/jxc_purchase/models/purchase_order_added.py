# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class PurchaseOrder(models.Model):
    """What is added to confirmed orders is judged like what is confirmed."""

    _inherit = "purchase.order"

    def write(self, vals):
        """Judge another vendor of confirmed orders.

        :raise UserError: its grade or papers forbid to order from it
        """
        if "partner_id" not in vals:
            return super().write(vals)
        before = {order: order.partner_id for order in self}
        result = super().write(vals)
        moved = self.filtered(
            lambda order: (
                order.state == "purchase" and order.partner_id != before[order]
            )
        )
        if moved:
            moved._jxc_check_vendors()
        return result

    def _jxc_check_added(self, products):
        """Refuse what confirmed orders get more of, as if it was confirmed now.

        :param products: what there is more of
        :raise UserError: the vendor is blocked, or it is on its way already
        """
        self._jxc_check_vendors()
        self.env["jxc.duplicate.engine"]._check(self, products)
