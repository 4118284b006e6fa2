# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

#: What makes a move one that brought goods to a customer, or back.
WAY_FIELDS = {"location_dest_id", "location_id", "state"}


class StockMove(models.Model):
    """Goods that left for a customer, or came back, have done so.

    The platform takes another status, or another way, for what it says, and leaves the
    stock as it is: the customer would keep the goods and owe nothing for them.
    """

    _inherit = "stock.move"

    def write(self, vals):
        """Write moves; those of customers that are done keep their way.

        :raise UserError: naming the goods and their transfer
        """
        names = WAY_FIELDS & vals.keys()
        if names and not self.env.su:
            self._jxc_check_way_kept({name: vals[name] for name in names})
        return super().write(vals)

    def _jxc_check_way_kept(self, vals):
        """:raise UserError: see :meth:`write`"""
        for move in self._jxc_done():
            if not move._jxc_touches_customer():
                continue
            if any(
                move._fields[name].convert_to_write(move[name], move) != value
                for name, value in vals.items()
            ):
                raise UserError(
                    self.env._(
                        "%(transfer)s: %(product)s was moved already, and what is done"
                        " keeps its status and its way. Take the goods back with a"
                        " return instead.",
                        transfer=move.picking_id.name or move.reference or "",
                        product=move.product_id.display_name,
                    )
                )
