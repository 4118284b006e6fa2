# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockShipped(models.Model):
    """Goods shipped and not invoiced (发出商品) by sales line, at cost.

    The sum is the debit balance of the account: what left the stock less what became
    cost of goods sold.
    """

    _name = "jxc.stock.shipped"
    _inherit = "jxc.stock.book.mixin"
    _description = "Goods Shipped"

    role = fields.Selection(
        selection_add=[("shipped", "Goods shipped")],
        ondelete={"shipped": "cascade"},
    )
    kind = fields.Selection(
        selection=[("left", "Left the stock"), ("cost", "Became cost")], required=True
    )
    sale_line_id = fields.Many2one(
        "sale.order.line", required=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id", store=True, precompute=True, index=True
    )
