# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcStockCountSheet(models.Model):
    """Counting with a scanner."""

    _inherit = "jxc.stock.count.sheet"

    def scan(
        self,
        barcode,
        quantity_text=None,
        client_key=None,
        aux_quantity=None,
        lot_name=None,
    ):
        """Enter what was scanned: one of its unit, or a quantity. For RPC and devices.

        Barcodes of products, of their units, of lots and serial numbers are known, and
        internal references. That of a location becomes the sheet's current location.

        :param barcode: what the scanner read
        :param quantity_text: "3箱5瓶"; without it one of the scanned unit
        :param aux_quantity: quantity in the auxiliary unit, for goods that have one
        :param client_key: key of the device for this entry; sent again with the same
            key, nothing is entered
        :param lot_name: which lot it is, where the barcode does not say so
        :return: {"entry_id", "product", "lot", "location", "quantity_text"} or
            {"location", "location_id"}
        :raise UserError: the barcode is unknown or means several things
        """
        self.ensure_one()
        self._check_may_enter()
        found = self._resolve_barcode(barcode)
        if lot_name and found["product"] and not found["lot"]:
            found["lot"] = self._find_lot(found["product"], lot_name)
        if found["location"]:
            self.sudo().location_id = found["location"]
            return {
                "location": found["location"].display_name,
                "location_id": found["location"].id,
            }
        entry = self._entry_by_key(client_key) or self.env[
            "jxc.stock.count.entry"
        ].create(
            {
                **self._prepare_scanned(found, quantity_text),
                "sheet_id": self.id,
                "aux_quantity": aux_quantity or 0.0,
                "client_key": client_key or False,
            }
        )
        return {
            "entry_id": entry.id,
            "product": entry.product_id.display_name,
            "lot": entry.sudo().lot_id.name or "",
            "location": entry.location_id.display_name,
            "quantity_text": entry.quantity_text,
        }

    def on_barcode_scanned(self, barcode):
        """Add a row for what was scanned to the open form."""
        self._origin._check_may_enter()
        found = self._resolve_barcode(barcode)
        if found["location"]:
            self.location_id = found["location"]
            return
        values = self._prepare_scanned(found)
        if not values["location_id"]:
            raise UserError(self.env._("Scan or choose the location first."))
        self.entry_ids = [Command.create(values)]

    def _entry_by_key(self, client_key):
        if not client_key:
            return self.env["jxc.stock.count.entry"]
        return self.env["jxc.stock.count.entry"].search(
            [("sheet_id", "=", self.id), ("client_key", "=", client_key)], limit=1
        )

    def _prepare_scanned(self, found, quantity_text=None):
        product = found["product"]
        text = quantity_text or product.jxc_format_qty(found["quantity"])
        return {
            "product_id": product.id,
            "lot_id": found["lot"].id,
            "location_id": self.location_id.id,
            **self._find_package_and_owner(product, self.location_id, found["lot"]),
            "quantity_text": text,
            "quantity": product.jxc_parse_qty(text),
        }

    def _find_package_and_owner(self, product, location, lot):
        """Return values of the package and owner that goods without word of them have.

        No barcode of goods tells them. Counted as loose goods of ours, what we keep for
        somebody else would be a gain of ours and a loss of theirs.

        :raise UserError: they are there in several packages or for several owners
        """
        lines = (
            self.env["jxc.stock.count.line"]
            .sudo()
            .search(
                [
                    ("count_id", "=", self.sudo().count_id.id),
                    ("product_id", "=", product.id),
                    ("location_id", "=", location.id),
                    ("lot_id", "=", lot.id),
                ]
            )
        )
        if not lines or not all(line.package_id or line.owner_id for line in lines):
            return {}
        if len(lines) > 1:
            raise UserError(
                self.env._(
                    "%(product)s is there in several packages or for several owners."
                    " Enter it in the list of the sheet, with its package and owner.",
                    product=product.display_name,
                )
            )
        return {"package_id": lines.package_id.id, "owner_id": lines.owner_id.id}

    def _resolve_barcode(self, barcode):
        """Return what a barcode means: product, quantity of one scan, lot, location.

        :raise UserError: nothing, or several things
        """
        barcode = (barcode or "").strip()
        found = {
            "product": self.env["product.product"],
            "quantity": 1.0,
            "lot": self.env["stock.lot"],
            "location": self.env["stock.location"],
        }
        company = [False, self.company_id.id]
        found["product"] = self._find_product(barcode)
        if found["product"]:
            return found
        package = self.env["product.uom"].search(
            [("barcode", "=", barcode), ("company_id", "in", company)], limit=1
        )
        if package:
            product, uom = package.product_id, package.uom_id
            found["product"] = product
            found["quantity"] = product.uom_id.round(uom.factor / product.uom_id.factor)
            return found
        place = self.env["stock.location"].search(
            [
                ("barcode", "=", barcode),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("usage", "=", "internal"),
            ],
            limit=1,
        )
        if place:
            found["location"] = place
            return found
        lots = (
            self.env["stock.lot"]
            .sudo()
            .search([("name", "=", barcode), ("company_id", "in", company)], limit=2)
        )
        if len(lots) == 1:
            found["lot"] = lots.sudo(False)
            found["product"] = lots.product_id.sudo(False)
            return found
        if lots:
            raise UserError(
                self.env._(
                    "Several products have a lot %(barcode)s: scan the product and"
                    " choose its lot.",
                    barcode=barcode,
                )
            )
        raise UserError(
            self.env._(
                "%(barcode)s is no barcode of a product, a unit, a location of"
                " %(warehouse)s or a lot.",
                barcode=barcode or "–",
                warehouse=self.warehouse_id.display_name,
            )
        )

    def _find_lot(self, product, name):
        """Return the lot of a product by its name.

        :raise UserError: there is none
        """
        lot = (
            self.env["stock.lot"]
            .sudo()
            .search(
                [
                    ("name", "=", name),
                    ("product_id", "=", product.id),
                    ("company_id", "in", [False, self.company_id.id]),
                ],
                limit=1,
            )
        )
        if not lot:
            raise UserError(
                self.env._(
                    "%(product)s has no lot %(lot)s.",
                    product=product.display_name,
                    lot=name,
                )
            )
        return lot.sudo(False)

    def _find_product(self, code):
        """Return the product with this barcode, else with this internal reference."""
        Product = self.env["product.product"]
        for name in ("barcode", "default_code"):
            products = code and Product.search(
                [
                    (name, "=", code),
                    ("company_id", "in", [False, self.company_id.id]),
                ],
                limit=2,
            )
            if products and len(products) > 1:
                raise UserError(
                    self.env._("Several products carry %(code)s.", code=code)
                )
            if products:
                return products
        return Product
