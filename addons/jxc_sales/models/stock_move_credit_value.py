# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockMove(models.Model):
    """What goods on their way to a customer add to the debt."""

    _inherit = "stock.move"

    def _jxc_credit_value(self, quantity):
        """What so much of this move adds to the customer's debt, in company currency.

        :param quantity: in the unit of the move
        """
        self.ensure_one()
        line = self.sale_line_id.sudo()
        if not line or not self.location_dest_id._jxc_is_outgoing():
            return 0.0
        # Rounded as the delivered quantity of the line is; a line's moves convert to
        # its unit, see the line's constraint.
        unit = self.product_uom
        sold = unit._compute_quantity(  # odoo19-ok: unit-unchecked checked on the line
            quantity, line.product_uom_id, rounding_method="HALF-UP"
        )
        return sold * line._jxc_unit_price() / (line.order_id.currency_rate or 1.0)

    def _jxc_quantity_within(self, room):
        """How much of the picked quantity is worth no more than ``room``.

        All of it, or whole units.
        """
        self.ensure_one()
        value = self._jxc_credit_value(self.quantity)
        currency = self.company_id.currency_id
        if currency.compare_amounts(value, room) <= 0:
            return self.quantity
        quantity = float(int(self.quantity * max(room, 0.0) / value) + 1)
        while quantity > 0 and (
            quantity > self.quantity
            or currency.compare_amounts(self._jxc_credit_value(quantity), room) > 0
        ):
            quantity -= 1
        return quantity
