# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

#: Writing one of these may make an order that of somebody else.
CUSTOMER_FIELDS = {"company_id", "partner_id", "partner_invoice_id"}


class SaleOrder(models.Model):
    """Orders that wait were judged for their customer; for another, they are anew.

    An order on hold, or one that its last approval confirms, is not asked again for
    what it was confirmed under. That holds for nobody but the customer it was asked of.
    """

    _inherit = "sale.order"

    def write(self, vals):
        if not CUSTOMER_FIELDS & set(vals):
            return super().write(vals)
        waiting = {
            order: order._jxc_customers()
            for order in self.sudo()
            if order.jxc_credit_state == "hold" or order.jxc_confirm_on_approval
        }
        result = super().write(vals)
        for order, customers in waiting.items():
            if order._jxc_customers() != customers:
                order._jxc_leave_hold()
                order.jxc_confirm_on_approval = False
        return result

    def _jxc_customers(self):
        """Who buys, who owes it, and whom."""
        return (
            self.partner_id.commercial_partner_id,
            self.partner_invoice_id.commercial_partner_id,
            self.company_id,
        )
