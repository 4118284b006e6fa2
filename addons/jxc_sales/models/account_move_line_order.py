# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Which orders a posted invoice bills stays as it was posted.

    What an order still brings to its customer's exposure follows from it.
    """

    _inherit = "account.move.line"

    def write(self, vals):
        """Keep what is posted with its orders.

        :raise UserError: naming the invoices
        """
        if "sale_line_ids" in vals and not self.env.su:
            self._jxc_check_order_links(vals["sale_line_ids"])
        return super().write(vals)

    def _jxc_check_order_links(self, value):
        """:raise UserError: posted lines would bill other order lines than now"""
        field = self._fields["sale_line_ids"]
        moved = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and set(field.convert_to_cache(value, line, validate=False))
                != set(line.sudo().sale_line_ids.ids)
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(invoices)s is posted: which orders it bills stays. Reset it to"
                    " draft, or credit it and invoice the order.",
                    invoices=", ".join(moved.move_id.mapped("display_name")),
                )
            )
