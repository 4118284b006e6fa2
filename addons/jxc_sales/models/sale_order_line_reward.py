# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools import marks

#: What makes a line the reward of a promotion.
REWARD_FIELDS = {"coupon_id", "points_cost", "reward_id", "reward_identifier_code"}

#: What a reward is worth, and for which order.
WORTH_FIELDS = {
    "discount",
    "order_id",
    "price_unit",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrder(models.Model):
    """Promotions write the lines of their rewards, and nobody else does."""

    _inherit = "sale.order"

    def _write_vals_from_reward_vals(self, reward_vals, old_lines, delete=True):
        with marks.Rewarding() as mark:
            order = self.with_context(**{marks.REWARDING: mark})
            left = super(SaleOrder, order)._write_vals_from_reward_vals(
                reward_vals, old_lines, delete
            )
        return left.with_env(self.env)

    def copy(self, default=None):
        # The platform copies rewards as well, and takes them out again.
        with marks.Rewarding() as mark:
            orders = super(
                SaleOrder, self.with_context(**{marks.REWARDING: mark})
            ).copy(default)
        return orders.with_env(self.env)


class SaleOrderLine(models.Model):
    """Rewards count for nothing where prices are judged: nobody writes them by hand."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Make lines.

        :raise AccessError: of a reward, other than by its promotion
        """
        default_names = [f"default_{name}" for name in REWARD_FIELDS]
        if any(self.env.context.get(name) for name in default_names) or any(
            vals.get(name) for vals in vals_list for name in REWARD_FIELDS
        ):
            self._jxc_check_promotion()
        return super().create(vals_list)

    def write(self, vals):
        """Change lines.

        :raise AccessError: what makes a line a reward, or what a reward is worth, other
            than by its promotion
        """
        if REWARD_FIELDS & set(vals) or (
            WORTH_FIELDS & set(vals) and any(line.reward_id for line in self.sudo())
        ):
            self._jxc_check_promotion()
        return super().write(vals)

    def _reset_loyalty(self, complete=False):
        with marks.Rewarding() as mark:
            lines = self.with_context(**{marks.REWARDING: mark})
            super(SaleOrderLine, lines)._reset_loyalty(complete)
        return self

    def _jxc_check_promotion(self):
        """:raise AccessError: for everybody but the promotions and the server"""
        if not (self.env.su or marks.rewarding_of(self.env)):
            raise AccessError(
                self.env._(
                    "The lines of rewards are written by their promotions. Use Reward"
                    " or Promo Code on the order, or a discount of the line."
                )
            )
