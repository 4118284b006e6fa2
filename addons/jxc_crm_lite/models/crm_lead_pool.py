# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS

from .jxc_pool_mixin import SELLER
from .res_partner_guard import ALL


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "jxc.pool.mixin"]

    _jxc_server_fields = frozenset(
        {"jxc_pool_state", "jxc_pool_company_id", "jxc_line_total"}
    )

    jxc_pool_log_ids = fields.One2many(
        comodel_name="jxc.pool.log",
        inverse_name="lead_id",
        string="History of Owners",
        groups=NO_ACCESS,
    )

    def _jxc_in_pool_scheme(self):
        """What is won or lost needs no follow-up."""
        return self.filtered(lambda lead: lead.active and lead.won_status == "pending")

    def _get_jxc_pool_depends(self):
        return [*super()._get_jxc_pool_depends(), "active", "won_status"]

    def _jxc_pool_log_values(self):
        return {"lead_id": self.id, "partner_id": self.partner_id.id}

    def _jxc_owner_is_guarded(self):
        """As with customers: taken by a claim, given up by a release, and no other way.

        Who clears the salesperson of a lead and enters himself again, or hands it to a
        colleague and back, would begin anew every time, past limit and cool-down. The
        platform's assignment runs for sales managers and the scheduler.
        """
        return self.sudo()._jxc_pool_is_used()

    def _check_access(self, operation):
        """What lies in the pool is claimed before it is worked on, won or lost."""
        result = super()._check_access(operation)
        if result or operation not in ("write", "unlink") or self.env.su:
            return result
        user = self.env.user
        if not any(self._ids) or not user.has_group(SELLER) or user.has_group(ALL):
            return None
        # sudo: state and company of a lead decide, whether or not they are shown
        pooled = self.sudo().filtered(
            lambda lead: (
                lead.jxc_pool_state == "pool"
                and lead._jxc_pool_company().jxc_pool_active
            )
        )
        if not pooled:
            return None
        return pooled.sudo(False), lambda: AccessError(
            self.env._(
                "%(names)s: in the public pool, claim it first.",
                names=", ".join(pooled.mapped("display_name")[:10]),
            )
        )
