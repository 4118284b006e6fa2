# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.coverage import in_base


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    jxc_request_line_ids = fields.One2many(
        comodel_name="jxc.purchase.request.line",
        inverse_name="orderpoint_id",
        string="Purchase Request Lines",
        readonly=True,
        groups="jxc_purchase.group_purchase_requester",
    )

    @api.depends("jxc_request_line_ids.decision", "jxc_request_line_ids.qty_open")
    def _compute_qty_to_order_computed(self):
        return super()._compute_qty_to_order_computed()

    def _quantity_in_progress(self):
        """Count what is requested and in no RFQ yet, so it is not requested again."""
        quantities = super()._quantity_in_progress()
        lines = self.env["jxc.purchase.request.line"].sudo()
        domain = (
            Domain("orderpoint_id", "in", self.ids)
            & Domain("decision", "in", ("draft", "submitted", "approved"))
            & Domain("qty_open", ">", 0)
        )
        for line, parts in lines.search(domain)._parts().items():
            unit = line.orderpoint_id.product_uom
            if line.product_uom_id._has_common_reference(unit):
                quantity = float(parts.open / in_base(1, unit))
                quantities[line.orderpoint_id.id] += quantity
        return quantities

    def _get_replenishment_order_notification(self):
        """Lead to the purchase request, if that is what the rule made."""
        self.ensure_one()
        domain = Domain("orderpoint_id", "=", self.id)
        if self.env.context.get("written_after"):
            domain &= Domain("write_date", ">=", self.env.context["written_after"])
        lines = self.env["jxc.purchase.request.line"].sudo()
        request = lines.search(domain, limit=1).request_id
        if not request:
            return super()._get_replenishment_order_notification()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("A purchase request has been made"),
                "message": "%s",
                "links": [
                    {
                        "label": request.display_name,
                        "url": f"/odoo/purchase-requests/{request.id}",
                    }
                ],
                "sticky": False,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
