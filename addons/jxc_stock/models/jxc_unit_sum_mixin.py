# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.models import parse_read_group_spec
from odoo.tools import SQL


class JxcUnitSumMixin(models.AbstractModel):
    """Rows about stock whose quantities are added up per unit only.

    3 boxes and 2 kg are not 5 of anything: where a group of a list or a cell of a
    pivot has goods of several units, its quantity stays empty. Values add up.
    """

    _name = "jxc.unit.sum.mixin"
    _description = "Sums of Quantities per Unit"

    def _jxc_unit_field(self, fname):
        """Name of the field that says what a quantity counts."""
        return "uom_id"

    def _read_group_select(self, aggregate_spec, query):
        result = super()._read_group_select(aggregate_spec, query)
        fname, _property, func = parse_read_group_spec(aggregate_spec)
        field = self._fields.get(fname)
        if func != "sum" or getattr(field, "_digits", None) != "Product Unit":
            return result
        unit = self._field_to_sql(self._table, self._jxc_unit_field(fname), query)
        return SQL("CASE WHEN COUNT(DISTINCT %s) < 2 THEN %s END", unit, result)
