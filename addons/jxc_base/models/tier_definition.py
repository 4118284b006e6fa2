# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError


class TierDefinition(models.Model):
    _inherit = "tier.definition"

    jxc_allow_requester = fields.Boolean(
        string="Requester May Approve",
        help="Without this, whoever created the document or requested its approval "
        "cannot decide this tier, even when named as its reviewer.",
    )

    def _check_access(self, operation):
        """Administrators write definitions, internal users read them, others neither.

        The access rights that come with the tier engine are wider; here they cannot
        come back with an update of it.
        """
        group = "base.group_user" if operation == "read" else "base.group_system"
        if not self.env.user.has_group(group):
            return self, partial(self._jxc_make_access_error, operation)
        return super()._check_access(operation)

    def _jxc_make_access_error(self, operation):
        if operation == "read":
            return AccessError(
                self.env._("Approval tiers are for internal users only.")
            )
        return AccessError(
            self.env._(
                "Only an administrator may change approval tiers. Ask one to do it "
                "under Settings, Technical, Tier Validations."
            )
        )

    @api.model
    def _get_tier_validation_model_names(self):
        """Offer every model of the database that goes through tiers."""
        names = super()._get_tier_validation_model_names()
        mixin = self.pool["tier.validation"]
        return names + sorted(
            name
            for name, model in self.pool.items()
            if issubclass(model, mixin) and not model._abstract and name not in names
        )
