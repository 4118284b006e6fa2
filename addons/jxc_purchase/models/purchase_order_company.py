# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    """An order stays in its company once something of that company hangs on it."""

    _inherit = "purchase.order"

    def write(self, vals):
        """Move nothing but RFQs on their own to another company.

        :raise AccessError: the user does not work in the other company
        :raise UserError: naming the orders, and what keeps them
        """
        if "company_id" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda order: order.company_id.id != vals["company_id"])
        moved._jxc_check_may_move()
        result = super().write(vals)
        # Rights were judged by the company before.
        moved.check_access("write")
        return result

    def _jxc_check_may_move(self):
        kept = self.sudo().filtered(
            lambda order: (
                order.state not in ("draft", "sent")
                or order.jxc_request_ids
                or order.purchase_group_id
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(orders)s stay in their company: they were confirmed, or belong"
                    " to purchase requests or to a tender. Order anew in the other"
                    " company.",
                    orders=", ".join(kept.mapped("name")),
                )
            )
