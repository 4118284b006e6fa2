# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcSaleReturnAllocation(models.Model):
    """So much of a returned line comes from one delivery: its price, cost and lot."""

    _name = "jxc.sale.return.allocation"
    _description = "Delivery of Returned Goods"
    _order = "line_id, id"
    _check_company_auto = True

    line_id = fields.Many2one(
        comodel_name="jxc.sale.return.line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="line_id.company_id",
        store=True,
        index=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id",
        string="Company Currency",
    )
    move_id = fields.Many2one(
        comodel_name="stock.move",
        string="Original Delivery",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    picking_id = fields.Many2one(
        related="move_id.picking_id",
        string="Delivery",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Sold By",
        help="Empty: the goods were delivered without an order.",
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id",
        string="Sales Order",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        check_company=True,
        ondelete="restrict",
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        help="In the product's own unit.",
    )
    amount = fields.Monetary(
        currency_field="company_currency_id",
        required=True,
        help="What the customer was charged for it, tax included, less the share of the"
        " order's promotions.",
    )
    return_move_id = fields.Many2one(
        comodel_name="stock.move",
        string="Comes Back By",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )
