# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    jxc_quantity_text = fields.Char(
        string="On Hand in Units",
        compute="_compute_jxc_quantity_texts",
        help="Quantity in the units of the product, e.g. 3箱5瓶.",
    )
    jxc_available_text = fields.Char(
        string="Available in Units",
        compute="_compute_jxc_quantity_texts",
        help="Available quantity in the units of the product, e.g. 3箱5瓶.",
    )

    @api.depends(
        "quantity",
        "available_quantity",
        "jxc_aux_qty",
        "product_id.uom_id.name",
        "product_id.product_tmpl_id.jxc_unit_ids.active",
        "product_id.product_tmpl_id.jxc_unit_ids.factor",
        "product_id.product_tmpl_id.jxc_unit_ids.in_compound",
        "product_id.product_tmpl_id.jxc_unit_ids.name",
    )
    @api.depends_context("lang")
    def _compute_jxc_quantity_texts(self):
        for quant in self:
            template = quant.product_id.product_tmpl_id
            quant.jxc_quantity_text = quant.jxc_available_text = ""
            if template:
                quant.jxc_quantity_text = template._jxc_quantity_text(
                    quant.quantity, quant.jxc_aux_qty
                )
                quant.jxc_available_text = template._jxc_quantity_text(
                    quant.available_quantity
                )
