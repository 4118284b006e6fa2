# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockPicking(models.Model):
    """What a delivery note (送货单) says; also printed by who may not read orders."""

    _inherit = "stock.picking"

    def _jxc_note_lines(self):
        """Rows of the delivery note.

        :return: list of dicts: move, text (quantity in units), quantity, unit, lots,
            amount and price (order currency, tax and discount included; None without
            order or where the company prints none), digits (decimals of the price that
            make quantity × price the amount) and price_unit (what it is the price of,
            where that is not the unit of the quantity)
        """
        self.ensure_one()
        shows = self.company_id.sudo().jxc_delivery_note_prices
        rows = []
        for move in self.move_ids.filtered(lambda move: move.state != "cancel"):
            quantity = move.quantity if self.state == "done" else move.product_uom_qty
            if move.product_uom.is_zero(quantity):
                continue
            line = move.sudo().sale_line_id
            unit = line.product_uom_id or move.product_uom
            if unit._has_common_reference(move.product_uom):
                quantity = move.product_uom._compute_quantity(
                    quantity, unit, rounding_method="HALF-UP"
                )
            price, counted, priced_unit = None, quantity, None
            if line and shows:
                price = line._jxc_unit_price()
                if line.jxc_is_priced_by_aux and line.jxc_aux_qty:
                    price = line.price_total / line.jxc_aux_qty
                    is_done = self.state == "done"
                    counted = move.jxc_aux_done if is_done else move.jxc_aux_qty
                    priced_unit = line.jxc_aux_uom_id
            currency = line.currency_id
            amount = None if price is None else currency.round(counted * price)
            rows.append(
                {
                    "move": move,
                    "quantity": quantity,
                    "unit": unit,
                    "text": move.jxc_done_text
                    if self.state == "done"
                    else move.jxc_quantity_text,
                    "lots": ", ".join(
                        lot.name for lot in move.move_line_ids.lot_id if lot.name
                    ),
                    "price": price,
                    "price_unit": priced_unit,
                    "amount": amount,
                    "digits": self._jxc_digits_of_price(
                        price, counted, amount, currency
                    ),
                    "currency": currency,
                }
            )
        return rows

    @staticmethod
    def _jxc_digits_of_price(price, quantity, amount, currency):
        """The fewest decimals by which a customer can check the amount of a row.

        A price without tax that is shown with tax has many: 3 × 11.2943 = 33.88.
        """
        if price is None:
            return 0
        least = currency.decimal_places
        for digits in range(least, 7):
            shown = currency.round(quantity * round(price, digits))
            if not currency.compare_amounts(shown, amount):
                return digits
        return 6
