# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

COMPUTED_FIELDS = frozenset({"quantity_product_uom", "state"})


class StockMoveLine(models.Model):
    """Nobody writes how much an operation moved, but its quantity and unit."""

    _name = "stock.move.line"
    _inherit = ["stock.move.line", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = COMPUTED_FIELDS

    def _jxc_is_born_with(self, name, value):
        """Forms may send back what is there already."""
        if self and name in COMPUTED_FIELDS:
            return all(line[name] == value for line in self)
        return super()._jxc_is_born_with(name, value)
