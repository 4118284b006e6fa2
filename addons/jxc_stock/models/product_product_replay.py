# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.replay import replay_of


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _update_standard_price(self, extra_value=None, extra_quantity=None):
        """Read a product's whole history once, not at each receipt and at its bill."""
        replay = replay_of(self.env)
        if replay:
            replay.received.update(self.ids)
            return None
        return super()._update_standard_price(extra_value, extra_quantity)
