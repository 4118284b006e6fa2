# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_buy(self, procurements):
        """Make requests of what reordering rules buy, where the company wants that.

        What a sale or another move waits for is bought as before.
        """
        wanted, others = defaultdict(list), []
        for procurement, rule in procurements:
            if rule._jxc_makes_request(procurement):
                wanted[procurement.company_id].append(procurement)
            else:
                others.append((procurement, rule))
        for company, demands in wanted.items():
            self._jxc_create_requests(company, demands)
        return super()._run_buy(others) if others else None

    def _jxc_makes_request(self, procurement):
        """Whether this procurement becomes a purchase request."""
        values = procurement.values
        return bool(
            procurement.company_id.jxc_reorder_requests
            and values.get("orderpoint_id")
            and not values.get("move_dest_ids")
            and procurement.product_uom.compare(procurement.product_qty, 0) > 0
        )

    def _jxc_create_requests(self, company, procurements):
        """Create one request a warehouse."""
        grouped = defaultdict(list)
        for procurement in procurements:
            warehouse = procurement.values["orderpoint_id"].warehouse_id
            grouped[warehouse].append(procurement)
        Request = self.env["jxc.purchase.request"].with_company(company)
        for warehouse, demands in grouped.items():
            origins = dict.fromkeys(one.origin for one in demands if one.origin)
            lines = [self._prepare_jxc_request_line(one) for one in demands]
            values = {
                "company_id": company.id,
                "warehouse_id": warehouse.id,
                "origin_type": "reorder",
                "origin": ", ".join(origins),
                "date_required": min(line["date_required"] for line in lines),
            }
            Request._create_automatic(values, lines)

    def _prepare_jxc_request_line(self, procurement):
        """Return values of the request line for a procurement."""
        planned = procurement.values.get("date_planned") or fields.Datetime.now()
        values = {
            "product_id": procurement.product_id.id,
            "product_qty": procurement.product_qty,
            "product_uom_id": procurement.product_uom.id,
            "date_required": fields.Datetime.to_datetime(planned).date(),
            "orderpoint_id": procurement.values["orderpoint_id"].id,
        }
        supplier = procurement.values.get("supplierinfo_id")
        if supplier:
            values["vendor_id"] = supplier.partner_id.id
        return values
