# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from .account_move_match import MATCHED


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        """The database takes the lines along without asking them."""
        self.order_line._jxc_leave_bills()


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._jxc_leave_bills()

    def _jxc_leave_bills(self):
        """Bills do not get past matching by their order going away.

        :raise UserError: for lines that posted bills are for
        """
        # sudo: who deletes orders need not read bills
        items = self.sudo().invoice_lines.filtered(
            lambda item: item.move_id.move_type in MATCHED
        )
        for item in items.filtered(lambda item: item.parent_state == "posted"):
            raise UserError(
                self.env._(
                    "%(bill)s bills %(line)s; the order stays as the reason for it.",
                    bill=item.move_id.display_name,
                    line=item.purchase_line_id.display_name,
                )
            )
        items.write({"jxc_order_removed": True})
