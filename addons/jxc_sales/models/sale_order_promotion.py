# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter

from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Confirmed orders use up promotions that have a limited number of uses."""

    _inherit = "sale.order"

    def write(self, vals):
        """Take the uses of limited promotions when orders become confirmed.

        :raise UserError: a promotion of the orders is used up, on every channel
        """
        if vals.get("state") == "sale":
            self.filtered(lambda order: order.state != "sale")._jxc_use_promotions()
        elif "state" in vals:
            self.filtered(lambda order: order.state == "sale")._jxc_use_promotions(-1)
        return super().write(vals)

    def _jxc_limited_programs(self):
        """The promotions of one order that have a limited number of uses."""
        # Programs of other companies may be used without being seen.
        programs = self.sudo().order_line.reward_id.program_id
        return programs.filtered("limit_usage")

    def _jxc_use_promotions(self, times=1):
        """Take a use of each limited promotion of these orders through the gate.

        :param times: -1 gives the uses back
        :raise UserError: naming promotion, limit and orders
        """
        uses = Counter()
        for order in self:
            for program in order._jxc_limited_programs():
                uses[program] += times
        self._jxc_take_uses(uses)

    def _jxc_take_uses(self, uses):
        programs = self.env["loyalty.program"].sudo().union(*uses)
        short = programs._jxc_gate_take(
            {program.id: number for program, number in uses.items()}
        )
        if not short:
            return
        texts = [
            self.env._(
                "%(promotion)s: %(limit)d uses, %(used)d of them taken, %(asked)d"
                " asked",
                promotion=programs.browse(one.resource_id).name,
                limit=one.capacity,
                used=one.used,
                asked=one.asked,
            )
            for one in short
        ]
        spent = programs.browse([one.resource_id for one in short])
        orders = self.filtered(lambda order: order._jxc_limited_programs() & spent)
        raise UserError(
            self.env._(
                "%(orders)s: a promotion is used up.\n%(promotions)s\nTake the reward"
                " off the order, or raise the number of uses of the promotion.",
                orders=", ".join(orders.mapped("name")),
                promotions="\n".join(texts),
            )
        )
