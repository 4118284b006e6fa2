# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math
from decimal import InvalidOperation

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.compound import CompoundError, number_text
from .product_template import split_unit_barcodes

BASE_UNIT_CHANGE_KEY = "jxc_base_unit_change"
# Compared by identity: no client can put this object into its context.
BASE_UNIT_CHANGE = object()


class ProductProduct(models.Model):
    _inherit = "product.product"

    jxc_qty_available_text = fields.Char(
        string="On Hand in Units",
        compute="_compute_jxc_quantity_texts",
        compute_sudo=False,
        help="Quantity on hand in the units of the product, e.g. 3箱5瓶.",
    )
    jxc_virtual_available_text = fields.Char(
        string="Forecast in Units",
        compute="_compute_jxc_quantity_texts",
        compute_sudo=False,
        help="Forecasted quantity in the units of the product, e.g. 3箱5瓶.",
    )

    @api.depends(
        "qty_available",
        "virtual_available",
        "jxc_aux_qty_available",
        "jxc_aux_uom_id",
        "product_tmpl_id.is_storable",
        "product_tmpl_id.uom_id.name",
        "product_tmpl_id.jxc_unit_ids.active",
        "product_tmpl_id.jxc_unit_ids.factor",
        "product_tmpl_id.jxc_unit_ids.in_compound",
        "product_tmpl_id.jxc_unit_ids.name",
    )
    @api.depends_context(
        "lang",
        "lot_id",
        "owner_id",
        "package_id",
        "from_date",
        "to_date",
        "location",
        "warehouse_id",
        "allowed_company_ids",
    )
    def _compute_jxc_quantity_texts(self):
        for product in self:
            product.jxc_qty_available_text = product.jxc_virtual_available_text = ""
            if product.is_storable:
                template = product.product_tmpl_id
                product.jxc_qty_available_text = template._jxc_quantity_text(
                    product.qty_available, product.jxc_aux_qty_available
                )
                product.jxc_virtual_available_text = template._jxc_quantity_text(
                    product.virtual_available
                )

    @api.model_create_multi
    def create(self, vals_list):
        # As for product.template: the variant is made after the units.
        vals_list, barcodes = split_unit_barcodes(vals_list)
        products = super().create(vals_list)
        for product, given in zip(products, barcodes, strict=True):
            product.product_tmpl_id._jxc_set_unit_barcodes(given)
        return products

    def jxc_format_qty(self, qty):
        """Write a quantity in the units of this product. May be called over RPC.

        :param qty: quantity in the base unit, rounded to the platform's precision
        :return: text, e.g. "3箱5瓶"; "41瓶" when the product has no further units
        :raise UserError: when it is no quantity
        """
        self.ensure_one()
        try:
            return self.product_tmpl_id._jxc_compound().format(qty)
        except (InvalidOperation, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(product)s: %(qty)s is not a quantity.",
                    product=self.display_name,
                    qty=qty,
                )
            ) from error

    def jxc_parse_qty(self, text):
        """Read a quantity in the units of this product. May be called over RPC.

        ``jxc_parse_qty(jxc_format_qty(qty)) == qty`` for every quantity at the
        platform's precision.

        :param text: "3箱5瓶", "-3 箱", "1.5箱", or a plain number of base units;
            full-width digits and signs are fine
        :return: float in the base unit
        :raise UserError: when the text is not exactly one quantity of this product;
            names the product, the text and the accepted units
        """
        self.ensure_one()
        if isinstance(text, int | float) and not isinstance(text, bool):
            text = number_text(text) if math.isfinite(text) else str(text)
        compound = self.product_tmpl_id._jxc_compound(reading=True)
        try:
            return float(compound.parse(text if isinstance(text, str) else ""))
        except CompoundError as error:
            raise UserError(
                self.env._(
                    "%(product)s: “%(text)s” is not a quantity: %(problem)s\n"
                    "Accepted are plain numbers of %(base)s and these units:"
                    " %(units)s.",
                    product=self.display_name,
                    text=text,
                    problem=self._jxc_compound_problem(error),
                    base=compound.base,
                    units=", ".join(compound.labels),
                )
            ) from error

    def _jxc_compound_problem(self, error):
        """What to tell people about a CompoundError."""
        part, digits = error.part, self.env["jxc.product.unit"]._jxc_digits()
        return {
            "syntax": self.env._("a number is expected at “%(part)s”.", part=part),
            "unknown": self.env._("“%(part)s” is no unit of this product.", part=part),
            "unit_missing": self.env._("write the unit of %(part)s.", part=part),
            "repeated": self.env._("a unit is there twice."),
            "ambiguous": self.env._("it can be read in several ways."),
            "precision": self.env._(
                "quantities are kept with %(digits)s decimals.", digits=digits
            ),
        }[error.reason]

    def _update_uom(self, to_uom_id):
        # The platform rewrites the units of moves before the product's own unit.
        products = self.with_context(**{BASE_UNIT_CHANGE_KEY: BASE_UNIT_CHANGE})
        return super(ProductProduct, products)._update_uom(to_uom_id)
