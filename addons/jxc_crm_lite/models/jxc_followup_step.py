# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import Domain

ACTIVITY_TYPES = {
    "phone": "mail.mail_activity_data_call",
    "visit": "mail.mail_activity_data_meeting",
    "email": "mail.mail_activity_data_email",
}
#: Of the step that is planned; of whatever else a follow-up has none.
IN_ACTIVITY = {"next_date", "next_note", "user_id"}


class JxcFollowup(models.Model):
    """The next step: an activity of the platform as long as it is open.

    The following contact of the same person ends it. So does who marks the activity
    done or deletes it; who moves the activity moves the step, see ``mail.activity``.
    """

    _inherit = "jxc.followup"

    def write(self, vals):
        anew = self._dated_anew(vals)
        overdue = {step: step.next_date for step in anew.filtered("is_overdue")}
        result = super().write(vals)
        anew.browse(step.id for step in overdue)._tell_put_off(overdue)
        if anew:
            # sudo: kept by the server; a new date is open, and may be missed as well
            anew.sudo().write({"is_next_done": False, "escalated_on": False})
        if IN_ACTIVITY & vals.keys():
            self._plan_next_step()
        return result

    def unlink(self):
        """What was planned with them goes too."""
        # sudo: activities of who is no longer at work as well
        activities = self.sudo().activity_id.filtered("active")
        result = super().unlink()
        activities.unlink()
        return result

    def _dated_anew(self, vals):
        """Return those that these values give another date of the next step."""
        date = fields.Date.to_date(vals.get("next_date"))
        return self.filtered(lambda followup: date and followup.next_date != date)

    def _tell_put_off(self, before):
        """Say in the timeline that overdue steps are put off.

        Who was told that a step is overdue hears of it.

        :param dict before: {step: the day it was to be taken}
        """
        for step in self.sudo():
            told = step.user_id.browse()
            if step.escalated_on:
                managers = step.company_id._jxc_sales_managers()
                told = step._get_escalation_user(managers)
            target = step.lead_id or step.partner_id
            target.message_post(
                body=step._told().env._(
                    "%(user)s: the next step of %(before)s is put off to %(date)s.",
                    user=step.next_user_id.name,
                    before=fields.Date.to_string(before[step]),
                    date=fields.Date.to_string(step.next_date),
                ),
                author_id=self.env.user.partner_id.id,
                partner_ids=told.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    def _get_open_domain(self):
        """Return the domain of follow-ups whose next step is still to be taken."""
        return Domain("next_date", "!=", False) & Domain("is_next_done", "=", False)

    def _end_former_steps(self):
        """A new contact is the next step of the former ones of the same person."""
        if not self:
            return
        open_steps = self.sudo().search(
            self._get_open_domain()
            & Domain("id", "not in", self.ids)
            & Domain("next_user_id", "in", self.user_id.ids)
            & (
                Domain("customer_id", "in", self.customer_id.ids)
                | Domain("lead_id", "in", self.lead_id.ids)
            )
        )
        done = open_steps.filtered(
            lambda step: any(followup._ends(step) for followup in self)
        )
        activities = done.activity_id.filtered("active")
        done.write({"is_next_done": True})
        # what this leaves in the chatter is read by everybody, as the report itself
        activities.with_context(lang=self._told().env.lang).action_feedback()

    def _ends(self, step):
        """Whether this contact is the next step of a former one.

        A planned visit is ended by a visit, or by what belongs to its ticket: a call to
        agree on the time leaves it, and so does a visit for another ticket.
        """
        self.ensure_one()
        if step.next_user_id != self.user_id:
            return False
        if step.is_plan and not self._fulfils(step):
            return False
        return bool(
            (self.customer_id and self.customer_id == step.customer_id)
            or (self.lead_id and self.lead_id == step.lead_id)
        )

    def _fulfils(self, plan):
        """Whether this contact is what a plan to the same customer was made for."""
        if self.ticket_id and plan.ticket_id:
            return self.ticket_id == plan.ticket_id
        return self.kind == "visit"

    def _plan_next_step(self):
        """Keep one activity in step with the next date."""
        for followup in self.sudo():
            activity = followup.activity_id.filtered("active")
            if followup.is_next_done or not followup.next_date:
                activity.unlink()
                continue
            values = {
                "date_deadline": followup.next_date,
                "user_id": followup.next_user_id.id,
                "summary": followup.next_note or followup._told()._label("kind"),
            }
            if activity:
                activity.write(values)
            else:
                target = followup.lead_id or followup.partner_id
                followup.activity_id = target.activity_schedule(
                    ACTIVITY_TYPES.get(followup.kind, "mail.mail_activity_data_todo"),
                    **values,
                )

    def _close_steps(self):
        """End steps that nobody has to take any more; called as superuser."""
        activities = self.activity_id.filtered("active")
        self.write({"is_next_done": True})
        activities.unlink()

    def _hand_over_steps(self, user):
        """Give open steps to who looks after the customer now; called as superuser.

        Whose report it is stays; who is late, if nobody takes the step, is the new one.
        """
        self.write({"next_user_id": user.id})
        self._plan_next_step()

    def _follow_activities(self):
        """Take over what somebody changed in the activities; called as superuser."""
        for step in self:
            values = step._prepare_values_of_activity()
            if values:
                step.write(values)

    def _prepare_values_of_activity(self):
        """Return what the step has to change to say the same as its activity."""
        self.ensure_one()
        activity = self.activity_id
        if not activity.active:
            return {} if self.is_next_done else {"is_next_done": True}
        values = {"is_next_done": False} if self.is_next_done else {}
        if activity.date_deadline != self.next_date:
            values["next_date"] = activity.date_deadline
        if activity.user_id and activity.user_id != self.next_user_id:
            values["next_user_id"] = activity.user_id.id
        return values
