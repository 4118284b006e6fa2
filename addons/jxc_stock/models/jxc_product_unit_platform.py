# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.compound import exact, normalize

# What a unit is: changing any of it makes another unit of it.
IDENTITY = ("product_tmpl_id", "name", "factor", "uom_id")


class JxcProductUnit(models.Model):
    """Keeping the platform's units and packagings in step."""

    _inherit = "jxc.product.unit"

    @api.model_create_multi
    def create(self, vals_list):
        # A barcode belongs to the platform's unit, which has to be there first.
        barcodes = [vals.get("barcode") for vals in vals_list]
        units = super().create([_without_barcode(vals) for vals in vals_list])
        units._jxc_assign_uoms()
        units._jxc_link_packagings()
        for unit, barcode in zip(units, barcodes, strict=True):
            if barcode:
                unit.barcode = barcode
        return units

    def write(self, vals):
        changed = self._jxc_changed(vals)
        template_id = vals.get("product_tmpl_id")
        if template_id and changed.product_tmpl_id.ids not in ([], [template_id]):
            raise UserError(
                self.env._(
                    "A unit stays with its product. Add it to the other product and"
                    " delete it here."
                )
            )
        changed._jxc_check_unused()
        before = changed._jxc_backing()
        if changed and "uom_id" not in vals:
            super(JxcProductUnit, changed).write({"uom_id": False})
        archived = self.filtered("active") if vals.get("active") is False else self[:0]
        archived._jxc_barcode_rows().unlink()
        res = super().write(_without_barcode(vals))
        changed._jxc_assign_uoms()
        changed._jxc_follow(before)
        archived._jxc_drop_packagings(archived._jxc_backing().values())
        if vals.get("active"):
            self._jxc_link_packagings()
        if "barcode" in vals:
            super().write({"barcode": vals["barcode"]})
        return res

    def unlink(self):
        rows, before = self._jxc_barcode_rows(), self._jxc_backing()
        res = super().unlink()
        rows.unlink()
        self._jxc_drop_packagings(before.values())
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._jxc_check_unused()

    def _jxc_changed(self, vals):
        """Units that would become other units by these values."""
        names = [name for name in IDENTITY if name in vals]
        return self.filtered(
            lambda unit: any(
                unit._fields[name].convert_to_cache(vals[name], unit, validate=False)
                != unit._fields[name].convert_to_cache(unit[name], unit, validate=False)
                for name in names
            )
        )

    def _jxc_backing(self):
        """{unit: (product.template, uom.uom)} as it is now."""
        return {unit: (unit.product_tmpl_id, unit.uom_id) for unit in self}

    def _jxc_assign_uoms(self):
        """Put the platform's unit behind each that has none, found or made; batch."""
        bare = self.filtered(lambda unit: not unit.uom_id)
        found = self.env["uom.uom"]._jxc_find_or_create_packagings(
            (unit.base_uom_id, unit.factor, unit.name) for unit in bare
        )
        by_uom = bare.grouped(
            lambda unit: found[
                unit.base_uom_id.id, exact(unit.factor), normalize(unit.name)
            ]
        )
        for uom, units in by_uom.items():
            super(JxcProductUnit, units).write({"uom_id": uom.id})

    def _jxc_rebase(self):
        """Relate the units to the base units their products have now."""
        before = self._jxc_backing()
        super().write({"uom_id": False})
        self._check_name()
        self._jxc_assign_uoms()
        self._jxc_follow(before)

    def _jxc_follow(self, before):
        """Let barcodes and packagings follow to the units that are now behind."""
        self._jxc_move_barcodes(before)
        self._jxc_link_packagings()
        self._jxc_drop_packagings(before.values())

    def _jxc_link_packagings(self):
        """Offer the units as packagings of their products."""
        active = self.filtered("active")
        for template, units in active.grouped("product_tmpl_id").items():
            missing = units.uom_id - template.uom_ids
            if missing:
                template.uom_ids = [Command.link(uom.id) for uom in missing]

    def _jxc_drop_packagings(self, pairs):
        """Take packagings off products that have no such unit any more.

        :param pairs: (product.template, uom.uom)
        """
        for template, uom in pairs:
            if uom in template.uom_ids and uom not in template.jxc_unit_ids.uom_id:
                template.uom_ids = [Command.unlink(uom.id)]


def _without_barcode(vals):
    return {name: value for name, value in vals.items() if name != "barcode"}
