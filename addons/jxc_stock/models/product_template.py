# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.compound import Compound


class ProductTemplate(models.Model):
    _inherit = "product.template"

    jxc_unit_ids = fields.One2many(
        comodel_name="jxc.product.unit",
        inverse_name="product_tmpl_id",
        string="Units",
        copy=True,
    )
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
        "is_storable",
        "uom_id.name",
        "jxc_unit_ids.active",
        "jxc_unit_ids.factor",
        "jxc_unit_ids.in_compound",
        "jxc_unit_ids.name",
    )
    @api.depends_context("lang", "location", "warehouse_id", "allowed_company_ids")
    def _compute_jxc_quantity_texts(self):
        for template in self:
            template.jxc_qty_available_text = template.jxc_virtual_available_text = ""
            if template.is_storable:
                template.jxc_qty_available_text = template._jxc_quantity_text(
                    template.qty_available, template.jxc_aux_qty_available
                )
                template.jxc_virtual_available_text = template._jxc_quantity_text(
                    template.virtual_available
                )

    # -- records ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # Barcodes belong to variants, which are made after the units.
        vals_list, barcodes = split_unit_barcodes(vals_list)
        templates = super().create(vals_list)
        for template, given in zip(templates, barcodes, strict=True):
            template._jxc_set_unit_barcodes(given)
        return templates

    def write(self, vals):
        rebased = self.browse()
        if "uom_id" in vals:
            rebased = self.filtered(
                lambda template: (
                    template.uom_id.id != vals["uom_id"] and template._jxc_all_units()
                )
            )
            rebased._jxc_check_base_unit_unused()
        res = super().write(vals)
        if rebased:
            rebased._jxc_all_units()._jxc_rebase()
        if "uom_ids" in vals:
            self._jxc_check_packagings()
        return res

    def _jxc_set_unit_barcodes(self, barcodes):
        """Set the barcodes of the units, given in the order they were created."""
        if any(barcodes):
            units = self._jxc_all_units().sorted("id")
            for unit, barcode in zip(units, barcodes, strict=True):
                if barcode:
                    unit.barcode = barcode

    def _jxc_check_packagings(self):
        """Refuse packagings that leave out a unit of the product.

        :raise UserError: naming the unit
        """
        for template in self:
            missing = template.jxc_unit_ids.uom_id - template.uom_ids
            if missing:
                raise UserError(
                    self.env._(
                        "%(uoms)s cannot be taken off the packagings of %(product)s:"
                        " it is one of its units. Remove it on the Units page.",
                        uoms=", ".join(missing.mapped("name")),
                        product=template.display_name,
                    )
                )

    def _jxc_check_base_unit_unused(self):
        """Refuse another base unit when quantities would change their meaning.

        :raise UserError: listing what uses the products
        """
        usages = self._jxc_base_unit_usage() if self else []
        if usages:
            raise UserError(
                self.env._(
                    "The base unit of %(products)s cannot be changed, in use:\n"
                    "%(usages)s\nMake a new product with the right base unit.",
                    products=self._jxc_all_units()._jxc_product_names(),
                    usages="\n".join(f"- {usage}" for usage in usages),
                )
            )

    def _jxc_base_unit_usage(self):
        """What stands in the way of another base unit; extend with ``super()``.

        :return: list of texts for people, [] when nothing uses the products
        """
        usages = self._jxc_all_units()._jxc_unit_usage()
        # Moves of all companies: the product may belong to all of them.
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                [
                    ("product_id.product_tmpl_id", "in", self.ids),
                    ("state", "!=", "cancel"),
                ],
                ["product_id"],
                ["__count"],
            )
        )
        usages += [
            self.env._(
                "%(count)s stock moves of %(product)s",
                count=count,
                product=product.display_name,
            )
            for product, count in groups
        ]
        return usages

    # -- for others -----------------------------------------------------------------

    def _jxc_all_units(self):
        """Units of these products, archived ones included."""
        return self.with_context(active_test=False).jxc_unit_ids

    def _jxc_variants(self):
        """Variants in use; those of an archived product are archived with it."""
        self.ensure_one()
        return (
            self.product_variant_ids
            or self.with_context(active_test=False).product_variant_ids
        )

    def _jxc_compound(self, reading=False):
        """How quantities of this product are written and read.

        :param reading: also know the base unit by its names in other languages
        :return: tools.compound.Compound, false when there is only the base unit
        """
        self.ensure_one()
        uom = self.uom_id
        aliases = uom._jxc_names().get(uom, ()) if reading else ()
        return Compound(
            uom.name or "",
            self.jxc_unit_ids._jxc_as_compound(),
            self.jxc_unit_ids._jxc_digits(),
            aliases=aliases,
        )

    def _jxc_default_uom(self, use):
        """Unit to propose on a line of this product.

        :param use: "purchase" or "sale"
        :return: uom.uom record, the base unit unless a unit is marked for the use
        """
        self.ensure_one()
        marked = self.jxc_unit_ids.filtered(f"use_{use}")
        return marked[:1].uom_id or self.uom_id


def split_unit_barcodes(vals_list):
    """Values of new products without the barcodes of their new units.

    :param vals_list: as for ``create``
    :return: (vals_list, barcodes of the units to create, for each product)
    """
    cleaned, barcodes = [], []
    for vals in vals_list:
        given, commands = [], []
        for command in vals.get("jxc_unit_ids") or []:
            if command[0] == Command.CREATE:
                unit_vals = dict(command[2])
                given.append(unit_vals.pop("barcode", False))
                command = Command.create(unit_vals)
            commands.append(command)
        cleaned.append({**vals, "jxc_unit_ids": commands} if any(given) else vals)
        barcodes.append(given)
    return cleaned, barcodes
