# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models, tools

from .jxc_pool_mixin import SELLER

ALL = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"


class ResUsers(models.Model):
    """Who sees deliveries only because he sells.

    The platform shows every delivery to every salesperson. The rules over transfers and
    their moves follow the owner of order and customer instead, for people with a role
    in sales and no other that reads transfers: buyers, accountants, stock and credit
    people keep what their roles show.
    """

    _inherit = "res.users"

    def _jxc_only_sells(self):
        """Return whether transfers are shown to the user for his role in sales alone.

        False for who sees all documents of sales.
        """
        self.ensure_one()
        if not self.has_group(SELLER) or self.has_group(ALL):
            return False
        return not self._jxc_roles_with_transfers().intersection(self._get_group_ids())

    @api.model
    @tools.ormcache(cache="stable")
    def _jxc_roles_with_transfers(self):
        """Return the ids of the groups outside sales that read transfers."""
        # sudo: which groups there are decides here, not who asks
        access = self.env["ir.model.access"].sudo()
        groups = access.search(
            [("model_id.model", "=", "stock.picking"), ("perm_read", "=", True)]
        ).group_id
        sellers = self.env.ref(SELLER) | self.env.ref(MANAGER)
        return frozenset((groups - sellers).ids)
