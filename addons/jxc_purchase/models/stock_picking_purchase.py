# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockPicking(models.Model):
    """The other side of an order's receptions.

    What an order computes from its receptions is marked at each of their changes. Of a
    field without inverse the platform searches the orders again every time, also for
    deliveries, which have none; of this one it remembers them.
    """

    _inherit = "stock.picking"

    jxc_purchase_ids = fields.Many2many(
        comodel_name="purchase.order",
        relation="purchase_order_stock_picking_rel",
        column1="stock_picking_id",
        column2="purchase_order_id",
        string="Received for Orders",
        readonly=True,
        copy=False,
        groups="purchase.group_purchase_user",
    )
