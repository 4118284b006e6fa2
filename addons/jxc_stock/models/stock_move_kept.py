# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

ALLOCATING_KEY = "jxc_allocating"
# Compared by identity: no client can put this object into its context.
ALLOCATING = object()
LINE = "jxc_allocation_line_id"
KEPT = {LINE, "jxc_import_number"}


class StockMove(models.Model):
    """What made a move is no client's to say: an allocation, or an import."""

    _inherit = "stock.move"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), KEPT)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_kept(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what made these moves.

        :raise AccessError: somebody writes it
        """
        self._jxc_check_kept(vals)
        return super().write(vals)

    def _jxc_check_kept(self, vals):
        if self.env.su:
            return
        for name in KEPT & vals.keys():
            value = vals[name] or False
            if self:
                fits = all(
                    move.sudo()[name] == self._jxc_kept(name, value) for move in self
                )
            else:
                fits = not value or (name == LINE and self._jxc_may_carry_out(vals))
            if not fits:
                raise AccessError(
                    self.env._(
                        "“%(field)s” of stock moves follows from what made them; it"
                        " cannot be written.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _jxc_kept(self, name, value):
        """The value of a field as a record has it."""
        return self.sudo()[name].browse(value) if name == LINE else value

    def _jxc_may_carry_out(self, vals):
        """Whether a new move is the allocation's, or split off or copied from one."""
        if self.env.context.get(ALLOCATING_KEY) is ALLOCATING:
            return True
        line = self.env["jxc.stock.allocation.line"].sudo().browse(vals[LINE])
        ways = {
            frozenset((move.location_id.id, move.location_dest_id.id))
            for move in line.move_ids
            if move.product_id.id == vals.get("product_id")
        }
        return (
            frozenset((vals.get("location_id"), vals.get("location_dest_id"))) in ways
        )
