# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

#: What a follow-up's next step says too.
OF_STEPS = {"active", "date_deadline", "user_id"}
#: An object no client can send, whatever is in its context.
STEPS_STAY = object()


class MailActivity(models.Model):
    """An activity that is a follow-up's next step: what becomes of it is the step's."""

    _inherit = "mail.activity"

    def write(self, vals):
        """Done, moved and handed over: the next step is as well."""
        result = super().write(vals)
        if OF_STEPS & vals.keys():
            self._jxc_steps()._follow_activities()
        return result

    def unlink(self):
        """Who deletes it does not mean to take the step any more."""
        if self.env.context.get("jxc_steps") is not STEPS_STAY:
            steps = self._jxc_steps()
            open_steps = steps.filtered_domain(steps._get_open_domain())
            open_steps.write({"is_next_done": True})
        return super().unlink()

    def _jxc_steps(self):
        """Return the follow-ups whose next step these activities are, as superuser."""
        # sudo: who may change the activity need not see the follow-up
        steps = self.env["jxc.followup"].sudo()
        return steps.search([("activity_id", "in", self.ids)]) if self else steps


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        """The platform deletes the activities of who leaves; the steps stay open.

        Otherwise nobody would hear of them, and the next owner of the customers would
        not get them.
        """
        leaving = self.with_context(jxc_steps=STEPS_STAY)
        return super(ResUsers, leaving).action_archive()
