# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from odoo.addons.jxc_stock.tools import catch_weight


class JxcSaleReturnLine(models.Model):
    """Goods with an auxiliary quantity: 20 头 that weigh 1,873.5 kg come back."""

    _name = "jxc.sale.return.line"
    _inherit = ["jxc.sale.return.line", "jxc.aux.mixin"]

    jxc_quantity_text = fields.Char(string="Quantity and Pieces")

    def _jxc_qty_field(self):
        return "product_uom_qty"

    def _jxc_aux_depends(self):
        return [
            *super()._jxc_aux_depends(),
            "return_id.partner_id",
            "return_id.picking_id",
            "return_id.allocation_order",
        ]

    @api.depends("jxc_aux_qty")
    @api.depends_context("lang")
    def _compute_quantity_text(self):
        with_pieces = self.filtered("jxc_aux_qty")
        for line in with_pieces:
            line.quantity_text = line.jxc_quantity_text
        return super(JxcSaleReturnLine, self - with_pieces)._compute_quantity_text()

    def _jxc_aux_rates(self):
        """Without being told, pieces that come back weigh what they weighed."""
        rates = super()._jxc_aux_rates()
        for line in self.filtered(lambda one: one.direction == "in"):
            base, wanted = line.product_id.uom_id, line._jxc_base_qty()
            weight = pieces = 0.0
            for move in line.return_id.sudo()._deliveries(line.product_id):
                if base.compare(weight, wanted) >= 0:
                    break
                weight += move.product_uom._jxc_convert(move.quantity, base)
                pieces += move.jxc_aux_done
            if weight and pieces:
                rates[line] = pieces / weight
        return rates

    def _aux_of(self, quantity):
        """The pieces of a part of one line.

        :param quantity: in the product's own unit
        """
        self.ensure_one()
        whole = self._base_qty()
        if not self.jxc_aux_qty or not whole:
            return 0.0
        return self.jxc_aux_qty * quantity / whole

    def _prepare_aux_values(self, quantity, rate):
        """Values of a stock operation over goods of one line: its pieces.

        :param quantity: in the product's own unit
        :param rate: pieces in one such unit
        """
        product = self.product_id
        pieces = product.jxc_aux_uom_id.round(quantity * rate)
        values = {"jxc_aux_qty": pieces}
        if not catch_weight.is_within(
            quantity, pieces, product.jxc_aux_ratio, product.jxc_aux_tolerance
        ):
            values["jxc_aux_reason"] = self.return_id.reason_id.name
        return values
