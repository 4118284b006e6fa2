# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from ..tools import sources

#: Changes of a posted bill line that can bill more than was accepted.
QUANTITY_FIELDS = {"move_id", "product_uom_id", "purchase_line_id", "quantity"}


class AccountMoveLine(models.Model):
    """Lines that are added to posted bills, or grow there, are compared, too."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._jxc_control_posted()
        return lines

    def write(self, vals):
        """Compare again what changes on posted bills, with the orders before and now.

        :raise UserError: more is billed than accepted, or a bill lets go of its order
        """
        if QUANTITY_FIELDS.isdisjoint(vals):
            return super().write(vals)
        if "purchase_line_id" in vals:
            self._jxc_check_keeps_order(vals["purchase_line_id"])
        before = self._jxc_posted_of_orders().purchase_line_id
        result = super().write(vals)
        self._jxc_control_posted(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        """The platform lets clients delete lines of posted bills by a context key."""
        self.filtered(
            lambda line: line.parent_state == "posted"
        )._jxc_check_keeps_order(False)

    def _jxc_posted_of_orders(self):
        return self.filtered(
            lambda line: line.parent_state == "posted" and line.purchase_line_id
        )

    def _jxc_control_posted(self, before=None):
        """Compare the bills of these lines with their orders.

        :param before: order lines that they were for until now
        """
        lines = self._jxc_posted_of_orders()
        if lines:
            lines.move_id._jxc_control_bills()
        order_lines = lines.purchase_line_id
        if before:
            order_lines |= before
        order_lines._jxc_recheck_holds()

    def _jxc_check_keeps_order(self, order_line_id):
        """A bill that was posted goes on to count for what it billed.

        Otherwise the same goods could be billed once more. Set back to draft, it may be
        for another order, which is compared when it is posted; for none it may not.

        :param order_line_id: what the lines are to be for, an id or False
        :raise UserError: naming bill and order
        """
        for line in self:
            move, order_line = line.move_id, line.purchase_line_id
            if (
                not order_line
                or order_line.id == order_line_id
                or move.move_type not in sources.BILL_TYPES
                or move.company_id.sudo().jxc_bill_control == "none"
                or not move.posted_before
                or (move.state == "draft" and order_line_id)
            ):
                continue
            raise UserError(
                self.env._(
                    "%(bill)s bills %(product)s of %(order)s and stays with it: the"
                    " same goods could be billed once more. Set the bill to draft and"
                    " name the right order there, or take the line out.",
                    bill=move.name or move.display_name,
                    product=order_line.product_id.display_name or order_line.name,
                    order=order_line.sudo().order_id.name,
                )
            )
