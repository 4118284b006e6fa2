# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from ..tools import marks

#: Who may agree to less once something is invoiced.
DECIDERS = "sales_team.group_sale_manager"
#: Writing one of these may make what was invoiced cheaper.
PRICE_FIELDS = {
    "discount",
    "jxc_aux_qty",
    "jxc_is_priced_by_aux",
    "price_unit",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    """The price of what is invoiced goes down by a sales manager only.

    By the order's price it is known what its invoices leave out, see the order.
    """

    _inherit = "sale.order.line"

    def write(self, vals):
        """Keep the price of what is invoiced.

        :raise UserError: it would go down, and the user is no sales manager
        """
        if not PRICE_FIELDS & set(vals) or self._jxc_may_agree_to_less():
            return super().write(vals)
        invoiced = self.filtered(
            lambda line: any(
                one.parent_state == "posted" for one in line.sudo().invoice_lines
            )
        )
        if not invoiced:
            return super().write(vals)
        before = {line: line._jxc_unit_price() for line in invoiced}
        # A refused change is taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            result = super().write(vals)
            invoiced._jxc_check_not_cheaper(before)
        return result

    def _jxc_may_agree_to_less(self):
        return (
            self.env.su
            or marks.replay_of(self.env)
            or self.env.user.has_group(DECIDERS)
        )

    def _jxc_check_not_cheaper(self, before):
        """
        :param before: ``{line: price of one unit, tax and discount included}``
        :raise UserError: naming the goods
        """
        cheaper = self.filtered(
            lambda line: (
                # The total of a line is rounded, and so is its part of it.
                (before[line] - line._jxc_unit_price()) * abs(line.product_uom_qty)
                > line.currency_id.rounding
            )
        )
        if cheaper:
            raise UserError(
                self.env._(
                    "%(products)s: this is invoiced already. A sales manager lowers the"
                    " price, or you credit the difference.",
                    products=", ".join(cheaper.product_id.mapped("display_name")),
                )
            )
