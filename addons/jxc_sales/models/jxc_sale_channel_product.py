# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class JxcSaleChannelProduct(models.Model):
    """What a shop sells under a number of its own, and in which unit."""

    _name = "jxc.sale.channel.product"
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
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        domain="[('id', 'in', allowed_uom_ids)]",
        ondelete="restrict",
        help="One piece in the shop is one of these: a shop may sell by the box.",
    )
    allowed_uom_ids = fields.Many2many(
        comodel_name="uom.uom",
        compute="_compute_allowed_uom_ids",
        export_string_translation=False,
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

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for one in self:
            unit, base = one.product_uom_id, one.product_id.uom_id
            fits = unit and base and unit._has_common_reference(base)
            one.product_uom_id = unit if fits else base

    @api.depends("product_id.uom_id", "product_id.uom_ids")
    def _compute_allowed_uom_ids(self):
        for one in self:
            one.allowed_uom_ids = one.product_id.uom_id | one.product_id.uom_ids

    @api.constrains("product_id", "product_uom_id")
    def _check_unit(self):
        for one in self:
            unit, base = one.product_uom_id, one.product_id.uom_id
            if not unit._has_common_reference(base):
                raise ValidationError(
                    self.env._(
                        "%(sku)s: %(product)s cannot be sold in %(unit)s; choose one of"
                        " its own units.",
                        sku=one.sku,
                        product=one.product_id.display_name,
                        unit=unit.display_name,
                    )
                )
            if problem := one.product_id._jxc_unit_of_others(unit):
                raise ValidationError(problem)
