# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .jxc_followup import EDIT_HOURS, MANAGER


class JxcFollowup(models.Model):
    """A follow-up is about what its author may read.

    It is shown in the timeline of the customer with rights of the server, and so are
    its photos; without this, writing one would reach any contact and any file.
    """

    _inherit = "jxc.followup"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_readable(vals)
        followups = super().create(vals_list)
        followups._adopt_photos()
        return followups

    def write(self, vals):
        self._check_readable(vals)
        result = super().write(vals)
        if "photo_ids" in vals:
            self._adopt_photos()
        return result

    def _adopt_photos(self):
        """Let who reads a follow-up see its photos and hear its voice notes.

        An upload is nobody's but the uploader's until it belongs to a document; only
        one's own uploads are taken over, whatever ids a client sends.
        """
        for followup in self:
            loose = followup.sudo().photo_ids.filtered(
                lambda one: not one.res_id and one.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": followup.id})

    def _check_access(self, operation):
        """Photos change by the right to write their follow-up: the author's, for a day.

        The customer's owner reads the report of a colleague, he does not trim it.
        What is still to be reported is no report yet, however old.
        """
        result = super()._check_access(operation)
        if result or operation != "write" or self.env.su:
            return result
        if self.env.user.has_group(MANAGER):
            return result
        since = fields.Datetime.now() - relativedelta(hours=EDIT_HOURS)
        reports = self.sudo().filtered(
            lambda one: (
                one.create_date
                and (one.user_id != self.env.user or one._is_closed(since))
            )
        )
        if not reports:
            return None
        return reports.sudo(False), lambda: AccessError(
            self.env._(
                "Only sales managers write follow-ups of other people, and such as were"
                " written more than %(hours)s hours ago.",
                hours=EDIT_HOURS,
            )
        )

    def _is_closed(self, since):
        """Whether this report was entered too long ago to be changed by its author.

        Drafts and plans are entered when they are reported, not when they are made.
        """
        if self.is_draft or self.is_plan:
            return False
        return (self.reported_at or self.create_date) < since

    def _check_readable(self, vals):
        """Check what values name.

        :raise AccessError: the customer, opportunity, ticket or a file is not for the
            user
        """
        if self.env.su:
            return
        for name in ("partner_id", "lead_id"):
            if vals.get(name):
                known = self.env[self._fields[name].comodel_name].browse(vals[name])
                known.check_access("read")
        if vals.get("photo_ids"):
            known = self.new({"photo_ids": vals["photo_ids"]}).photo_ids._origin
            (known - self.photo_ids).check_access("read")
