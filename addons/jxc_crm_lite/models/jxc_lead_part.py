# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class JxcLeadPartMixin(models.AbstractModel):
    """A part of an opportunity (``lead_id``): for who may change the opportunity.

    What lies in the pool is claimed before it is worked on, parts included.
    """

    _name = "jxc.lead.part.mixin"
    _description = "Part of an Opportunity"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._jxc_check_lead()
        return parts

    def write(self, vals):
        self._jxc_check_lead()
        if vals.get("lead_id") and not self.env.su:
            self.env["crm.lead"].browse(vals["lead_id"]).check_access("write")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_others(self):
        self._jxc_check_lead()

    def _jxc_check_lead(self):
        """:raise AccessError: the opportunity is not the user's to change"""
        if not self.env.su:
            self.lead_id.check_access("write")
