# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """Which movements bring goods of a vendor, wherever somebody lets them end.

    Stock follows the operations, not their move: users write other places on both. So
    what an operation takes from a vendor, or in the name of an order, is a receipt
    unless it goes back to the vendor or, as the order says, to a customer.
    """

    _inherit = "stock.move"

    def _jxc_is_receipt(self):
        """Whether this brings goods of a vendor: as planned, or by its operations."""
        self.ensure_one()
        if self.product_id.type != "consu" or self.jxc_inspection_id:
            return False
        parts = self.move_line_ids or [self]
        return any(
            self._jxc_brings(part.location_id, part.location_dest_id) for part in parts
        )

    def _jxc_brings(self, source, dest):
        """Whether goods of this move from one place to another come from a vendor."""
        order = self.purchase_line_id.sudo().order_id
        suppliers = "supplier" in (source.usage, self.location_id.usage)
        if not (order or suppliers) or dest.usage == "supplier":
            return False
        if dest.usage == "customer":
            return order.picking_type_id.code != "dropship"
        if source.usage == "internal" and self.origin_returned_move_id:
            # Returns to a vendor that is a company of ours pass between the companies.
            between = self.env.ref(
                "stock.stock_location_inter_company", raise_if_not_found=False
            )
            return dest != between
        return True

    def _jxc_warehouse(self):
        """The warehouse that a receipt comes to, also when it is to end elsewhere."""
        order = self.purchase_line_id.sudo().order_id
        return (
            self.location_dest_id.warehouse_id
            or self.picking_id.picking_type_id.warehouse_id
            or self.warehouse_id
            or self.move_line_ids.location_dest_id.warehouse_id[:1]
            or order.picking_type_id.warehouse_id
            or self.env["stock.warehouse"].search(
                [("company_id", "=", self.company_id.id)], limit=1
            )
        )

    def _jxc_check_order_named(self, vals):
        """A movement that is over becomes no receipt of an order any more.

        :raise UserError: naming the movement
        """
        if not vals.get("purchase_line_id") or self.env.su:
            return
        for move in self:
            if (
                move.state == "done"
                and move.product_id.type == "consu"
                and move.purchase_line_id.id != vals["purchase_line_id"]
                and "supplier"
                not in (move.location_id.usage, move.location_dest_id.usage)
            ):
                raise UserError(
                    self.env._(
                        "%(transfer)s is done: it cannot become a receipt of an order"
                        " afterwards.",
                        transfer=move.picking_id.name or move.display_name,
                    )
                )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _jxc_check_from_outside(self):
        """Refuse goods to inspect that are said to come from a place of our own.

        :raise UserError: naming product, receipt and place
        """
        for line in self:
            if line.location_id.usage == "internal":
                raise UserError(
                    self.env._(
                        "%(product)s of %(receipt)s must be inspected: it is received"
                        " from the vendor and not from %(place)s. Transfer what lies"
                        " there by itself.",
                        product=line.product_id.display_name,
                        receipt=line.picking_id.name or line.move_id.display_name,
                        place=line.location_id.display_name,
                    )
                )

    def _jxc_check_redirected(self, receipts):
        """Refuse that done goods become ones of a vendor that nobody inspected.

        :param receipts: stock.move, what were receipts before the change
        :raise UserError: naming the products
        """
        changed = self.move_id.filtered(lambda move: move.state == "done") - receipts
        changed._jxc_check_nothing_due()

    def _jxc_check_goes_back(self):
        """Refuse that a return of rejected goods ends anywhere but with the vendor.

        It lowers what is received and frees the goods from their rejection, so it is
        no transfer to another place of ours.

        :raise UserError: naming product, return and place
        """
        for line in self:
            returned = line.move_id.origin_returned_move_id
            rejected = line.move_id.jxc_inspection_id or (
                line.location_id.jxc_status == "defective"
                and line.move_id.purchase_line_id
            )
            if not (returned and rejected) or line._jxc_leaves_for_vendor():
                continue
            raise UserError(
                self.env._(
                    "%(product)s of %(transfer)s was rejected: it goes back to the"
                    " vendor and not to %(place)s. To keep the goods, cancel the return"
                    " and have the inspection taken back.",
                    product=line.product_id.display_name,
                    transfer=line.picking_id.name or line.move_id.display_name,
                    place=line.location_dest_id.display_name,
                )
            )

    def _jxc_leaves_for_vendor(self):
        """Whether goods go to a vendor, or back to where outside they came from."""
        self.ensure_one()
        dest = self.location_dest_id
        came_from = self.move_id.origin_returned_move_id.location_id
        return dest.usage == "supplier" or (
            dest.usage != "internal" and dest == came_from
        )

    def _jxc_place_after_inspection(self):
        """Where goods go when they are accepted: not where they are inspected."""
        self.ensure_one()
        place = self.location_dest_id
        if place.id not in place._jxc_inspection_ids():
            return place
        usual = self.picking_id.picking_type_id.default_location_dest_id
        if usual and usual.id not in place._jxc_inspection_ids():
            return usual
        return self.move_id._jxc_warehouse().lot_stock_id
