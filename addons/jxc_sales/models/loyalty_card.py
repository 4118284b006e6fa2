# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import AccessError

from ..tools import marks

#: What a card is worth, and to whom.
WORTH_FIELDS = {"active", "expiration_date", "partner_id", "points", "program_id"}

MANAGER = "sales_team.group_sale_manager"


class LoyaltyCard(models.Model):
    """Points come from orders, or from a manager: rewards pass the lowest prices."""

    _inherit = "loyalty.card"

    def write(self, vals):
        """Change cards.

        :raise AccessError: points, customer, promotion or term of a card, other than by
            an order or a sales manager
        """
        names = WORTH_FIELDS & set(vals)
        if names and not self._jxc_may_be_worth_more():
            raise AccessError(
                self.env._(
                    "%(fields)s of cards and coupons follow from orders. Only a sales"
                    " manager changes them by hand.",
                    fields=", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(names)
                    ),
                )
            )
        return super().write(vals)

    def _jxc_may_be_worth_more(self):
        env = self.env
        return bool(
            env.su
            or marks.counting_of(env)
            or marks.confirming_of(env)
            or marks.cancelling_of(env)
            or marks.updating_of(env)
            or env.user.has_group(MANAGER)
        )


class SaleOrderLine(models.Model):
    """Rewards of confirmed orders take points from cards, and give them back."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("coupon_id") for vals in vals_list):
            return super().create(vals_list)
        with marks.Counting() as mark:
            lines = self.with_context(**{marks.COUNTING: mark})
            created = super(SaleOrderLine, lines).create(vals_list)
        return created.with_env(self.env)

    def write(self, vals):
        if "points_cost" not in vals:
            return super().write(vals)
        with marks.Counting() as mark:
            lines = self.with_context(**{marks.COUNTING: mark})
            return super(SaleOrderLine, lines).write(vals)

    def unlink(self):
        if not self.coupon_id:
            return super().unlink()
        with marks.Counting() as mark:
            lines = self.with_context(**{marks.COUNTING: mark})
            return super(SaleOrderLine, lines).unlink()
