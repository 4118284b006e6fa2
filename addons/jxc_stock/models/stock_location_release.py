# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .stock_move_line_release import CONTROL, REASON_KEY


class StockLocation(models.Model):
    """Goods also become available where their place does."""

    _inherit = "stock.location"

    jxc_release_reason = fields.Char(
        string="Reason of Release",
        copy=False,
        help="Why goods that were held here became available. Needed to change what"
        " goods here are, or the parent location, while some are there.",
    )

    def write(self, vals):
        """Record why goods become available.

        :raise AccessError: without the right to control stock
        :raise UserError: there are goods, but no reason
        """
        if {"jxc_stock_status", "jxc_status", "location_id"}.isdisjoint(vals):
            return super().write(vals)
        held = self._jxc_held_here()
        result = super().write(vals)
        freed = held.filtered(lambda place: place.jxc_status == "available")
        reason = vals.get("jxc_release_reason") or self.env.context.get(REASON_KEY)
        freed._jxc_release_goods(reason)
        return result

    def _jxc_held_here(self):
        """The held ones among these locations and all below them."""
        places = self.sudo().with_context(active_test=False)
        below = places.search([("id", "child_of", self.ids)])
        return below.filtered(lambda place: place.jxc_status != "available")

    def _jxc_release_goods(self, reason):
        """Record that the goods of these places are available now."""
        quants = self.env["stock.quant"].sudo()
        quants = quants.search([("location_id", "in", self.ids), ("quantity", ">", 0)])
        if not quants:
            return
        if not self.env.user.has_group(CONTROL):
            raise AccessError(
                self.env._(
                    "%(places)s: goods that are held become available by somebody with"
                    " the right “Stock Control”.",
                    places=", ".join(quants.location_id.mapped("display_name")),
                )
            )
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(
                self.env._(
                    "%(places)s: there are goods, and they become available. Enter"
                    " “%(field)s”; it is kept.",
                    places=", ".join(quants.location_id.mapped("display_name")),
                    field=self._fields["jxc_release_reason"]._description_string(
                        self.env
                    ),
                )
            )
        self.env["jxc.stock.freeze"]._jxc_log(
            [
                {
                    **quant._prepare_jxc_freeze_values(
                        quant.quantity, "release", reason
                    ),
                    "user_id": self.env.uid,
                    "location_dest_id": quant.location_id.id,
                }
                for quant in quants
            ]
        )
