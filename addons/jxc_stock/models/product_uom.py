# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from .product_price import unit_prices


class ProductUom(models.Model):
    _inherit = "product.uom"

    @api.constrains("product_id", "uom_id")
    def _check_jxc_unit(self):
        """A scanned package becomes so many base units, also where nothing else asks
        whether its unit converts, as at a point of sale."""
        self.env["stock.move"].sudo()._jxc_check_units(
            (barcode.product_id, barcode.uom_id) for barcode in self
        )

    # -- point of sale, where it is installed ---------------------------------------

    @api.model
    def _load_pos_data_read(self, records, config):
        """Barcodes tell the till what one of their unit costs, where it has a price.

        Asked by the platform's point of sale only; the price is that of the unit in
        the till's currency, before pricelists.
        """
        rows = super()._load_pos_data_read(records, config)
        prices = {}
        for uom, barcodes in records.grouped("uom_id").items():
            found = unit_prices(
                barcodes.product_id, uom, config.currency_id, config.company_id
            )
            prices |= {
                barcode.id: found[barcode.product_id.id]
                for barcode in barcodes
                if barcode.product_id.id in found
            }
        # Unknown names that begin so are kept by the till's records.
        return [row | {"_jxc_price": prices.get(row["id"], 0)} for row in rows]

    @api.model
    def _server_date_to_domain(self, domain):
        """All barcodes at each start of a till: prices change where no barcode does."""
        return domain
