# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain


class JxcPoolMixin(models.AbstractModel):
    """The next steps go the way of the customer or lead they are about."""

    _inherit = "jxc.pool.mixin"

    def _jxc_step_domain(self):
        """Return the domain of the follow-ups that are about these records alone."""
        raise NotImplementedError

    def _jxc_open_steps(self):
        """Return their follow-ups whose next step is open, as superuser."""
        # sudo: reports of others as well
        followups = self.env["jxc.followup"].sudo()
        if not self:
            return followups
        return followups.search(
            followups._get_open_domain() & self._jxc_step_domain(), order="id"
        )

    def _jxc_note_owner_change(self, before):
        """Who gets a customer or lead gets what the former owner planned with it.

        Also when nobody had it for a while.
        """
        former = {
            record: before[record.id] or record.jxc_pool_last_owner_id
            for record in self
        }
        result = super()._jxc_note_owner_change(before)
        handed = self.filtered(lambda record: record.user_id and former[record])
        groups = handed.grouped(lambda record: (former[record], record.user_id))
        for (former, owner), records in groups.items():
            steps = records._jxc_open_steps()
            steps = steps.filtered(lambda step, of=former: step.next_user_id == of)
            steps._hand_over_steps(owner)
        return result

    def _jxc_fall(self, kind, reason=None):
        """Who gives it up, or lost it, has no more steps to take."""
        before = self.grouped("user_id")
        result = super()._jxc_fall(kind, reason)
        for former, records in before.items():
            steps = records._jxc_open_steps()
            steps.filtered(
                lambda step, of=former: step.next_user_id == of
            )._close_steps()
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _jxc_step_domain(self):
        """Those about a lead are the lead's, which may have another owner."""
        entities = self._jxc_in_pool_scheme()
        return Domain("customer_id", "in", entities.ids) & Domain("lead_id", "=", False)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def write(self, vals):
        """Nobody takes a step about what is lost, or put away."""
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            self._jxc_open_steps()._close_steps()
        return result

    def _jxc_step_domain(self):
        return Domain("lead_id", "in", self.ids)
