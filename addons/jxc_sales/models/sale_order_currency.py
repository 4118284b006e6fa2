# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks


class SaleOrder(models.Model):
    """An order is in the currency of its price list; no client makes it another.

    The same figure in a weaker currency is a price that nobody agreed on.
    """

    _inherit = "sale.order"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"currency_id"})

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if any("currency_id" in vals for vals in vals_list):
            orders._jxc_check_currency()
        return orders

    def write(self, vals):
        if "currency_id" not in vals:
            return super().write(vals)
        known = {order: order.currency_id for order in self}
        result = super().write(vals)
        self.filtered(
            lambda order: order.currency_id != known[order]
        )._jxc_check_currency(known)
        return result

    def _jxc_check_currency(self, known=()):
        """Keep orders in the currency of their price list, confirmed ones as agreed.

        :param known: ``{order: currency it had}`` of those that are not new
        :raise UserError: naming the order and its currency
        """
        if self.env.su or is_history(self.env) or marks.replay_of(self.env):
            return
        for order in self:
            follows = order.pricelist_id.currency_id or order.company_id.currency_id
            is_agreed = order in known and order.state == "sale"
            if order.currency_id != follows or is_agreed:
                raise UserError(
                    self.env._(
                        "%(order)s is in %(currency)s, as its price list is: choose"
                        " another price list before it is confirmed.",
                        order=order.name,
                        currency=(known[order] if order in known else follows).name,
                    )
                )
