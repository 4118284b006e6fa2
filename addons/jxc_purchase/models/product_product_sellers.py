# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _prepare_sellers(self, params=False):
        """Ask preferred vendors first, whoever buys: rules, alerts, sales, people.

        The first one whose price holds for quantity and date is chosen. A preferred
        vendor whose orders would be refused is no better than the others.
        """
        sellers = super()._prepare_sellers(params)
        first = sellers.filtered("jxc_is_preferred")
        if not sellers - first:
            return sellers
        if first:
            vendors = first.partner_id
            blocked = vendors._jxc_blocked_vendors(self.env.company, self[:1])
            first = first.filtered(lambda one: one.partner_id not in blocked)
        return first | (sellers - first)
