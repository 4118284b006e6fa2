# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

#: how a record gets from its owner into the pool
LOST = ("release", "fall")


class JxcPoolMixin(models.AbstractModel):
    """Whose it was before the last owner: the cool-down holds for them as well.

    Two people who claim and release in turn would never wait otherwise.
    """

    _inherit = "jxc.pool.mixin"

    def _jxc_lost_at(self, user):
        """Return when it fell from this user into the pool, False if it never did.

        Of the last owner the record itself tells, of those before its history; which
        is read for all records of a batch at once.
        """
        if self.jxc_pool_last_owner_id == user and self.jxc_pool_date:
            return self.jxc_pool_date
        moments = [
            entry.create_date
            for entry in self.jxc_pool_log_ids
            if entry.kind in LOST and entry.old_owner_id == user
        ]
        return max(moments, default=False)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _jxc_fallen_of(self, user_ids):
        """Those as well that a colleague has had since then, or has now."""
        return super()._jxc_fallen_of(user_ids) | self.search(
            self._jxc_person_domain()
            & Domain(
                "jxc_pool_log_ids",
                "any",
                [("kind", "in", LOST), ("old_owner_id", "in", user_ids)],
            )
        )
