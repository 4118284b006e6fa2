# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

#: What a transaction found to be in force, by model: ``{model: ids}``.
IN_FORCE = "jxc_base.tier_definitions_in_force"


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

    def _jxc_lets_requesters_decide(self):
        """Tell whether requesters decide this tier; never if the model forbids it."""
        self.ensure_one()
        if not self.jxc_allow_requester or self.exclude_requester:
            return False
        return not self._jxc_is_never_decided_by_requesters()

    def _jxc_is_never_decided_by_requesters(self):
        model = self.env.get(self.sudo().model)
        return getattr(model, "_jxc_requesters_never_decide", False)

    @api.constrains("jxc_allow_requester", "model_id")
    def _check_jxc_allow_requester(self):
        for tier in self:
            if tier.jxc_allow_requester and tier._jxc_is_never_decided_by_requesters():
                raise ValidationError(
                    self.env._(
                        "%(tier)s: whoever asked for a document of the kind “%(kind)s”"
                        " never decides it. Take out “Requester May Approve”.",
                        tier=tier.display_name,
                        kind=tier.model_id.name,
                    )
                )

    # ------------------------------------------------------------
    # In force
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._jxc_forget_in_force()
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_forget_in_force()
        return super().write(vals)

    def unlink(self):
        self._jxc_forget_in_force()
        return super().unlink()

    @api.model
    def _jxc_in_force(self, model):
        """Return the active definitions of a model in any company, as superuser.

        A document is judged several times on its way through an approval; the
        definitions are looked up once in a transaction. What was found is kept where
        the database cursor keeps what ends with a rollback, also to a savepoint: other
        than a cache of the process it never knows less than the transaction itself.
        """
        known = self.env.cr.precommit.data.setdefault(IN_FORCE, {})
        if model not in known:
            self.flush_model(["active", "model"])
            rows = self.env.execute_query(
                SQL(
                    "SELECT id FROM tier_definition WHERE active AND model = %s"
                    " ORDER BY id",
                    model,
                )
            )
            known[model] = [id_ for (id_,) in rows]
        return self.sudo().browse(known[model])

    @api.model
    def _jxc_keep_in_force(self, model, ids):
        """Keep what was just read of a model, see :meth:`_jxc_in_force`."""
        self.env.cr.precommit.data.setdefault(IN_FORCE, {})[model] = sorted(ids)

    def _jxc_forget_in_force(self):
        self.env.cr.precommit.data.pop(IN_FORCE, None)
