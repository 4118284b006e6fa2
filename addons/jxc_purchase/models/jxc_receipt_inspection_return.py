# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import Command


class JxcReceiptInspection(models.Model):
    """Sending rejected goods back to the vendor."""

    _inherit = "jxc.receipt.inspection"

    def _jxc_create_return(self, parts):
        """Make the transfer that takes rejected goods of this inspection back.

        It takes the same lots, and lowers the received quantity of the order.

        :param parts: list of (inspection line, moves to the defective goods)
        :return: stock.picking
        """
        receipt = self.picking_id
        return self.env["stock.picking"].create(
            {
                **self._prepare_return_values(),
                "move_ids": [
                    Command.create(self._prepare_return_move_values(line, rejects))
                    for line, rejects in parts
                ],
                "return_id": receipt.id,
            }
        )

    def _prepare_return_values(self):
        """Values of the transfer back to the vendor. Called once; return a dict."""
        receipt_type = self.picking_id.picking_type_id
        return_type = receipt_type.return_picking_type_id
        return {
            "picking_type_id": (return_type or self.warehouse_id.out_type_id).id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "location_id": self.warehouse_id.jxc_defective_location_id.id,
            "location_dest_id": self.line_ids.move_id[:1].location_id.id,
            "origin": self.env._("Rejected: %s", self.name),
            "scheduled_date": fields.Datetime.now(),
        }

    def _prepare_return_move_values(self, line, rejects):
        """Values of a move back to the vendor. Called for each line; return a dict."""
        receipt = line.move_id
        quantity = sum(rejects.mapped("quantity"))
        unit, base = receipt.product_uom, line.base_uom_id
        in_unit = base._jxc_convert(quantity, unit, rounded=True)
        if base.compare(unit._jxc_convert(in_unit, base), quantity):
            unit, in_unit = base, quantity
        return receipt.copy_data(
            {
                "product_uom": unit.id,
                "product_uom_qty": in_unit,
                "picking_id": False,
                "picking_type_id": False,
                "state": "draft",
                "date": fields.Datetime.now(),
                "location_id": rejects.location_dest_id.id,
                "location_dest_id": receipt.location_id.id,
                "location_final_id": False,
                "partner_id": self.partner_id.id,
                "origin": self.name,
                "origin_returned_move_id": receipt.id,
                "to_refund": True,
                "procure_method": "make_to_stock",
                "jxc_inspection_id": self.id,
                "move_orig_ids": [Command.set((rejects | receipt).ids)],
                "move_dest_ids": False,
                "reference_ids": [Command.set(receipt.reference_ids.ids)],
            }
        )[0]
