# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from odoo import models
from odoo.exceptions import AccessError


class TierValidationException(models.Model):
    _inherit = "tier.validation.exception"

    def _check_access(self, operation):
        """An exception opens fields of documents under review: administrators only."""
        group = "base.group_user" if operation == "read" else "base.group_system"
        if not self.env.user.has_group(group):
            return self, partial(self._jxc_make_access_error)
        return super()._check_access(operation)

    def _jxc_make_access_error(self):
        return AccessError(
            self.env._("Only an administrator may change approval exceptions.")
        )
