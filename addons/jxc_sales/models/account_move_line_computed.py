# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .account_move_line_return import PROMOTION_FIELDS

#: What the platform computes and keeps; it takes a client's word for it until the
#: amounts, or what they are set against, change the next time.
COMPUTED_FIELDS = frozenset(
    {
        "amount_residual",
        "amount_residual_currency",
        "company_id",
        "parent_state",
        "price_subtotal",
        "price_total",
        "reconciled",
    }
)


class AccountMoveLine(models.Model):
    """Nobody writes what is open of an item: the customer's exposure is the sum."""

    _inherit = "account.move.line"

    _jxc_server_fields = PROMOTION_FIELDS | COMPUTED_FIELDS

    def _jxc_is_born_with(self, name, value):
        """Forms may send back what is there already."""
        field = self._fields[name]
        if self and name in COMPUTED_FIELDS:
            return all(
                field.convert_to_write(line[name], line) == value for line in self
            )
        return super()._jxc_is_born_with(name, value)
