# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import io

from PIL import Image

from odoo.fields import Command

from .common import UnitCase

KEY = "floor-test-key-%04d"


def photo():
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "JPEG")
    return base64.b64encode(file.getvalue()).decode()


class FloorCase(UnitCase):
    """A keeper with a phone, places and goods with barcodes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._new_user("jxc_floor", "stock.group_stock_user")
        cls.outsider = cls._new_user("jxc_floor_outsider", "base.group_user")
        cls.shelf.barcode = "SHELF-1"
        cls.bin = cls.env["stock.location"].create(
            {"name": "Bin", "location_id": cls.shelf.id, "barcode": "BIN-1"}
        )
        cls.wine.barcode = "WINE-1"
        cls.number = 0

    def _picking(self, kind="incoming", product=None, quantity=30):
        product = product or self.wine
        kinds = {
            "incoming": (self.warehouse.in_type_id, self.supplier, self.shelf),
            "outgoing": (self.warehouse.out_type_id, self.shelf, self.customers),
            "internal": (self.warehouse.int_type_id, self.shelf, self.shelf),
        }
        type_, source, dest = kinds[kind]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": type_.id,
                "location_id": source.id,
                "location_dest_id": dest.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": dest.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        return picking

    def _submit(self, kind, lines, key=None, user=None, **payload):
        type(self).number += 1
        return (
            self.env["jxc.floor.operation"]
            .with_user(user or self.keeper)
            .submit(key or KEY % self.number, kind, {"lines": lines, **payload})
        )

    def _line(self, text, product=None, **values):
        product = product or self.wine
        return {"product_id": product.id, "quantity_text": text, **values}

    def _on_hand(self, place=None):
        return self.env["stock.quant"]._get_available_quantity(
            self.wine, place or self.shelf
        )
