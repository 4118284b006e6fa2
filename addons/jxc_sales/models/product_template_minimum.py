# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    """The least that a wholesale order takes of a product (起批量), in any unit."""

    _inherit = "product.template"

    jxc_min_order_qty = fields.Float(
        string="Minimum Order",
        digits="Product Unit",
        help="The least that a wholesale order takes of it, all its variants together."
        " 0: none. Settings say what happens below.",
    )
    jxc_min_order_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit of the Minimum Order",
        ondelete="restrict",
        domain="[('id', 'in', jxc_min_order_uom_ids)]",
        help="Empty: the base unit.",
    )
    jxc_min_order_uom_ids = fields.Many2many(
        comodel_name="uom.uom",
        compute="_compute_jxc_min_order_uom_ids",
        export_string_translation=False,
    )

    _jxc_min_order_qty_positive = models.Constraint(
        "CHECK (COALESCE(jxc_min_order_qty, 0) >= 0)",
        "A minimum order cannot be negative.",
    )

    @api.depends("uom_id", "uom_ids")
    def _compute_jxc_min_order_uom_ids(self):
        for template in self:
            template.jxc_min_order_uom_ids = template.uom_id | template.uom_ids

    @api.constrains("jxc_min_order_uom_id", "uom_id", "uom_ids")
    def _check_jxc_min_order_uom(self):
        for template in self:
            uom = template.jxc_min_order_uom_id
            product = template.product_variant_id.with_context(active_test=False)
            text = uom and product._jxc_unit_of_others(uom)
            if uom and (text or not uom._has_common_reference(template.uom_id)):
                raise ValidationError(
                    text
                    or self.env._(
                        "%(unit)s does not measure %(product)s, which is counted in"
                        " %(base)s.",
                        unit=uom.name,
                        product=template.display_name,
                        base=template.uom_id.name,
                    )
                )

    def _jxc_min_order(self):
        """The minimum order in base units; 0 for none."""
        self.ensure_one()
        uom = self.jxc_min_order_uom_id or self.uom_id
        if not self.jxc_min_order_qty or uom == self.uom_id:
            return self.jxc_min_order_qty
        return uom._compute_quantity(self.jxc_min_order_qty, self.uom_id, round=False)
