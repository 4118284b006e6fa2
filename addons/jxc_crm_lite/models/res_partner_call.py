# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "jxc.call.mixin"]

    def _jxc_call_number(self):
        """Contact persons are reached through the switchboard at last."""
        return self.phone or self.commercial_partner_id.phone or ""
