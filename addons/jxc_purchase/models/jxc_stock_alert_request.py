# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockAlert(models.Model):
    """Ask first instead of making RFQs, where the company wants that."""

    _inherit = "jxc.stock.alert"

    def _jxc_replenish(self):
        missing = self.filtered(
            lambda alert: (
                alert.company_id.sudo().jxc_reorder_requests and alert._jxc_has_vendor()
            )
        )
        rest = self - missing
        documents = super(JxcStockAlert, rest)._jxc_replenish() if rest else []
        needs = missing._jxc_needs()
        for (company, warehouse), alerts in missing.grouped(
            lambda alert: (alert.company_id, alert.warehouse_id)
        ).items():
            values = {
                "company_id": company.id,
                "warehouse_id": warehouse.id,
                "origin_type": "alert",
                "origin": self.env._("Stock Alert"),
                "date_required": fields.Date.context_today(self),
            }
            lines = [
                {
                    "product_id": alert.product_id.id,
                    "product_qty": needs[alert],
                    "product_uom_id": alert.uom_id.id,
                }
                for alert in alerts
            ]
            requests = self.env["jxc.purchase.request"].with_company(company)
            request = requests._create_automatic(values, lines).sudo(False)
            for alert in alerts:
                alert._jxc_link(request)
            documents.append(request)
        return documents

    def _jxc_has_vendor(self):
        """Whether the product of this alert can be bought from anybody."""
        product = self.product_id.sudo()
        return product.purchase_ok and any(
            seller.company_id in (self.company_id, self.company_id.browse())
            for seller in product.seller_ids
        )
