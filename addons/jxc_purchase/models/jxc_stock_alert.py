# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockAlert(models.Model):
    """Missing goods that can be bought are asked for, whoever sells them.

    Somebody approves the request before anything is ordered. The company's setting on
    requests is about reordering rules, which work without anybody looking.
    """

    _inherit = "jxc.stock.alert"

    def _jxc_replenish(self):
        missing = self.filtered("product_id.purchase_ok")
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
