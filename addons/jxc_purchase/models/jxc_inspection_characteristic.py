# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class JxcInspectionCharacteristic(models.Model):
    """What is measured on received goods, and between which limits it must be."""

    _name = "jxc.inspection.characteristic"
    _description = "Measured Characteristic"
    _inherit = ["jxc.number.mixin"]
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Empty: for all companies.",
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        index="btree_not_null",
        ondelete="cascade",
    )
    category_id = fields.Many2one(
        comodel_name="product.category",
        index="btree_not_null",
        ondelete="cascade",
        help="Also for its subcategories.",
    )
    unit = fields.Char(
        string="Unit of the Value",
        help="As written behind the value: mm, %, °C.",
    )
    has_lower = fields.Boolean(
        string="Has a Lower Limit",
        default=True,
    )
    lower_limit = fields.Float(
        digits=(16, 4),
    )
    has_upper = fields.Boolean(
        string="Has an Upper Limit",
        default=True,
    )
    upper_limit = fields.Float(
        digits=(16, 4),
    )
    is_required = fields.Boolean(
        string="Compulsory",
        default=True,
        help="Without a value the inspection cannot be finished.",
    )

    @api.constrains("has_lower", "lower_limit", "has_upper", "upper_limit")
    def _check_limits(self):
        for one in self:
            if one.has_lower and one.has_upper and one.lower_limit > one.upper_limit:
                raise ValidationError(
                    self.env._(
                        "%(name)s: the lower limit %(lower)g is above the upper limit"
                        " %(upper)g.",
                        name=one.name,
                        lower=one.lower_limit,
                        upper=one.upper_limit,
                    )
                )

    # The name is always given, so that this is also asked where nothing else is.
    @api.constrains("name", "product_tmpl_id", "category_id")
    def _check_for_goods(self):
        for one in self:
            if bool(one.product_tmpl_id) == bool(one.category_id):
                raise ValidationError(
                    self.env._(
                        "%(name)s is measured on one product or on a category: choose"
                        " one of them.",
                        name=one.name,
                    )
                )

    @api.model
    def _jxc_characteristics_of(self, products, company):
        """What is measured on products, their own and those of their categories.

        :return: {product.product: characteristics}
        """
        paths = {
            product: (product.categ_id.parent_path or "").strip("/").split("/")
            for product in products
        }
        categories = {int(one) for path in paths.values() for one in path if one}
        found = self.sudo().search(
            [
                ("company_id", "in", (company.id, False)),
                "|",
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
                ("category_id", "in", sorted(categories)),
            ]
        )
        return {
            product: found.filtered(
                lambda one, product=product: (
                    one.product_tmpl_id == product.product_tmpl_id
                    or str(one.category_id.id) in paths[product]
                )
            )
            for product in products
        }
