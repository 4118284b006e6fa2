# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from .account_move_line_urgent import LINKING_FIELDS
from .purchase_order_line_billed import CONTROLLED_TYPES


class AccountMove(models.Model):
    """A bill of an order asks for money that was promised: the order is confirmed.

    Bills are drafted while an order is confirmed. Posted after it was taken back, they
    would be paid past its limits, budgets and approvals.
    """

    _inherit = "account.move"

    def write(self, vals):
        """:raise UserError: naming bill, orders that are not confirmed, and ways out"""
        if vals.get("state") == "posted" and not is_history(self.env):
            todo = self.filtered(lambda move: move.state != "posted")
            todo._jxc_check_ordered()
        return super().write(vals)

    def _jxc_check_ordered(self, lines=None):
        """Refuse bills of orders that are not confirmed.

        :param lines: judge only these of their lines; those that just came to orders
        :raise UserError: naming bill, orders and ways out
        """
        bills = self.filtered(lambda move: move.move_type in CONTROLLED_TYPES)
        # People who post bills need not read purchase orders.
        for bill in bills.sudo():
            judged = bill.invoice_line_ids
            if lines:
                judged &= lines
            orders = judged.purchase_line_id.order_id
            open_orders = orders.filtered(lambda order: order.state != "purchase")
            if open_orders:
                raise UserError(
                    self.env._(
                        "%(bill)s cannot be posted: the order %(orders)s is not"
                        " confirmed. Have it confirmed, or take its lines off the bill"
                        " and enter what is owed without it.",
                        bill=bill.ref or bill.display_name,
                        orders=", ".join(open_orders.mapped("name")),
                    )
                )


class AccountMoveLine(models.Model):
    """Posted bills do not become bills of orders that are not confirmed either."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: see ``account.move._jxc_check_ordered``"""
        lines = super().create(vals_list)
        lines._jxc_check_ordered_posted()
        return lines

    def write(self, vals):
        """:raise UserError: see ``account.move._jxc_check_ordered``"""
        result = super().write(vals)
        if not LINKING_FIELDS.isdisjoint(vals):
            self._jxc_check_ordered_posted()
        return result

    def _jxc_check_ordered_posted(self):
        linked = self.filtered(
            lambda line: line.parent_state == "posted" and line.purchase_line_id
        )
        if linked and not is_history(self.env):
            linked.move_id._jxc_check_ordered(linked)
