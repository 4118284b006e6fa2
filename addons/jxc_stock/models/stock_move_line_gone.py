# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models

from .stock_move_line_release import FREE, GONE


class StockMoveLine(models.Model):
    """Defective goods are not made good ones by way of their vendor.

    Who has no right to release them may send them to the vendor. As much of the product
    as left so, and comes from outside again for no order, is released: also when it is
    said to be another lot, as whoever receives goods enters it.
    """

    _inherit = "stock.move.line"

    def _jxc_is_ordered(self):
        """Whether these goods come for an order, and not back: hook."""
        return False

    def _jxc_comes_from_outside(self):
        """Whether goods become available that may have left as held ones."""
        self.ensure_one()
        return (
            self.product_id.is_storable
            and self._jxc_place(self.location_dest_id) == FREE
            and self._jxc_origin(self.location_id) == GONE
            and not self._jxc_is_ordered()
        )

    def _jxc_comes_back(self, quantity, was_held, outside):
        """How much of a quantity from outside is of goods that left as held ones.

        :param quantity: in the product's unit
        :param was_held: this line itself had brought held goods outside
        :param outside: as :meth:`_jxc_gone_defective` returns it; changed
        """
        if was_held or self.product_id.uom_id.is_zero(quantity):
            return quantity
        if not self._jxc_comes_from_outside():
            return 0.0
        key = (self.product_id, self.company_id)
        quantity = min(quantity, outside.get(key, 0.0))
        if quantity:
            outside[key] -= quantity
        return quantity

    def _jxc_gone_defective(self):
        """What left as held goods and has not come back, of what these lines bring.

        :return: {(product, company): quantity in the product's unit}
        """
        lines = self.filtered(lambda line: line._jxc_comes_from_outside())
        if not lines:
            return {}
        # sudo: whoever receives goods need not see where they were before
        places = self.env["stock.location"].sudo().with_context(active_test=False)
        between = [("usage", "=", "transit"), ("id", "in", places._jxc_outgoing_ids())]
        outside = places.search(["|", ("usage", "=", "supplier"), "&", *between]).ids
        held = list(places._jxc_held_ids())
        domain = [
            ("product_id", "in", lines.product_id.ids),
            ("company_id", "in", lines.company_id.ids),
        ]
        gone = defaultdict(float)
        left = [("location_id", "in", held), ("location_dest_id", "in", outside)]
        # Not what orders bring to be inspected.
        back = [("location_id", "in", outside), ("location_dest_id", "in", held)]
        back += [("move_id.origin_returned_move_id", "!=", False)]
        for sign, way in ((1, left), (-1, back)):
            for product, company, quantity in self.sudo()._read_group(
                [*domain, ("state", "=", "done"), *way],
                ["product_id", "company_id"],
                ["quantity_product_uom:sum"],
            ):
                gone[product.id, company.id] += sign * quantity
        for product, company, quantity in (
            self.env["jxc.stock.freeze"]
            .sudo()
            ._read_group(
                [*domain, ("kind", "=", "release"), ("location_id", "in", outside)],
                ["product_id", "company_id"],
                ["quantity:sum"],
            )
        ):
            gone[product.id, company.id] -= quantity
        return {
            (line.product_id, line.company_id): max(
                gone[line.product_id.id, line.company_id.id], 0.0
            )
            for line in lines
        }
