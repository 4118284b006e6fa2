# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

# Other ways to write the platform's own units; first the name it knows.
SYNONYMS = [
    ("kg", "公斤", "千克", "KG", "Kg", "kgs", "kilogram"),
    ("g", "克", "G", "gram"),
    ("Ton", "吨", "t", "T"),
    ("L", "升", "l", "litre", "liter"),
    ("ml", "毫升", "mL", "ML"),
    ("m", "米", "M", "meter", "metre"),
    ("cm", "厘米", "公分", "CM"),
    ("mm", "毫米", "MM"),
    ("m²", "平方米", "平方", "m2"),
    ("m³", "立方米", "立方", "方", "m3"),
    ("Units", "Unit", "unit", "units", "pcs", "PCS", "pc", "PC"),
    ("Dozens", "打", "Dozen", "dozen"),
    ("Hours", "小时", "Hour", "hour", "h"),
    ("Days", "天", "Day", "day"),
]
CANONICAL = {name: names[0] for names in SYNONYMS for name in names}


class UomUom(models.Model):
    _inherit = "uom.uom"

    def _jxc_find_or_create_base(self, names):
        """Units by name, made as own reference units where there are none.

        A name is looked for as it is written in any installed language, then as a
        common synonym (公斤 and 千克 are kg). New units relate to no other unit.

        :param names: names of units
        :return: {name: uom.uom record}
        """
        names = list(names)
        found = self._jxc_find_units(names)
        new = [name for name in dict.fromkeys(names) if name and name not in found]
        if new:
            # Units belong to the whole database; creating them takes the right to
            # import, not the one to configure units.
            units = self.sudo().create([{"name": name} for name in new]).sudo(False)
            found.update(zip(new, units, strict=True))
        return found

    def _jxc_find_units(self, names):
        """Existing units by name, see :meth:`_jxc_find_or_create_base`.

        Among units of one name those that relate to no other come first.

        :return: {name: uom.uom record}, names without unit are absent
        """
        names = list(dict.fromkeys(filter(None, names)))
        wanted = {*names, *(CANONICAL[name] for name in names if name in CANONICAL)}
        by_name = {}
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        # The source language is there even when it is not active.
        for language in dict.fromkeys([*languages, "en_US"]):
            units = self.with_context(lang=language, active_test=True)
            for unit in units.search(Domain("name", "in", list(wanted))).sorted(
                lambda unit: (bool(unit.relative_uom_id), unit.id)
            ):
                by_name.setdefault(unit.name, unit.with_env(self.env))
        return {
            name: by_name.get(name) or by_name[CANONICAL[name]]
            for name in names
            if name in by_name or CANONICAL.get(name) in by_name
        }
