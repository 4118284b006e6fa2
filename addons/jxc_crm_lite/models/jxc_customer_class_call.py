# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcCustomerClass(models.Model):
    _inherit = "jxc.customer.class"

    def action_jxc_call(self):
        """Call the customer of this row; see ``jxc.call.mixin``."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_jxc_call()
