# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import NO_ACCESS

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

#: What may take a record out of the state "about to fall".
ENDING = {
    *("jxc_pool_warned_on", "active", "stage_id", "probability"),
    *("parent_id", "is_company"),
}


class JxcPoolMixin(models.AbstractModel):
    """The activity that warns an owner is there as long as its reason."""

    _inherit = "jxc.pool.mixin"

    jxc_pool_activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        copy=False,
        export_string_translation=False,
        ondelete="set null",
        index="btree_not_null",
        groups=NO_ACCESS,
        prefetch=RARELY_READ,
    )

    def write(self, vals):
        result = super().write(vals)
        if ENDING & vals.keys():
            self.sudo()._jxc_end_warnings()
        return result

    def _jxc_end_warnings(self):
        """Take the warnings off the to-do lists of who need not hurry any more.

        The customer was followed up, is lost or somebody else's; called as superuser.
        """
        ended = self.filtered(
            lambda record: (
                record.jxc_pool_activity_id and record.jxc_pool_state != "warned"
            )
        )
        activities = ended.jxc_pool_activity_id
        ended.write({"jxc_pool_activity_id": False})
        activities.filtered("active").unlink()
