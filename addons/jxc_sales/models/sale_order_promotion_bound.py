# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

from ..tools import marks


class SaleOrder(models.Model):
    """Promotions for products that an order has not are not looked at."""

    _inherit = "sale.order"

    def _update_programs_and_rewards(self):
        with marks.Updating() as mark:
            orders = self.with_context(**{marks.UPDATING: mark})
            return super(SaleOrder, orders)._update_programs_and_rewards()

    def _get_program_domain(self):
        domain = super()._get_program_domain()
        if not marks.updating_of(self.env):
            return domain
        vain = self._jxc_vain_program_ids()
        return list(Domain(domain) & Domain("id", "not in", vain)) if vain else domain

    def _jxc_vain_program_ids(self):
        """Ids of promotions that this order cannot get, nor has had applied."""
        self.ensure_one()
        bound = self.env["loyalty.program"]._jxc_bound_products()
        products = frozenset(self.order_line.product_id.ids)
        # What is applied may be another company's.
        order = self.sudo()
        cards = order.coupon_point_ids.coupon_id | order.applied_coupon_ids
        kept = set((cards.program_id | order.order_line.reward_id.program_id).ids)
        return [
            program_id
            for program_id, wanted in bound
            if program_id not in kept and products.isdisjoint(wanted)
        ]
