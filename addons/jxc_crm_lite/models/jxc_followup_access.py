# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


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
        return super().create(vals_list)

    def write(self, vals):
        self._check_readable(vals)
        return super().write(vals)

    def _check_readable(self, vals):
        """Check what values name.

        :raise AccessError: the customer, opportunity or a file is not for the user
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
