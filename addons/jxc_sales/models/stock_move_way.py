# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

#: Places that are neither the company's own nor its customers'.
ELSEWHERE = frozenset({"inventory", "production", "supplier"})


class StockMove(models.Model):
    """Goods of a sales order go to its customer, or stay.

    Whoever writes deliveries may give them another destination before they are
    validated. Said to go to a vendor, they would leave the house while their order
    counts nothing as delivered, and its rest as given up: nobody would owe them.
    """

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        self._jxc_check_goes_to_customer()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _jxc_check_goes_to_customer(self):
        """:raise UserError: naming the goods, their order and where they were to go"""
        # sudo: whoever moves goods need not see orders
        for move in self.sudo():
            line = move.sale_line_id
            if (
                not line
                or move.state in ("cancel", "done")
                or move.location_dest_id.usage not in ELSEWHERE
                or move.location_id.usage not in ("internal", "transit")
                or move._jxc_goes_back_to_vendor()
            ):
                continue
            raise UserError(
                self.env._(
                    "%(transfer)s: %(product)s is for %(order)s and does not go to"
                    " %(place)s. Deliver it to the customer, or cancel this transfer"
                    " and move the goods by another one.",
                    transfer=move.picking_id.name or move.reference or "",
                    product=move.product_id.display_name,
                    order=line.order_id.name,
                    place=move.location_dest_id.display_name,
                )
            )

    def _jxc_goes_back_to_vendor(self):
        """Whether this returns what a vendor had brought for the same order line."""
        self.ensure_one()
        origin = self.origin_returned_move_id
        return (
            origin.sale_line_id == self.sale_line_id
            and origin.location_id.usage == self.location_dest_id.usage
        )
