# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from fractions import Fraction

from odoo import models

from ..tools.coverage import in_base


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_is_sold(self):
        """Whether a confirmed sale of this product asks for all of the line."""
        line = self.sudo()
        sold = line.sale_line_id
        if sold.state != "sale" or sold.company_id != self.company_id:
            return False
        if self.product_id != sold.product_id:
            return self.product_id in self._jxc_sold_products()
        bought = sold.purchase_line_ids.filtered(
            lambda one: one == line or one.state == "purchase"
        )
        ordered = sum(in_base(one.product_qty, one.product_uom_id) for one in bought)
        return ordered <= in_base(sold.product_uom_qty, sold.product_uom_id)

    def _jxc_is_awaited(self):
        """Whether movements of this product wait for all of the line."""
        line = self.sudo()
        waiting = line.move_dest_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.product_id == line.product_id
                and move.company_id == line.company_id
            )
        )
        wanted = sum(in_base(one.product_uom_qty, one.product_uom) for one in waiting)
        return (
            bool(waiting) and in_base(line.product_qty, line.product_uom_id) <= wanted
        )

    def _jxc_sold_products(self):
        """Return more products that serve the sale of this line: hook for kits."""
        return self.env["product.product"]

    def _jxc_buying(self):
        """Return the lines that get something or cost something.

        Below zero in quantity and price a line costs as well.
        """
        return self.filtered(
            lambda line: line.product_qty > 0 or line.price_subtotal > 0
        )

    def _jxc_requested(self):
        """Return what approved requests cover of each line, exact, in reference units.

        Confirmed orders and those of ``self`` together get no more than was requested;
        confirmed ones first.
        """
        links = self.jxc_request_link_ids
        asked = links.request_line_id.filtered(lambda one: one.decision == "approved")
        rivals = asked.link_ids.filtered(
            lambda link: (
                link.order_line_id in self or link.order_line_id.state == "purchase"
            )
        )
        served = rivals.order_line_id._jxc_serve_requests()
        covered = defaultdict(Fraction)
        for line, mine in rivals.grouped("request_line_id").items():
            left = in_base(line.product_qty, line.product_uom_id)
            for link in mine.sorted(
                lambda link: (link.order_line_id.state != "purchase", link.id)
            ):
                share = min(served.get(link, (Fraction(0),))[0], left)
                left -= share
                covered[link.order_line_id] += share
        return covered
