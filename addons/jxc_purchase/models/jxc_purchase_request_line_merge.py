# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import float_compare

#: Lines that agree in these are the same need.
SAME = (
    "analytic_distribution",
    "date_required",
    "price_unit",
    "product_id",
    "product_uom_id",
    "vendor_id",
)


class JxcPurchaseRequestLine(models.Model):
    _inherit = "jxc.purchase.request.line"

    def _is_twin(self, line):
        """Whether the quantity of ``line`` can be added to this one.

        Not when different people entered them: both asked, so neither decides; nor when
        one has something of its own, such as a photo or a share of an order.
        """
        self.ensure_one()
        return (
            bool(self.product_id)
            and self.create_uid == line.create_uid
            and all(self[name] == line[name] for name in SAME)
            and self.sudo().sale_order_id == line.sudo().sale_order_id
            and not (line.photo_ids or line.sudo().link_ids or line.orderpoint_id)
        )

    def _add_twin(self, line):
        """Ask for the quantity of an equal line, too.

        A price that somebody entered stays; an estimate follows the quantity.
        """
        self.ensure_one()
        values = {"product_qty": self.product_qty + line.product_qty}
        digits = self.env["decimal.precision"].precision_get("Product Price")
        estimate, _source = self._estimates()[self]
        # A 0 that somebody entered is marked, and stays without being given again.
        price = self.price_unit
        if price and float_compare(estimate, price, precision_digits=digits):
            values["price_unit"] = price
        self.write(values)
