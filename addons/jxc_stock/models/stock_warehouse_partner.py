# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

PARTNER_LOCATIONS = ("stock.stock_location_customers", "stock.stock_location_suppliers")


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    @api.model
    def _get_partner_locations(self):
        """Return customers' and vendors' location as the platform does.

        Whenever moves are created or merged it looks whether each of the two still
        exists. Their external ids are in the cache, and vanish with the records.
        """
        data = self.env["ir.model.data"]
        ids = [
            data._xmlid_to_res_id(xmlid, raise_if_not_found=False)
            for xmlid in PARTNER_LOCATIONS
        ]
        if not all(ids):
            return super()._get_partner_locations()
        return tuple(self.env["stock.location"].browse(ids))
