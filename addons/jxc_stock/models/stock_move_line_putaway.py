# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

#: Places that goods leave the company for: nobody puts them on a shelf there.
OUTSIDE = ("customer", "inventory", "production", "supplier")


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _apply_putaway_strategy(self):
        """Look for a shelf, but not at the customer's.

        The platform looks through the places within each destination, twice for every
        delivery that is reserved.
        """
        outside = self.filtered(lambda line: line._jxc_stays_at_destination())
        inside = self - outside
        return (
            super(StockMoveLine, inside)._apply_putaway_strategy() if inside else None
        )

    def _jxc_stays_at_destination(self):
        """Whether putting away would choose the destination of the move anyway."""
        place = self.move_id.location_dest_id
        return (
            place.usage in OUTSIDE
            and place == self.location_dest_id
            and not place.putaway_rule_ids
        )
