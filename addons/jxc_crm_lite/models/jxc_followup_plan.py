# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcFollowup(models.Model):
    """A visit that was planned, and is reported in the plan itself."""

    _inherit = "jxc.followup"

    def write(self, vals):
        told = self._plans_told_of(vals)
        if told:
            # Before anything is finished: whoever may not write it tells nothing.
            self.check_access("write")
            told._become_reports(vals)
        result = super().write(vals)
        if told:
            told._after_contact()
        return result

    def _plans_told_of(self, vals):
        """Return the plans that these values say something about."""
        return self.filtered(lambda plan: plan.is_plan and plan._is_told_of(vals))

    def _is_told_of(self, vals):
        """Whether these values tell what came of this plan.

        An outcome does, whoever enters it. Text, photos and the place do of who goes;
        of others they still say what the plan is for. So does its note sent along as
        it was.
        """
        if vals.get("outcome"):
            return True
        if self.env.user not in self.user_id | self.next_user_id:
            return False
        is_new_note = vals.get("note") and vals["note"] != self.note
        return bool(is_new_note or vals.get("is_located") or self._gets_photos(vals))

    def _gets_photos(self, vals):
        """Whether these values bring a photo that is not there yet."""
        brought = self.new({"photo_ids": vals.get("photo_ids")}).photo_ids
        return any(photo._origin not in self.photo_ids for photo in brought)

    def _become_reports(self, vals):
        """Make a contact of each plan that is told of: it takes place now.

        The step that was planned is done: its to-do ends as it was, and what is about
        to be written may plan another one. What the plan said of itself is in the
        timeline, and no report.

        :param vals: what is written then
        """
        now = fields.Datetime.now()
        values = {"is_plan": False, "date": now, "reported_at": now}
        values |= {"next_date": False, "is_next_done": True, "activity_id": False}
        if "note" not in vals:
            values["note"] = False
        if "kind" not in vals:
            # What is planned is a visit.
            values["kind"] = "visit"
        if not vals.get("next_date"):
            values["next_note"] = False
        # sudo: kept by the server; the to-do may be seen by others
        plans = self.sudo()
        activities = plans.activity_id.filtered("active")
        plans.write(values)
        activities.with_context(lang=self._told().env.lang).action_feedback()
