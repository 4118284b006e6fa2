# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class ProductProduct(models.Model):
    """On hand in the auxiliary unit."""

    _inherit = "product.product"

    jxc_aux_qty_available = fields.Float(
        string="On Hand (Auxiliary)",
        digits="Product Unit",
        compute="_compute_jxc_aux_qty_available",
        compute_sudo=False,
        help="Quantity on hand in the auxiliary unit.",
    )

    @api.depends("stock_quant_ids.jxc_aux_qty", "jxc_aux_uom_id")
    @api.depends_context(
        "lot_id",
        "owner_id",
        "package_id",
        "location",
        "warehouse_id",
        "allowed_company_ids",
    )
    def _compute_jxc_aux_qty_available(self):
        with_aux = self._origin.filtered("jxc_aux_uom_id")
        quantities = with_aux._jxc_aux_on_hand() if with_aux else {}
        for product in self:
            product.jxc_aux_qty_available = quantities.get(product._origin, 0.0)

    def _jxc_aux_on_hand(self):
        """{product: auxiliary quantity} where the context looks, like qty_available."""
        context = self.env.context
        domain = [("product_id", "in", self.ids), *self._get_domain_locations()[0]]
        for name in ("lot_id", "owner_id", "package_id"):
            if context.get(name) is not None:
                domain.append((name, "=", context[name]))
        groups = self.env["stock.quant"]._read_group(
            domain, ["product_id"], ["jxc_aux_qty:sum"]
        )
        return dict(groups)
