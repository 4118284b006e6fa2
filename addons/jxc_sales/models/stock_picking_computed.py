# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools import marks


class StockPicking(models.Model):
    """Nobody writes the status of a transfer: its goods say it."""

    _inherit = "stock.picking"

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        return guarded if self.env.su else guarded | {"state"}

    def _jxc_is_born_with(self, name, value):
        """Forms may send back what is there already."""
        if name != "state":
            return super()._jxc_is_born_with(name, value)
        if not self or marks.copying_of(self.env):
            return value in (False, "draft")
        return all(picking.state == value for picking in self)

    def _jxc_without_server_fields(self, vals):
        if vals.get("state") == "cancel" and self and not self.sudo().move_ids:
            # An empty transfer has no goods to say so; the platform writes it.
            rest = {name: vals[name] for name in vals if name != "state"}
            return {**super()._jxc_without_server_fields(rest), "state": "cancel"}
        return super()._jxc_without_server_fields(vals)
