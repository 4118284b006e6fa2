# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class StockForecasted(models.AbstractModel):
    """The platform's forecast page also says its quantities in units: 3箱5瓶."""

    _inherit = "stock.forecasted_product_product"

    def _get_report_header(self, product_template_ids, product_ids, wh_location_ids):
        header = super()._get_report_header(
            product_template_ids, product_ids, wh_location_ids
        )
        products = self._get_products(product_template_ids, product_ids)
        header["jxc_quantities"] = self._jxc_get_quantity_texts(
            products, header["product"]
        )
        return header

    def _jxc_get_quantity_texts(self, products, quantities):
        """What is there, free and expected, in the units of the goods.

        :param quantities: ``{product id: quantities}`` as the page shows them
        :return: dict of texts; False when there is but the base unit, or when the goods
            do not share their units
        """
        template = products.product_tmpl_id
        compound = len(template) == 1 and template._jxc_compound()
        if not compound:
            return False
        return {
            name: compound.format(sum(quantities[one.id][name] for one in products))
            for name in ("quantity_on_hand", "free_qty", "virtual_available")
        }
