# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class StockScrap(models.Model):
    _name = "stock.scrap"
    _inherit = ["stock.scrap", "jxc.aux.mixin"]

    jxc_aux_qty = fields.Float(copy=False)

    @api.constrains("product_id", "product_uom_id")
    def _check_jxc_unit(self):
        # Before it is done already: what is there is compared in this unit.
        self.env["stock.move"]._jxc_check_units(
            (scrap.product_id, scrap.product_uom_id) for scrap in self
        )

    def _jxc_qty_field(self):
        return "scrap_qty"

    def _jxc_aux_depends(self):
        return [
            *super()._jxc_aux_depends(),
            "location_id",
            "lot_id",
            "package_id",
            "owner_id",
        ]

    def _jxc_aux_follows(self):
        return self.state != "done"

    def _jxc_aux_rates(self):
        """Scrapped goods have the ratio of the stock they are taken from."""
        rates = super()._jxc_aux_rates()
        with_aux = self.filtered("product_id.jxc_aux_uom_id")
        if not with_aux:
            return rates
        keys = {scrap: scrap._jxc_quant_key() for scrap in with_aux}
        stock = self.env["stock.move.line"]._jxc_aux_of_stock(set(keys.values()))
        for scrap, key in keys.items():
            base, aux = stock.get(key, (0.0, 0.0))
            if base > 0 and aux > 0:
                rates[scrap] = aux / base
        return rates

    def _jxc_quant_key(self):
        """Identity of the quant that is scrapped, as of operations."""
        records = (
            self.product_id,
            self.location_id,
            self.lot_id,
            self.package_id,
            self.owner_id,
        )
        return tuple(record._origin.id for record in records)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._jxc_with_base_qty(vals) for vals in vals_list])

    def _prepare_move_values(self):
        values = super()._prepare_move_values()
        if self.product_id.jxc_aux_uom_id:
            values["jxc_aux_qty"] = self.jxc_aux_qty
            values["move_line_ids"][0][2]["jxc_aux_qty"] = self.jxc_aux_qty
        return values
