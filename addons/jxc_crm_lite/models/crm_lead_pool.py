# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "jxc.pool.mixin"]

    _jxc_server_fields = frozenset({"jxc_pool_state", "jxc_line_total"})

    def _jxc_in_pool_scheme(self):
        """What is won or lost needs no follow-up."""
        return self.filtered(lambda lead: lead.active and lead.won_status == "pending")

    def _get_jxc_pool_depends(self):
        return [*super()._get_jxc_pool_depends(), "active", "won_status"]

    def _jxc_pool_log_values(self):
        return {"lead_id": self.id, "partner_id": self.partner_id.id}

    def _jxc_owner_is_guarded(self):
        """Leads change hands freely, but out of the pool only by a claim."""
        return bool(self.sudo().jxc_pool_date)
