# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.compound import (
    Unit,
    exact,
    is_exact,
    is_name,
    normalize,
    number_text,
    unit_label,
    with_unit,
)

NAMES_SHOWN = 5


class JxcProductUnit(models.Model):
    """A further unit of a product: a box of 24 bottles.

    Behind it stands a unit of the platform, so that every flow of the platform works
    with it; the product's packagings and the barcodes per variant follow it.
    """

    _name = "jxc.product.unit"
    _description = "Unit of a Product"
    _order = "product_tmpl_id, sequence, factor desc, id"
    _rec_names_search = ["name", "product_tmpl_id"]

    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(
        string="Unit",
        required=True,
        help="As it is said and written, e.g. 箱. The content is told by the factor.",
    )
    factor = fields.Float(
        string="Contains",
        # Unlimited precision, as the factor of the platform's unit.
        digits=0,
        required=True,
        help="How many base units one of this unit holds.",
    )
    uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Platform Unit",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        help="The unit of measure behind it, on orders, transfers and invoices.",
    )
    base_uom_id = fields.Many2one(
        related="product_tmpl_id.uom_id",
        string="Base Unit",
    )
    list_price = fields.Float(
        string="Sales Price",
        min_display_digits="Product Price",
        help="Price of one of this unit. 0: the base price times the content.",
    )
    min_price = fields.Float(
        string="Lowest Price",
        min_display_digits="Product Price",
        help="Lowest price of one of this unit. 0: no limit of its own.",
    )
    currency_id = fields.Many2one(
        related="product_tmpl_id.currency_id",
        export_string_translation=False,
    )
    in_compound = fields.Boolean(
        string="In Compound Quantities",
        default=True,
        help="Quantities are shown with this unit, e.g. 3箱5瓶. Only units larger than"
        " the base unit.",
    )
    use_purchase = fields.Boolean(
        string="For Purchase",
        help="Proposed on purchase lines. The first such unit of the list counts.",
    )
    use_sale = fields.Boolean(
        string="For Sale",
        help="Proposed on sales lines. The first such unit of the list counts.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        help="An archived unit is no longer offered. Documents that use it keep it.",
    )

    # For the database "not a number" is more than infinity, so both are refused.
    _factor_positive = models.Constraint(
        "CHECK (factor > 0 AND factor < 'Infinity')",
        "A unit must hold more than 0 base units.",
    )
    _prices_not_negative = models.Constraint(
        "CHECK (COALESCE(list_price, 0) >= 0 AND COALESCE(min_price, 0) >= 0)",
        "Prices of a unit cannot be negative.",
    )
    _one_of_a_kind = models.UniqueIndex(
        "(product_tmpl_id, name, factor) WHERE active",
        "The product has this unit with this content already.",
    )

    # -- fields -------------------------------------------------------------------

    @api.depends("name", "factor", "base_uom_id")
    def _compute_display_name(self):
        for unit in self:
            unit.display_name = (
                unit_label(unit.name, unit.factor, unit.base_uom_id.name)
                if unit.name and unit.factor and unit.base_uom_id
                else unit.name or ""
            )

    # -- constraints --------------------------------------------------------------

    @api.constrains("factor")
    def _check_factor(self):
        digits = self._jxc_digits()
        for unit in self:
            problem = self._jxc_factor_problem(unit.factor, digits)
            if problem:
                raise ValidationError(
                    self.env._(
                        "%(product)s, %(unit)s: %(problem)s",
                        product=unit.product_tmpl_id.display_name,
                        unit=unit.name,
                        problem=problem,
                    )
                )

    @api.constrains("name", "factor", "product_tmpl_id", "active")
    def _check_name(self):
        for template, units in self.grouped("product_tmpl_id").items():
            seen = {}
            for unit in template.jxc_unit_ids:
                key = normalize(unit.name), exact(unit.factor)
                if seen.setdefault(key, unit) != unit:
                    raise ValidationError(
                        self.env._(
                            "%(product)s has the unit %(unit)s already.",
                            product=template.display_name,
                            unit=unit.display_name,
                        )
                    )
            for unit in units:
                problem = self._jxc_name_problem(unit.name, template.uom_id.name)
                if problem:
                    raise ValidationError(
                        self.env._(
                            "%(product)s, %(unit)s: %(problem)s",
                            product=template.display_name,
                            unit=unit.name,
                            problem=problem,
                        )
                    )

    @api.constrains("list_price", "min_price")
    def _check_prices(self):
        for unit in self:
            if not math.isfinite(unit.list_price + unit.min_price):
                raise ValidationError(
                    self.env._(
                        "%(product)s, %(unit)s: a price must be a number.",
                        product=unit.product_tmpl_id.display_name,
                        unit=unit.display_name,
                    )
                )
            if unit.list_price and unit.min_price > unit.list_price:
                raise ValidationError(
                    self.env._(
                        "%(product)s, %(unit)s: the lowest price %(low)s is above the"
                        " sales price %(price)s.",
                        product=unit.product_tmpl_id.display_name,
                        unit=unit.display_name,
                        low=number_text(unit.min_price),
                        price=number_text(unit.list_price),
                    )
                )

    @api.constrains("uom_id", "factor", "product_tmpl_id")
    def _check_uom(self):
        for unit in self.filtered("uom_id"):
            uom = unit.uom_id
            if uom.relative_uom_id != unit.base_uom_id or exact(
                uom.relative_factor
            ) != exact(unit.factor):
                raise ValidationError(
                    self.env._(
                        "%(product)s: %(uom)s does not hold %(factor)s, so it cannot"
                        " stand behind the unit %(unit)s.",
                        product=unit.product_tmpl_id.display_name,
                        uom=unit.uom_id.name,
                        factor=with_unit(unit.factor, unit.base_uom_id.name),
                        unit=unit.name,
                    )
                )

    def _jxc_factor_problem(self, factor, digits):
        """Why a factor cannot be used, "" when it can."""
        if not 0 < factor < math.inf:
            return self.env._("a unit must hold more than 0 base units.")
        if not is_exact(factor, digits):
            return self.env._(
                "quantities are kept with %(digits)s decimals, so a unit cannot hold"
                " %(factor)s base units. Make the smallest unit the base unit, or"
                " raise the precision of Product Unit.",
                digits=digits,
                factor=number_text(factor),
            )
        return ""

    def _jxc_name_problem(self, name, base_name):
        """Why a name cannot be used, "" when it can."""
        if not is_name(name or ""):
            return self.env._(
                "%(unit)s is no name for a unit: digits may only stand in front,"
                " quantities could not be read back otherwise. The content belongs"
                " into the factor.",
                unit=name,
            )
        if normalize(name) == normalize(base_name or ""):
            return self.env._(
                "%(unit)s is the base unit of the product, list only other units.",
                unit=name,
            )
        return ""

    # -- for others -----------------------------------------------------------------

    def _jxc_product_names(self):
        names = self.product_tmpl_id.mapped("display_name")
        return self._jxc_some(list(dict.fromkeys(names)))

    def _jxc_some(self, names):
        """The first names and that there are more."""
        shown = ", ".join(names[:NAMES_SHOWN])
        return f"{shown} …" if len(names) > NAMES_SHOWN else shown

    @api.model
    def _jxc_digits(self):
        """Decimals that quantities are kept with."""
        return self.env["decimal.precision"].precision_get("Product Unit")

    def _jxc_as_compound(self):
        """The units as the calculation in tools/compound.py takes them."""
        return [
            Unit(unit.name, exact(unit.factor), unit.in_compound)
            for unit in self
            if unit.name and 0 < unit.factor < math.inf
        ]

    @api.model
    def _jxc_uom_map(self, templates):
        """Units of products by the names that people and files use.

        A name that stands for several contents of one product is left out; with its
        content ("箱(24瓶)") it is there.

        :param templates: product.template records
        :return: {(template id, name): uom.uom record}, base units and plain
            packagings included
        """
        uom_map, ambiguous = {}, set()
        names = (templates.uom_id | templates.uom_ids)._jxc_names()
        for template in templates:
            for uom in template.uom_id | template.uom_ids:
                for name in names[uom]:
                    uom_map.setdefault((template.id, name), uom)
            own = {}
            for unit in template.jxc_unit_ids:
                own.setdefault(unit.name, unit.uom_id)
                if own[unit.name] != unit.uom_id:
                    ambiguous.add((template.id, unit.name))
                label = unit_label(unit.name, unit.factor, template.uom_id.name)
                own[label] = unit.uom_id
            uom_map |= {(template.id, name): uom for name, uom in own.items()}
        return {key: uom for key, uom in uom_map.items() if key not in ambiguous}
