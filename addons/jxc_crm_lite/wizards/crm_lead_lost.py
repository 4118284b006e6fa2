# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class CrmLeadLost(models.TransientModel):
    _inherit = "crm.lead.lost"

    jxc_lost_to_id = fields.Many2one(
        comodel_name="jxc.competitor",
        string="Lost to",
    )

    def action_lost_reason_apply(self):
        """Keep the competitor with the reason."""
        result = super().action_lost_reason_apply()
        self.lead_ids.jxc_lost_to_id = self.jxc_lost_to_id
        return result
