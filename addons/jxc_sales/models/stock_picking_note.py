# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockPicking(models.Model):
    """What a delivery note (送货单) says; also printed by who may not read orders."""

    _inherit = "stock.picking"

    def _jxc_note_lines(self):
        """Rows of the delivery note.

        :return: list of dicts: move, text (quantity in units), quantity, unit, lots,
            amount and price (order currency, tax and discount included; None without
            order or where the company prints none)
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
            price = line._jxc_unit_price() if line and shows else None
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
                    "amount": None
                    if price is None
                    else line.currency_id.round(quantity * price),
                    "currency": line.currency_id,
                }
            )
        return rows
