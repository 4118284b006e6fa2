# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    # By its name it runs after the platform's onchange_product_id, which sets the unit.
    @api.onchange("product_id")
    def onchange_product_id_jxc_unit(self):
        """Propose the product's unit for purchases to who enters a line.

        The unit of the vendor's price comes first. Other programs that leave the unit
        out mean the product's own unit, as before.
        """
        product = self.product_id
        if product and self.product_uom_id == product.uom_id:
            self.product_uom_id = product.product_tmpl_id._jxc_default_uom("purchase")

    @api.model
    def _prepare_add_missing_fields(self, values):
        """The platform fills in the price of the unit that it would propose, whatever
        unit is given: a bottle at the price of a box."""
        missing = super()._prepare_add_missing_fields(values)
        if values.get("product_uom_id") and "price_unit" in missing:
            line = self.new({**missing, **values, "price_unit": 0.0})
            line._compute_price_unit_and_date_planned_and_name()
            missing["price_unit"] = line.price_unit
        return missing
