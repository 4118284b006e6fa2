# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Bill lines that were posted before the goods they are for came."""

    _inherit = "account.move.line"

    def _jxc_link_covered(self):
        """Give posted lines without order the first receipt that covers them whole.

        The earliest bill first. What several receipts would have to cover cannot be
        split any more, and stays; so does what may not be booked on its day any more.

        :return: the lines that have an order now
        """
        linked = self.browse()
        waiting = self.filtered(
            lambda line: (
                line.product_id and not line.purchase_line_id and line.quantity > 0
            )
        )
        by_bill = waiting.sorted(lambda line: (line.date, line.move_id.id, line.id))
        for bill, lines in by_bill.grouped("move_id").items():
            rest = bill._jxc_open_receipts(lines.product_id)
            for line in lines:
                order_line, needed = line._jxc_get_cover(rest)
                if order_line and line._jxc_link(order_line):
                    rest[order_line] -= needed
                    linked |= line
        return linked

    def _jxc_get_cover(self, rest):
        """(order line that covers this one, quantity in its unit), or (None, 0)."""
        self.ensure_one()
        for order_line, left in rest.items():
            if order_line.product_id != self.product_id:
                continue
            unit = order_line.product_uom_id
            # odoo19-ok: unit-unchecked of the same product
            needed = self.product_uom_id._compute_quantity(
                self.quantity, unit, round=False
            )
            if unit.compare(left, needed) >= 0:
                return order_line, needed
        return None, 0.0

    def _jxc_link(self, order_line):
        """Whether a posted line could be booked with an order line."""
        try:
            with self.env.cr.savepoint():
                self.purchase_line_id = order_line
        except UserError:
            # A closed month, or one whose stock was taken: people decide.
            self.invalidate_recordset()
            return False
        return True
