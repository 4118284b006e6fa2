# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    """What has come of an order is not undone by cancelling the order.

    The platform cancels orders whose goods are in stock. Then nothing that was decided
    on them holds any more: the purchase counts for no limit, no approval is open, and
    it can be ordered anew at another price. What came stays ordered; the rest is given
    up by closing the order short, see ``purchase_order_short``.
    """

    _inherit = "purchase.order"

    def button_cancel(self):
        """Cancel orders of which nothing is here.

        :raise UserError: goods that came did not all go back, or services were done;
            it names orders, products and the ways out
        """
        # Nobody who cancels has to see the warehouse.
        confirmed = self.sudo().filtered(lambda order: order.state == "purchase")
        for order in confirmed:
            kept = order.order_line.filtered(lambda line: line._jxc_is_kept())
            if kept:
                raise UserError(
                    self.env._(
                        "%(order)s cannot be cancelled: %(products)s came or was done."
                        " What will not come any more is given up with “Close Short”."
                        " Or have everything returned, to be refunded, before you"
                        " cancel.",
                        order=order.name,
                        products=", ".join(
                            line.product_id.display_name or line.name for line in kept
                        ),
                    )
                )
        return super().button_cancel()


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_is_kept(self):
        """Whether something of this line is here, is to be paid, or was done.

        Goods that wait for their inspection count, although none are received yet. So
        do goods that went back to be exchanged: the vendor owes them.
        """
        self.ensure_one()
        unit = self.product_uom_id
        if self.display_type or not unit:
            return False
        if unit.compare(self.qty_received, 0) > 0:
            return True
        if self.qty_received_method != "stock_moves":
            return False
        done = self._get_po_line_moves().filtered(lambda move: move.state == "done")
        back = done.filtered(lambda move: move._is_purchase_return())
        here = (done - back)._jxc_in_unit(unit) - back._jxc_in_unit(unit)
        return unit.compare(here, 0) > 0
