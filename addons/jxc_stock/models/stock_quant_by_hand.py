# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

#: What goods are where. Also a new quant names it: it holds nothing yet.
PLACE = {"location_id", "lot_id", "owner_id", "package_id", "product_id"}
#: What operations make of it: how much, since when, and how long it is for orders.
RESULT = {
    "company_id",
    "in_date",
    "jxc_release_end",
    "quantity",
    "removal_date",
    "reserved_quantity",
}


class StockQuant(models.Model):
    """Stock is what operations moved; nobody writes it.

    The platform lets every user of the inventory write quantities and places outside of
    its inventory mode, without any movement. Operations and counts work with superuser
    rights here; what is counted goes into other fields, and moves goods.
    """

    _inherit = "stock.quant"

    @api.model
    def default_get(self, fields):
        # Also for the system: it makes the quant that a user found by counting.
        return own_defaults(self, super().default_get(fields), RESULT)

    @api.model_create_multi
    def create(self, vals_list):
        """Make quants; a user makes empty ones, to count them.

        :raise UserError: a user says himself how much is where
        """
        if not self.env.su:
            for vals in vals_list:
                if any(vals.get(name) for name in RESULT):
                    self._jxc_refuse_by_hand(
                        self.env["product.product"].browse(vals.get("product_id")),
                        self.env["stock.location"].browse(vals.get("location_id")),
                    )
        return super().create(vals_list)

    def write(self, vals):
        """Write what is counted, or planned to be.

        :raise UserError: a user writes himself what is where, or how much
        """
        if not self.env.su and not (PLACE | RESULT).isdisjoint(vals):
            # In inventory mode the platform itself refuses places, or ignores them.
            if not (self._is_inventory_mode() and RESULT.isdisjoint(vals)):
                for quant in self:
                    self._jxc_refuse_by_hand(quant.product_id, quant.location_id)
        return super().write(vals)

    def _jxc_refuse_by_hand(self, product, location):
        raise UserError(
            self.env._(
                "%(product)s in %(place)s: stock is changed by transfers, relocations"
                " and counts only.",
                product=product.display_name,
                place=location.display_name,
            )
        )
