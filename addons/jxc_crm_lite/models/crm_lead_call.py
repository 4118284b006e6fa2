# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "jxc.call.mixin"]

    def _jxc_call_number(self):
        return self.phone or self.partner_id._jxc_call_number()
