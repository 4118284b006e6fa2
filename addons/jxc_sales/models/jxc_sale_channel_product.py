# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcSaleChannelProduct(models.Model):
    """What a shop sells under a number of its own, and in which unit."""

    _name = "jxc.sale.channel.product"
    _inherit = ["jxc.unit.line.mixin"]
    _description = "Product of a Sales Channel"
    _order = "channel_id, sku"
    _rec_name = "sku"
    _check_company_auto = True

    channel_id = fields.Many2one(
        comodel_name="jxc.sale.channel",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="channel_id.company_id",
        store=True,
        index=True,
    )
    sku = fields.Char(
        string="Number in the Shop",
        required=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        check_company=True,
        domain="[('sale_ok', '=', True)]",
        ondelete="restrict",
    )
    product_uom_id = fields.Many2one(
        help="One piece in the shop is one of these: a shop may sell by the box.",
    )
    pushed_quantity = fields.Float(
        string="Stock Told Last",
        digits="Product Unit",
        readonly=True,
        copy=False,
        default=-1.0,
        help="In the unit of the shop; below zero: never told.",
    )

    _sku_unique = models.Constraint(
        "UNIQUE (channel_id, sku)",
        "This number is there already.",
    )
