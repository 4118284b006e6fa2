# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

READER = "jxc_finance_bridge.group_finance_integration"


class ResUsers(models.Model):
    _inherit = "res.users"

    def _jxc_only_reads_books(self):
        """Whether the user has the role of programs that read the books, and no other.

        Who has another role as well does what that one allows.
        """
        self.ensure_one()
        if not self.has_group(READER):
            return False
        roles = self.env.ref(READER).sudo() | self.env.ref("base.group_user").sudo()
        return set(self._get_group_ids()) <= set(roles.all_implied_ids.ids)
