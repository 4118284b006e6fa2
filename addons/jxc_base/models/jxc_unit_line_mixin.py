# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class JxcUnitLineMixin(models.AbstractModel):
    """A line with a product and a quantity of it in any of the product's units.

    The unit starts as the product's and stays while it converts; units that do not are
    refused, whoever writes them. The model has ``product_id``.
    """

    _name = "jxc.unit.line.mixin"
    _description = "Line with Product and Unit"

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
    )
    allowed_uom_ids = fields.Many2many(
        comodel_name="uom.uom",
        compute="_compute_allowed_uom_ids",
        export_string_translation=False,
    )

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            unit, base = line.product_uom_id, line.product_id.uom_id
            fits = unit and base and unit._has_common_reference(base)
            line.product_uom_id = unit if fits else base

    @api.depends("product_id.uom_id", "product_id.uom_ids")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.constrains("product_id", "product_uom_id")
    def _check_jxc_unit(self):
        for line in self:
            line.product_id._jxc_check_unit(line.product_uom_id)
