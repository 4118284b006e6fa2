# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .sale_order_debtor import CUSTOMER_FIELDS


class SaleOrder(models.Model):
    """Orders that wait were judged for their customer; for another, they are anew.

    An order on hold, or one that its last approval confirms, is not asked again for
    what it was confirmed under. That holds for nobody but the customer it was asked of.
    """

    _inherit = "sale.order"

    def write(self, vals):
        """Judge orders anew that become those of other customers.

        :raise UserError: a confirmed one would be billed to who has no credit account
        """
        if not CUSTOMER_FIELDS & set(vals):
            return super().write(vals)
        before = {order: order._jxc_customers() for order in self.sudo()}
        waiting = self.sudo().filtered(
            lambda order: (
                order.jxc_credit_state == "hold" or order.jxc_confirm_on_approval
            )
        )
        result = super().write(vals)
        changed = self.sudo().filtered(
            lambda order: order._jxc_customers() != before[order]
        )
        confirmed = changed.filtered(lambda order: order.state == "sale")
        confirmed.with_env(self.env)._jxc_check_payers()
        for order in waiting & changed:
            order._jxc_leave_hold()
            order.jxc_confirm_on_approval = False
        return result
