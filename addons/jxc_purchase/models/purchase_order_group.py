# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError


class PurchaseOrderGroup(models.Model):
    """A tender is kept together by its group."""

    _inherit = "purchase.order.group"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_tender(self):
        """Quotations and awards stay comparable, and a tender that runs goes on.

        :raise UserError: naming the tender
        """
        # Not everybody who reads orders reads the group they form.
        for group in self.sudo():
            orders = group.order_ids
            if any(order._jxc_is_in_tender() for order in orders):
                raise UserError(
                    self.env._(
                        "%(orders)s form a tender that is running or was awarded: it"
                        " cannot be dissolved. Cancel the requests for quotation of"
                        " vendors that are not needed any more.",
                        orders=", ".join(orders.mapped("name")),
                    )
                )
