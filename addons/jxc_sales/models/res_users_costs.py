# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models, tools

from ..tools.costs import COST_ROLES, GIVEN_TO_NON_SELLERS, SELLER


class ResUsers(models.Model):
    _inherit = "res.users"

    @tools.ormcache("self.id")
    def _get_group_ids(self):
        """Give prices of vendors with the roles that need them, unless one sells.

        No set of implied groups can say that: what a role gives, another one cannot
        take. It depends on nothing but the user's groups, which empty this cache.
        """
        ids = super()._get_group_ids()
        get_id = self.env["res.groups"]._get_group_definitions().get_id
        costs = {get_id(name) for name in COST_ROLES.split(",")}
        if get_id(SELLER) in ids and costs.isdisjoint(ids):
            return ids
        given = (
            get_id(group)
            for group, role in GIVEN_TO_NON_SELLERS.items()
            if get_id(role) in ids
        )
        return (*ids, *(one for one in given if one and one not in ids))
