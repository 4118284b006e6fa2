# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class SaleOrder(models.Model):
    """What returns that are not settled yet will take back of promotions."""

    _inherit = "sale.order"

    @api.depends(
        "order_line.jxc_return_allocation_ids.line_id.return_id.is_to_settle",
        "order_line.jxc_taken_back_ids.parent_state",
        "order_line.jxc_taken_back_ids.price_total",
    )
    def _compute_jxc_credit(self):
        return super()._compute_jxc_credit()

    def _jxc_credit_less_promotions(self, total):
        """Let goods that came back free only what will be credited for them.

        A promotion that the goods kept do not earn any more comes off the credit note;
        what it is more than that, will be invoiced. In a draft document over a return
        it counts there, as the order's own lines do.

        :param total: Use of one order by part, in its currency; changed
        """
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: line.price_total < 0 or line.reward_id
        )
        if not lines:
            return
        for item in lines.jxc_taken_back_ids:
            if item.parent_state in ("draft", "posted"):
                amount = -item.move_id.direction_sign * item.price_total
                total[item.parent_state] += amount
        returns = self.order_line.jxc_return_allocation_ids.line_id.return_id
        if not any(returns.mapped("is_to_settle")):
            return
        charge = 0.0
        for line, part in returns._promotions_to_take(self):
            if line.reward_id.reward_type == "product":
                charge += self._jxc_gift_price(line, part)
            else:
                charge -= line.price_total * part
        from_credit = min(charge, max(0.0, total["returned"]))
        total["returned"] -= from_credit
        total["delivered"] += charge - from_credit
