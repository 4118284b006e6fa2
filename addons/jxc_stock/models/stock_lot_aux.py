# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class StockLot(models.Model):
    _inherit = "stock.lot"

    jxc_aux_uom_id = fields.Many2one(
        related="product_id.jxc_aux_uom_id",
        string="Auxiliary Unit",
    )
    jxc_aux_qty = fields.Float(
        string="Auxiliary Quantity",
        digits="Product Unit",
        compute="_compute_jxc_aux_qty",
        help="On hand in the auxiliary unit of the product, in all locations.",
    )
    jxc_quantity_text = fields.Char(
        string="On Hand in Units",
        compute="_compute_jxc_aux_qty",
        help="On hand in the units of the product, e.g. 3箱5瓶 or 1873.5 kg(20头).",
    )

    @api.depends("quant_ids.quantity", "quant_ids.jxc_aux_qty", "product_qty")
    @api.depends_context("lang")
    def _compute_jxc_aux_qty(self):
        for lot in self:
            # The same stock as the platform's quantity of the lot.
            quants = lot.quant_ids.filtered(
                lambda quant: (
                    quant.location_id.usage == "internal"
                    or (
                        quant.location_id.usage == "transit"
                        and quant.location_id.company_id
                    )
                )
            )
            lot.jxc_aux_qty = sum(quants.mapped("jxc_aux_qty"))
            lot.jxc_quantity_text = (
                lot.product_id.product_tmpl_id._jxc_quantity_text(
                    lot.product_qty, lot.jxc_aux_qty
                )
                if lot.product_id
                else ""
            )
