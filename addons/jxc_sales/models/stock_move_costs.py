# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What transfers carry along of costs is for those who work with costs.

Whoever moves goods needs none of it: the platform compares and copies prices of moves
in his name, with superuser rights.
"""

from odoo import api, fields, models

from ..tools.costs import COST_ROLES


class StockMove(models.Model):
    _inherit = "stock.move"

    value = fields.Monetary(groups=COST_ROLES)
    value_manual = fields.Monetary(groups=COST_ROLES)
    value_justification = fields.Text(groups=COST_ROLES)
    value_computed_justification = fields.Text(groups=COST_ROLES)
    standard_price = fields.Float(groups=COST_ROLES)
    price_unit = fields.Float(groups=COST_ROLES)
    remaining_value = fields.Monetary(compute_sudo=True, groups=COST_ROLES)

    @api.model_create_multi
    def create(self, vals_list):
        """Take prices of moves that are split off or made by rules, from anybody."""
        price = self._fields["price_unit"]
        if self._has_field_access(price, "write") or not any(
            "price_unit" in vals for vals in vals_list
        ):
            return super().create(vals_list)
        moves = super().create(
            [
                {name: vals[name] for name in vals if name != "price_unit"}
                for vals in vals_list
            ]
        )
        for move, vals in zip(moves.sudo(), vals_list, strict=True):
            if vals.get("price_unit"):
                move.price_unit = vals["price_unit"]
        return moves

    def _set_value(self, correction_quantity=None):
        return super(StockMove, self.sudo())._set_value(correction_quantity)

    def _get_cogs_price_unit(self, quantity=0):
        return super(StockMove, self.sudo())._get_cogs_price_unit(quantity)

    def copy_data(self, default=None):
        """Leave out what this user may not see, other than what the caller brings."""
        if self._has_field_access(self._fields["value"], "read"):
            return super().copy_data(default)
        self.check_access("read")
        kept = default or {}
        return [
            {
                name: value
                for name, value in vals.items()
                if name in kept or self._fields[name].groups != COST_ROLES
            }
            for vals in super(StockMove, self.sudo()).copy_data(default)
        ]

    def _prepare_move_split_vals(self, qty):
        return super(StockMove, self.sudo())._prepare_move_split_vals(qty)

    def _merge_moves(self, merge_into=False):
        """Merge for who may not see prices, too: moves of unlike price stay apart."""
        if self._has_field_access(self._fields["price_unit"], "write"):
            return super()._merge_moves(merge_into)
        moves = super(StockMove, self.sudo())._merge_moves(
            merge_into and merge_into.sudo()
        )
        return moves.sudo(False)
