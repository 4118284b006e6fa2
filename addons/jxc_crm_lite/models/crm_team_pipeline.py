# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model
    def _action_update_to_pipeline(self, action):
        """Executives own no opportunity: they see everybody's at once."""
        action = super()._action_update_to_pipeline(action)
        user = self.env.user
        if user.has_group("jxc_base.group_executive") and not user.has_group(
            "sales_team.group_sale_salesman"
        ):
            action["context"].pop("search_default_assigned_to_me", None)
        return action
