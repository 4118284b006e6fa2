# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class StockMove(models.Model):
    """Undoing the movements of an inspection."""

    _inherit = "stock.move"

    def _jxc_check_still_there(self):
        """Refuse to take back goods that have gone on, or that others count on.

        :raise UserError: naming every product and place
        """
        quants = self.env["stock.quant"]
        groups = quants._read_group(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id", "in", self.location_dest_id.ids),
            ],
            ["product_id", "location_id", "lot_id", "package_id", "owner_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        free = {
            tuple(one.id for one in records): quantity - reserved
            for *records, quantity, reserved in groups
        }
        wanted = defaultdict(float)
        for line in self.move_line_ids.filtered("product_id.is_storable"):
            wanted[line._jxc_quant_key("to")] += line.quantity_product_uom
        problems = []
        for key, quantity in wanted.items():
            product = self.env["product.product"].browse(key[0])
            there = free.get(key, 0.0)
            if product.uom_id.compare(there, quantity) < 0:
                problems.append(
                    self.env._(
                        "%(product)s: of %(quantity)s in %(place)s only %(there)s are"
                        " still there and free.",
                        product=product.display_name,
                        quantity=product.jxc_format_qty(quantity),
                        place=self.env["stock.location"].browse(key[1]).display_name,
                        there=product.jxc_format_qty(product.uom_id.round(there)),
                    )
                )
        if problems:
            raise UserError(
                self.env._(
                    "The inspection cannot be taken back; correct what goes wrong by a"
                    " return to the vendor instead.\n%(problems)s",
                    problems="\n".join(problems),
                )
            )

    def _prepare_take_back_values(self):
        """Values of the move that undoes this one of an inspection; a dict."""
        return {
            "product_id": self.product_id.id,
            "product_uom": self.product_uom.id,
            "product_uom_qty": self.quantity,
            "company_id": self.company_id.id,
            "location_id": self.location_dest_id.id,
            "location_dest_id": self.location_id.id,
            "state": "confirmed",
            "picked": True,
            "procure_method": "make_to_stock",
            "origin": self.origin,
            "jxc_inspection_id": self.jxc_inspection_id.id,
            "partner_id": self.partner_id.id,
            "warehouse_id": self.warehouse_id.id,
            "move_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_uom_id": line.product_uom_id.id,
                        "quantity": line.quantity,
                        "jxc_aux_qty": line.jxc_aux_qty,
                        "picked": True,
                        "lot_id": line.lot_id.id,
                        "owner_id": line.owner_id.id,
                        "company_id": line.company_id.id,
                        "location_id": line.location_dest_id.id,
                        "location_dest_id": line.location_id.id,
                        "package_id": line.result_package_id.id,
                        "result_package_id": line.package_id.id,
                    }
                )
                for line in self.move_line_ids
            ],
        }
