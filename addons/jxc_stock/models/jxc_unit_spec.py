# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.compound import exact, number_text


class JxcUnitSpecMixin(models.AbstractModel):
    """Lets the entry field of quantities read and write units of the product.

    Meant for models with a product.
    """

    _name = "jxc.unit.spec.mixin"
    _description = "Units for Quantity Entry"

    jxc_unit_spec = fields.Json(
        compute="_compute_jxc_unit_spec",
        export_string_translation=False,
    )

    @api.depends("product_id")
    @api.depends_context("lang")
    def _compute_jxc_unit_spec(self):
        specs = self.product_id.product_tmpl_id._jxc_unit_specs()
        for record in self:
            record.jxc_unit_spec = specs.get(record.product_id.product_tmpl_id, False)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _jxc_unit_specs(self):
        """The units of products, for static/src/compound/compound.js; batch.

        :return: {product.template: dict}, only of products with units; numbers as
            text, because they are exact
        """
        with_units = self.filtered("jxc_unit_ids")
        digits = self.env["jxc.product.unit"]._jxc_digits()
        names = with_units.uom_id._jxc_names() if with_units else {}
        specs = {}
        for template in with_units:
            base = template.uom_id
            units = template.jxc_unit_ids
            factors = {
                str(uom.id): number_text(base._jxc_exact_content(uom))
                for uom in base | template.uom_ids
                if uom._has_common_reference(base)
            }
            specs[template] = {
                "base": base.name,
                "uom_id": base.id,
                "aliases": names.get(base, []),
                "digits": digits,
                "units": [
                    {
                        "name": unit.name,
                        "factor": number_text(unit.factor),
                        "in_compound": unit.in_compound,
                    }
                    for unit in units._jxc_as_compound()
                ],
                "factors": factors,
            }
        return specs


class UomUom(models.Model):
    _inherit = "uom.uom"

    def _jxc_exact_content(self, uom):
        """How many of this unit one of another unit holds, as a Decimal."""
        self.ensure_one()
        if uom.relative_uom_id == self:
            return exact(uom.relative_factor)
        return exact(round(uom.factor / self.factor, 12))

    def _jxc_convert(self, quantity, unit, rounded=False):
        """A quantity of this unit in another one.

        :param rounded: half up, to the precision of quantities
        :return: the quantity as it is between units without fixed relation: such a
            pair is refused as soon as it is saved
        """
        if not self or not unit or self == unit or not self._has_common_reference(unit):
            return quantity
        return self._compute_quantity(
            quantity, unit, round=rounded, rounding_method="HALF-UP"
        )
