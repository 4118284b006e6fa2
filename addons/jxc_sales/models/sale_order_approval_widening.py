# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.approval import SKIP

from ..tools import marks


class SaleOrder(models.Model):
    """Orders that widen or get cheaper after their approval are approved again."""

    _inherit = "sale.order"

    jxc_below_zero = fields.Monetary(
        string="Lines below Zero",
        compute="_compute_jxc_below_zero",
        compute_sudo=True,
        groups="base.group_user",
        help="What the lines with a negative amount take off this order, untaxed.",
    )

    @api.depends("order_line.price_subtotal")
    def _compute_jxc_below_zero(self):
        for order in self:
            amounts = order.order_line.mapped("price_subtotal")
            order.jxc_below_zero = -sum(amount for amount in amounts if amount < 0)

    def _jxc_widening_fields(self):
        return {
            **super()._jxc_widening_fields(),
            "company_id": "change",
            "currency_id": "change",
            # Less and less of what is taken back makes the order cheaper as well.
            "jxc_below_zero": "increase",
            "jxc_minimum_gap": "increase",
            "jxc_terms_gap": "increase",
            "partner_id": "change",
            "partner_invoice_id": "change",
            "payment_term_id": "change",
            "order_line": {
                "discount": "increase",
                "jxc_aux_qty": "increase",
                "price_unit": "decrease",
                "product_id": "change",
                "product_uom_id": "change",
                "product_uom_qty": "increase",
                "tax_ids": "change",
            },
        }

    def _jxc_on_widened(self, changes):
        """Take an order back to where it is approved.

        :raise UserError: goods have left, there is an invoice, a promotion or something
            was ordered for it
        """
        if self.state != "sale":
            return
        reason = self._jxc_no_way_back()
        if reason:
            raise UserError(
                self.env._(
                    "%(document)s is confirmed, and this goes beyond what was approved:"
                    "\n%(changes)s\nIt cannot be approved again, because"
                    " %(reason)s. Sell the difference with a new order, which is"
                    " approved on its own.",
                    document=self.display_name,
                    changes="\n".join(f"- {change.text}" for change in changes),
                    reason=reason,
                )
            )
        with marks.Cancelling() as cancelling:
            order = self.with_context(
                **{marks.CANCELLING: cancelling, "skip_validation_check": SKIP}
            )
            order.picking_ids.filtered(
                lambda picking: picking.state != "cancel"
            ).action_cancel()
            order.write(
                {
                    "state": "sent" if self.signature else "draft",
                    "locked": False,
                    "jxc_confirm_on_approval": True,
                }
            )

    def _jxc_no_way_back(self):
        """Return why this confirmed order cannot wait for its approval again."""
        self.ensure_one()
        if any(picking.state == "done" for picking in self.picking_ids) or any(
            self.order_line.mapped("qty_delivered")
        ):
            return self.env._("goods of it have left")
        if any(move.state != "cancel" for move in self.invoice_ids):
            return self.env._("it has an invoice")
        if self.coupon_point_ids or self.order_line.reward_id:
            return self.env._("it used a promotion")
        if self.order_line.move_ids.move_orig_ids.filtered(
            lambda move: move.picking_id not in self.picking_ids
        ):
            return self.env._("goods were ordered for it")
        return False
