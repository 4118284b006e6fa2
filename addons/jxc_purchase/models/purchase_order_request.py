# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    jxc_request_ids = fields.Many2many(
        comodel_name="jxc.purchase.request",
        string="Purchase Requests",
        compute="_compute_jxc_request_ids",
        search="_search_jxc_request_ids",
        groups="purchase.group_purchase_user,jxc_base.group_executive",
    )
    jxc_request_count = fields.Integer(
        compute="_compute_jxc_request_ids",
        string="Purchase Requests Count",
        groups="purchase.group_purchase_user,jxc_base.group_executive",
    )

    @api.depends("order_line.jxc_request_link_ids.request_id")
    def _compute_jxc_request_ids(self):
        for order in self:
            order.jxc_request_ids = order.order_line.jxc_request_link_ids.request_id
            order.jxc_request_count = len(order.jxc_request_ids)

    def _search_jxc_request_ids(self, operator, value):
        return [("order_line.jxc_request_link_ids.request_id", operator, value)]

    def action_jxc_open_requests(self):
        """Show the purchase requests that this order serves."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase Requests"),
            "res_model": "jxc.purchase.request",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", self.jxc_request_ids.ids)],
            "context": {"create": False},
        }

    def _jxc_copy_request_links(self, alternatives):
        """Link the lines of alternatives to the requests that this RFQ serves.

        The platform copies the lines in their order.
        """
        self.ensure_one()
        vals_list = []
        lines = self.order_line.sorted("id")
        for order in alternatives:
            for line, copied in zip(lines, order.order_line.sorted("id"), strict=False):
                if line.product_id != copied.product_id:
                    continue
                vals_list += [
                    {
                        "request_line_id": link.request_line_id.id,
                        "order_line_id": copied.id,
                        "quantity": link.quantity,
                        "product_uom_id": link.product_uom_id.id,
                    }
                    for link in line.sudo().jxc_request_link_ids
                ]
        # Nobody has the right to make links by hand.
        self.env["jxc.purchase.request.link"].sudo().create(vals_list)
