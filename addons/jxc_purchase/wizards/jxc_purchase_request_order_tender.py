# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcPurchaseRequestOrder(models.TransientModel):
    """The same need as RFQs to several vendors, to be compared and awarded."""

    _inherit = "jxc.purchase.request.order"

    is_tender = fields.Boolean(
        string="Tender",
        help="Ask several vendors for the same quantities and compare their quotations."
        " What is asked for counts once.",
    )
    vendor_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Vendors",
        help="Each of them gets an RFQ for all lines.",
    )

    def _group_lines(self, lines):
        if not self.is_tender:
            return super()._group_lines(lines)
        vendors = self.vendor_ids
        if len(vendors.commercial_partner_id) < max(len(vendors), 2):
            raise UserError(
                self.env._(
                    "A tender asks at least two different vendors; you chose: %s.",
                    ", ".join(vendors.mapped("name")) or "–",
                )
            )
        groups = defaultdict(lambda: self.env["jxc.purchase.request.order.line"])
        for line in lines:
            warehouse = line.request_line_id.request_id.warehouse_id
            for vendor in vendors:
                groups[vendor, warehouse] |= line
        return groups

    def _action_created(self, orders):
        if not self.is_tender:
            super()._action_created(orders)
            return
        # The vendors say what it costs, no price list does.
        orders.order_line.write({"price_unit": 0.0})
        tenders = orders.grouped("picking_type_id").values()
        self.env["purchase.order.group"].create(
            [{"order_ids": [Command.set(one.ids)]} for one in tenders]
        )
