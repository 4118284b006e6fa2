# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class SaleOrderLine(models.Model):
    """Changes of a line are judged like changes of its order."""

    _name = "sale.order.line"
    # First, so that it judges what all the others did to the line.
    _inherit = ["jxc.approval.line.mixin", "sale.order.line"]

    _jxc_approval_document = "order_id"
