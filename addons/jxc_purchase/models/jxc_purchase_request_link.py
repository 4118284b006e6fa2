# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.coverage import in_base


class JxcPurchaseRequestLink(models.Model):
    """The share of a purchase order line that is meant for a request line.

    Made by the wizard that creates RFQs; people read it only. What the order line
    really gives to the request follows from its quantity, see
    ``purchase.order.line._jxc_serve_requests``.
    """

    _name = "jxc.purchase.request.link"
    _description = "Share of a Purchase Order Line"
    _inherit = ["jxc.number.mixin"]
    _order = "id"
    _rec_name = "request_line_id"

    request_line_id = fields.Many2one(
        comodel_name="jxc.purchase.request.line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    request_id = fields.Many2one(
        related="request_line_id.request_id",
        store=True,
        index=True,
    )
    order_line_id = fields.Many2one(
        comodel_name="purchase.order.line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="request_line_id.company_id",
        store=True,
        index=True,
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        help="The one that holds the share exactly: a bottle is no number of boxes.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)",
        "A share of an order line is above zero.",
    )

    @api.depends("request_line_id")
    def _compute_product_uom_id(self):
        for link in self:
            unit = link.product_uom_id or link.request_line_id.product_uom_id
            link.product_uom_id = unit

    def _asked_in_tenders(self):
        """Return ``{tender: quantity asked for}`` of one request line, exact.

        Every vendor of a tender is asked for the same: the largest share is the need,
        however it is awarded later.
        """
        asked = {}
        for link in self:
            tender = link.order_line_id.order_id.purchase_group_id
            if tender:
                quantity = in_base(link.quantity, link.product_uom_id)
                asked[tender] = max(asked.get(tender, quantity), quantity)
        return asked
