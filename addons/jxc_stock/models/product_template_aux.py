# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.compound import number_text, with_unit


class ProductTemplate(models.Model):
    """Catch weight: an auxiliary unit whose content is different each time."""

    _inherit = "product.template"

    jxc_aux_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Auxiliary Unit",
        help="A second unit that is counted beside the base unit, without a fixed"
        " relation: head of pigs that are weighed in kg.",
    )
    jxc_aux_ratio = fields.Float(
        string="Nominal Ratio",
        digits=0,
        help="How many base units one auxiliary unit holds on average.",
    )
    jxc_aux_tolerance = fields.Float(
        string="Tolerance (%)",
        digits=(16, 2),
        default=10.0,
        help="How far receipts and deliveries may be off the nominal ratio without a"
        " reason, in percent.",
        prefetch=RARELY_READ,
    )
    jxc_price_by = fields.Selection(
        selection=[("base", "Base Unit"), ("aux", "Auxiliary Unit")],
        string="Price By",
        required=True,
        default="base",
        help="Which of the two quantities prices are for, in sales and purchase."
        " By the auxiliary unit, list prices, pricelists and vendor prices are for"
        " one auxiliary unit.",
    )
    jxc_aux_qty_available = fields.Float(
        string="On Hand (Auxiliary)",
        digits="Product Unit",
        compute="_compute_jxc_aux_qty_available",
        compute_sudo=False,
        help="Quantity on hand in the auxiliary unit.",
    )

    _jxc_aux_ratio_positive = models.Constraint(
        # For the database "not a number" is more than infinity, so both are refused.
        "CHECK (jxc_aux_uom_id IS NULL"
        " OR jxc_aux_ratio > 0 AND jxc_aux_ratio < 'Infinity')",
        "The nominal ratio of the auxiliary unit must be above 0.",
    )
    _jxc_aux_tolerance_positive = models.Constraint(
        "CHECK (COALESCE(jxc_aux_tolerance, 0) >= 0)",
        "The tolerance of the auxiliary unit cannot be negative.",
    )

    @api.depends("product_variant_ids.jxc_aux_qty_available")
    @api.depends_context("location", "warehouse_id", "allowed_company_ids")
    def _compute_jxc_aux_qty_available(self):
        for template in self:
            variants = template.product_variant_ids
            template.jxc_aux_qty_available = sum(
                variants.mapped("jxc_aux_qty_available")
            )

    @api.constrains("jxc_aux_uom_id", "uom_id", "jxc_price_by")
    def _check_jxc_aux_unit(self):
        for template in self:
            aux, base = template.jxc_aux_uom_id, template.uom_id
            if aux and aux._has_common_reference(base):
                raise ValidationError(
                    self.env._(
                        "%(product)s: %(aux)s has a fixed relation to %(base)s. Add it"
                        " to the units instead of making it the auxiliary unit.",
                        product=template.display_name,
                        aux=aux.name,
                        base=base.name,
                    )
                )
            if template.jxc_price_by == "aux" and not aux:
                raise ValidationError(
                    self.env._(
                        "%(product)s: prices by the auxiliary unit need an auxiliary"
                        " unit.",
                        product=template.display_name,
                    )
                )

    def write(self, vals):
        if "jxc_aux_uom_id" in vals:
            changed = self.filtered(
                lambda template: (
                    template.jxc_aux_uom_id
                    and template.jxc_aux_uom_id.id != vals["jxc_aux_uom_id"]
                )
            )
            changed._jxc_check_aux_unused()
        return super().write(vals)

    def _jxc_check_aux_unused(self):
        """Refuse another auxiliary unit while quantities are kept in this one.

        :raise UserError: listing what is there
        """
        usages = self._jxc_aux_usage() if self else []
        if usages:
            raise UserError(
                self.env._(
                    "The auxiliary unit of %(products)s cannot be changed, in use:\n"
                    "%(usages)s\nMake a new product with the right unit.",
                    products=", ".join(self.mapped("display_name")),
                    usages="\n".join(f"- {usage}" for usage in usages),
                )
            )

    def _jxc_aux_usage(self):
        """What keeps quantities in the auxiliary unit; extend with ``super()``.

        :return: list of texts for people
        """
        domain = [
            ("product_id.product_tmpl_id", "in", self.ids),
            ("jxc_aux_qty", "!=", 0),
        ]
        # Stock and moves of all companies: the product may belong to all of them.
        stock = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [*domain, ("location_id.usage", "in", ("internal", "transit"))],
                ["product_id"],
                ["jxc_aux_qty:sum"],
            )
        )
        moves = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                [*domain, ("state", "not in", ("done", "cancel"))],
                ["product_id"],
                ["__count"],
            )
        )
        return [
            self.env._(
                "stock on hand: %(quantity)s of %(product)s",
                quantity=with_unit(
                    # The variant may show the unit that is being set.
                    quantity,
                    product.product_tmpl_id.jxc_aux_uom_id.name,
                ),
                product=product.display_name,
            )
            for product, quantity in stock
        ] + [
            self.env._(
                "%(count)s stock moves of %(product)s",
                count=count,
                product=product.display_name,
            )
            for product, count in moves
        ]

    # -- for others -----------------------------------------------------------------

    def _jxc_quantity_text(self, quantity, aux=None):
        """Quantity as people say it, with the auxiliary quantity where there is one.

        :param quantity: in the base unit
        :param aux: in the auxiliary unit, None when it is not known
        :return: "3箱5瓶", "1873.5 kg(20头)"; "" when the plain number says all
        """
        self.ensure_one()
        with_aux = aux is not None and self.jxc_aux_uom_id
        if not with_aux and not self.jxc_unit_ids:
            return ""  # Most products, most lines: nothing to calculate.
        compound = self._jxc_compound()
        if not with_aux and not compound:
            return ""
        text = compound.format(quantity)
        if with_aux:
            pieces = self.jxc_aux_uom_id.round(aux)
            text += f"({with_unit(pieces + 0.0, self.jxc_aux_uom_id.name)})"
        return text

    def _jxc_pair_text(self, quantity, aux):
        """Both quantities, for messages about a product with an auxiliary unit."""
        base = with_unit(self.uom_id.round(quantity), self.uom_id.name)
        pieces = with_unit(self.jxc_aux_uom_id.round(aux), self.jxc_aux_uom_id.name)
        return f"{base} / {pieces}"

    def _jxc_ratio_text(self):
        """The nominal ratio and its tolerance, for messages."""
        return self.env._(
            "%(ratio)s for one %(aux)s, ±%(tolerance)s%%",
            ratio=with_unit(self.jxc_aux_ratio, self.uom_id.name),
            aux=self.jxc_aux_uom_id.name,
            tolerance=number_text(self.jxc_aux_tolerance),
        )
