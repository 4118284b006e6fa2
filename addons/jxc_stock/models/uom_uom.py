# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from ..tools.compound import exact, normalize, unit_label


class UomUom(models.Model):
    _inherit = "uom.uom"

    def write(self, vals):
        if {"relative_factor", "relative_uom_id"} & set(vals):
            self._jxc_check_no_product_unit(vals)
        if "active" in vals and not vals["active"]:
            self._jxc_check_not_offered()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_product_units(self):
        units = self._jxc_product_units()
        if units:
            raise UserError(
                self.env._(
                    "%(units)s cannot be deleted: it is a unit of %(products)s."
                    " Remove it on the products' Units page first.",
                    units=", ".join(units.uom_id.mapped("name")),
                    products=units._jxc_product_names(),
                )
            )

    def _jxc_check_not_offered(self):
        """Refuse to archive what documents of products with this unit need.

        :raise UserError: naming the products
        """
        units = self._jxc_product_units().filtered("active")
        if units:
            raise UserError(
                self.env._(
                    "%(units)s cannot be archived: it is a unit of %(products)s."
                    " Archive it on the products' Units page first.",
                    units=", ".join(units.uom_id.mapped("name")),
                    products=units._jxc_product_names(),
                )
            )

    def _jxc_product_units(self):
        """Units of products, archived ones included, that these stand behind."""
        # Also for users who may see units but not every company's products.
        units = self.env["jxc.product.unit"].sudo().with_context(active_test=False)
        return units.search([("uom_id", "in", self.ids)])

    def _jxc_is_of_platform(self):
        """Whether an addon brought this unit, as the platform did dozens."""
        self.ensure_one()
        owners = self.env["ir.model.data"].sudo()
        return bool(
            owners.search_count(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    # that of an export says nothing
                    ("module", "not in", ["__export__", "__import__"]),
                ],
                limit=1,
            )
        )

    def _jxc_check_no_product_unit(self, vals):
        """Refuse to change what a product's unit holds behind the product's back.

        :raise UserError: naming the products
        """
        changed = self.filtered(
            lambda uom: (
                (
                    "relative_factor" in vals
                    and exact(uom.relative_factor) != exact(vals["relative_factor"])
                )
                or (
                    "relative_uom_id" in vals
                    and uom.relative_uom_id.id != (vals["relative_uom_id"] or False)
                )
            )
        )
        units = changed._jxc_product_units()
        if units:
            raise UserError(
                self.env._(
                    "The content of %(units)s cannot be changed here: it is a unit of"
                    " %(products)s. Change it on the products' Units page.",
                    units=", ".join(units.uom_id.mapped("name")),
                    products=units._jxc_product_names(),
                )
            )

    def _jxc_names(self):
        """{unit: its names, in the user's language and in all others}."""
        names = {uom: [uom.name] for uom in self}
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        # The source language is not always an active one.
        for language in dict.fromkeys(["en_US", *languages]):
            for uom, translated in zip(
                self, self.with_context(lang=language), strict=True
            ):
                if translated.name not in names[uom]:
                    names[uom].append(translated.name)
        return names

    @api.model
    def _jxc_find_or_create_packagings(self, wanted):
        """Platform units that hold an exact number of another unit.

        One is reused when it relates to the same base unit, holds the same number
        and has the name, plain ("Dozens") or with its content ("箱(24瓶)"). Products
        share it.

        :param wanted: iterable of (base uom.uom, factor, name)
        :return: {(base id, Decimal factor, normalized name): uom.uom record}
        """
        wanted = {
            (base.id, exact(factor), normalize(name)): (base, name)
            for base, factor, name in wanted
        }
        # Units belong to the whole database, those who keep products may add some.
        uoms = self.sudo().with_context(active_test=False)
        existing = uoms.search(
            [("relative_uom_id", "in", [base_id for base_id, _f, _n in wanted])]
        )
        names = {
            uom.id: {normalize(name) for name in written}
            for uom, written in existing._jxc_names().items()
        }
        by_content = existing.grouped(
            lambda uom: (uom.relative_uom_id.id, exact(uom.relative_factor))
        )
        found, missing = {}, {}
        for key, (base, name) in wanted.items():
            base_id, factor, plain = key
            label = unit_label(name, factor, base.name)
            for uom in by_content.get((base_id, factor), ()):
                if names[uom.id] & {plain, normalize(label)}:
                    found[key] = uom
                    break
            else:
                missing[key] = {
                    "name": label,
                    "relative_uom_id": base_id,
                    "relative_factor": float(factor),
                }
        asleep = uoms.union(*found.values()).filtered(lambda uom: not uom.active)
        asleep.active = True
        # In the source language, so that every language falls back to the name.
        created = uoms.with_context(lang="en_US").create(list(missing.values()))
        found.update(zip(missing, created, strict=True))
        return {key: uom.with_env(self.env) for key, uom in found.items()}
