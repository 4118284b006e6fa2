# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class JxcProductUnit(models.Model):
    """Barcodes on packages, kept where the platform looks for them."""

    _inherit = "jxc.product.unit"

    barcode = fields.Char(
        compute="_compute_barcode",
        inverse="_inverse_barcode",
        search="_search_barcode",
        help="Barcode on the package. Of a product with variants each variant has its"
        " own; they are kept as barcodes of the platform unit.",
    )

    @api.depends(
        "uom_id",
        "product_tmpl_id.product_variant_ids.product_uom_ids.barcode",
        "product_tmpl_id.product_variant_ids.product_uom_ids.uom_id",
    )
    def _compute_barcode(self):
        for unit in self:
            variants = unit.product_tmpl_id._jxc_variants()
            rows = variants.product_uom_ids.filtered(
                lambda row, uom=unit.uom_id: uom and row.uom_id == uom
            )
            unit.barcode = rows[:1].barcode if len(variants) == 1 else False

    def _inverse_barcode(self):
        for unit in self:
            variants = unit.product_tmpl_id._jxc_variants()
            if len(variants) == 1:
                self._jxc_set_barcodes({(unit, variants): unit.barcode})
            elif unit.barcode:
                raise UserError(
                    self.env._(
                        "%(product)s has %(count)s variants: set the barcode"
                        " %(barcode)s on the variant that carries it, with the unit"
                        " %(unit)s.",
                        product=unit.product_tmpl_id.display_name,
                        count=len(variants),
                        barcode=unit.barcode,
                        unit=unit.uom_id.name or unit.name,
                    )
                )

    def _search_barcode(self, operator, value):
        if operator not in ("in", "ilike", "like", "=ilike", "=like"):
            return NotImplemented
        rows = self.env["product.uom"].search_fetch(
            [("barcode", operator, value)], ["product_id", "uom_id"]
        )
        pairs = {(row.product_id.product_tmpl_id.id, row.uom_id.id) for row in rows}
        units = self.with_context(active_test=False).search(
            [
                ("product_tmpl_id", "in", [template for template, _uom in pairs]),
                ("uom_id", "in", [uom for _template, uom in pairs]),
            ]
        )
        units = units.filtered(
            lambda unit: (unit.product_tmpl_id.id, unit.uom_id.id) in pairs
        )
        return [("id", "in", units.ids)]

    def _jxc_barcode_rows(self):
        """The platform's barcodes of these units, of all variants."""
        rows = self.env["product.uom"].search(
            [
                ("uom_id", "in", self.uom_id.ids),
                ("product_id.product_tmpl_id", "in", self.product_tmpl_id.ids),
            ]
        )
        pairs = {(unit.product_tmpl_id, unit.uom_id) for unit in self}
        return rows.filtered(
            lambda row: (row.product_id.product_tmpl_id, row.uom_id) in pairs
        )

    def _jxc_barcode_of(self, product):
        """Barcode of this unit of one variant, False without."""
        self.ensure_one()
        rows = product.product_uom_ids.filtered(lambda row: row.uom_id == self.uom_id)
        return rows[:1].barcode

    @api.model
    def _jxc_set_barcodes(self, barcodes):
        """Give units of variants their barcodes, or take them away.

        :param barcodes: {(unit, product.product): text or False}
        """
        new = []
        for (unit, product), barcode in barcodes.items():
            rows = product.product_uom_ids.filtered(
                lambda row, uom=unit.uom_id: row.uom_id == uom
            )
            if not barcode:
                rows.unlink()
            elif rows:
                rows[0].barcode = barcode
            else:
                new.append(
                    {
                        "product_id": product.id,
                        "uom_id": unit.uom_id.id,
                        "barcode": barcode,
                        "company_id": product.company_id.id,
                    }
                )
        self.env["product.uom"].create(new)

    def _jxc_move_barcodes(self, before):
        """Let barcodes follow to the platform's unit that is now behind a unit."""
        moved = {
            pair: unit.uom_id for unit, pair in before.items() if pair[1] != unit.uom_id
        }
        if not moved:
            return
        rows = self.env["product.uom"].search(
            [
                ("uom_id", "in", [uom.id for _template, uom in moved]),
                (
                    "product_id.product_tmpl_id",
                    "in",
                    [template.id for template, _uom in moved],
                ),
            ]
        )
        for row in rows:
            uom = moved.get((row.product_id.product_tmpl_id, row.uom_id))
            if uom:
                row.uom_id = uom
