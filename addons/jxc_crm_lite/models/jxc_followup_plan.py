# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

#: Who enters one of these was there.
TELLING = {"outcome", "note", "photo_ids", "is_located"}


class JxcFollowup(models.Model):
    """A visit that was planned, and is reported in the plan itself."""

    _inherit = "jxc.followup"

    def write(self, vals):
        told = self._plans_told_of(vals)
        result = super().write(vals)
        told._become_reports(vals)
        return result

    def _plans_told_of(self, vals):
        """Return the plans that these values say something about.

        The note of a plan says what it is for: sent along as it was, it tells nothing.
        """
        told = {name for name in TELLING & vals.keys() if vals[name]}
        return self.filtered(
            lambda plan: (
                plan.is_plan
                and (told - {"note"} or ("note" in told and vals["note"] != plan.note))
            )
        )

    def _become_reports(self, vals):
        """Make a contact of each plan that was told of: it took place now.

        The step that was planned is done, unless another one is entered with it. What
        the plan said of itself is in the timeline, and no report.

        :param vals: what was written
        """
        if not self:
            return
        values = {"is_plan": False, "date": fields.Datetime.now()}
        if "note" not in vals:
            values["note"] = False
        if "kind" not in vals:
            # What is planned is a visit.
            values["kind"] = "visit"
        # sudo: the to-do may be seen by others
        activities = self.sudo().activity_id.filtered("active")
        activities.with_context(lang=self._told().env.lang).action_feedback()
        if vals.get("next_date"):
            values |= {"is_next_done": False, "activity_id": False}
        else:
            values |= {"next_date": False, "next_note": False, "is_next_done": True}
        # sudo: kept by the server
        self.sudo().write(values)
        self._after_contact()
