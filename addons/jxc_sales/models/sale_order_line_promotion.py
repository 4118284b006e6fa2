# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter

from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """Rewards that are added to confirmed orders use promotions up, too."""

    _inherit = "sale.order.line"

    jxc_taken_back_ids = fields.One2many(
        comodel_name="account.move.line",
        inverse_name="jxc_promotion_line_id",
        string="Taken Back by",
        readonly=True,
        copy=False,
    )
    jxc_return_allocation_ids = fields.One2many(
        comodel_name="jxc.sale.return.allocation",
        inverse_name="sale_line_id",
        string="Returned by",
        readonly=True,
        copy=False,
        export_string_translation=False,
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rewards = [vals for vals in vals_list if vals.get("reward_id")]
        if rewards:
            self._jxc_use_promotions(rewards)
        return super().create(vals_list)

    def _jxc_use_promotions(self, vals_list):
        Order = self.env["sale.order"]
        uses, counted, orders = Counter(), set(), Order
        for vals in vals_list:
            order = Order.browse(vals.get("order_id"))
            reward = self.env["loyalty.reward"].sudo().browse(vals["reward_id"])
            program = reward.program_id
            known = order._jxc_limited_programs() if order else program
            if (
                order
                and order.state == "sale"
                and program.limit_usage
                and program not in known
                and (order, program) not in counted
            ):
                counted.add((order, program))
                uses[program] += 1
                orders |= order
        if uses:
            orders._jxc_take_uses(uses)
