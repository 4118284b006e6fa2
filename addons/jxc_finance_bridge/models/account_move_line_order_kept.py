# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """A posted bill goes on to count for the order that it bills.

    What was compared when it was posted is what is billed of the order. Let go of it,
    or moved to another one, the same goods would be billed and paid once more. A line
    that has no order yet may get one: the bill came before its goods.
    """

    _inherit = "account.move.line"

    def write(self, vals):
        """Keep posted bills with their orders.

        :raise UserError: naming the bills
        """
        if "purchase_line_id" in vals and not self.env.su:
            self._jxc_check_order_kept(vals["purchase_line_id"] or False)
        return super().write(vals)

    def _jxc_check_order_kept(self, order_line_id):
        """:raise UserError: posted lines would bill another order line, or none"""
        moved = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.purchase_line_id
                and line.purchase_line_id.id != order_line_id
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(bills)s: posted bills stay with the orders that they bill. Reset"
                    " them to draft to correct that, and they are compared again.",
                    bills=", ".join(moved.move_id.mapped("display_name")),
                )
            )
