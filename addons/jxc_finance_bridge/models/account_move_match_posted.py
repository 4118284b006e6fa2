# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Held bills that are posted, and goods that come at the same moment."""

    _inherit = "account.move"

    def _jxc_take_turn_with_receipts(self):
        """Of a bill without order and the receipt of its goods, one starts again.

        Both see only what was there when they began: posted at the same moment, the
        bill would find no goods, and the receipt no bill.
        """
        # sudo: who enters bills need not read orders
        expected = self.env["purchase.order.line"].sudo()
        for bill in self:
            lines = bill.invoice_line_ids.filtered(
                lambda line: line.product_id and not line.purchase_line_id
            )
            if lines:
                expected |= expected.search(bill._jxc_ordered_domain(lines.product_id))
        expected = expected.filtered(lambda line: line.qty_received < line.product_qty)
        self.env["jxc.stock.booking"].sudo()._take_turn(expected)

    def _jxc_match_posted(self):
        """See :meth:`action_jxc_match`."""
        # sudo: who enters bills need not read orders, and nobody writes matches
        held = self.sudo().jxc_match_ids.filtered("is_open")
        held.line_id._jxc_link_covered()
        held._jxc_compare_again()
        held.invalidate_recordset(["candidate_orders"])
        for bill in held.filtered("candidate_orders").move_id:
            bill.with_env(self.env)._jxc_match_as_draft()

    def _jxc_match_as_draft(self):
        """Match a posted bill whose line several receipts cover."""
        self.ensure_one()
        items = self.line_ids
        if items.matched_debit_ids or items.matched_credit_ids:
            raise UserError(
                self.env._(
                    "%(bill)s is settled in part. Undo that first; it has to be posted"
                    " again with the receipts of its goods.",
                    bill=self.display_name,
                )
            )
        self.button_draft()
        self._jxc_assign_receipts()
        self.action_post()
