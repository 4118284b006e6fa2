# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class JxcUnitColumnsMixin(models.AbstractModel):
    """Which columns about units are of use on a document."""

    _name = "jxc.unit.columns.mixin"
    _description = "Columns about Units"

    jxc_has_aux = fields.Boolean(
        compute="_compute_jxc_unit_columns",
        export_string_translation=False,
    )
    jxc_has_units = fields.Boolean(
        compute="_compute_jxc_unit_columns",
        export_string_translation=False,
    )

    @api.depends(lambda self: [f"{self._jxc_lines_field()}.product_id"])
    def _compute_jxc_unit_columns(self):
        for document in self:
            products = document[self._jxc_lines_field()].product_id
            document.jxc_has_aux = bool(products.jxc_aux_uom_id)
            document.jxc_has_units = bool(
                document.jxc_has_aux or products.product_tmpl_id.jxc_unit_ids
            )

    def _jxc_lines_field(self):
        """Name of the field with the lines. Return a str."""
        return "order_line"
