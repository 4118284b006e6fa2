# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError

from .jxc_pool_mixin import MANAGER

#: what goes over to the opportunity that stays
MOVED = ("jxc.followup", "jxc.lead.line", "jxc.lead.competitor", "jxc.pool.log")


class CrmLead(models.Model):
    """The platform's merge: nothing of the pool disappears, nothing of ours is lost."""

    _inherit = "crm.lead"

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        self._jxc_check_merge()
        return super()._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )

    def _jxc_check_merge(self):
        """Refuse to take leads by merging them into others.

        :raise AccessError: naming those that are nobody's, or belong to several people;
            for anyone but sales managers
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        guarded = self.sudo().filtered(lambda lead: lead._jxc_owner_is_guarded())
        free = guarded.filtered(lambda lead: not lead.user_id)
        if free:
            raise AccessError(
                self.env._(
                    "%(names)s are in the public pool or nobody's: claim them before"
                    " you merge them.",
                    names=", ".join(free.mapped("display_name")),
                )
            )
        if guarded and len(self.sudo().user_id) > 1:
            raise AccessError(
                self.env._(
                    "%(names)s belong to several people: ask a sales manager to merge"
                    " them.",
                    names=", ".join(self.sudo().mapped("display_name")),
                )
            )

    def _merge_dependences(self, opportunities):
        """Follow-ups, products, competitors and history go over as well."""
        result = super()._merge_dependences(opportunities)
        met = self.sudo().jxc_competitor_ids.competitor_id
        for model in MOVED:
            # sudo: who may merge need not be the author of a report
            records = self.env[model].sudo()
            records = records.search([("lead_id", "in", opportunities.ids)])
            if model == "jxc.lead.competitor":
                # met in several: the first of each that is not known yet
                first = {}
                for record in records:
                    first.setdefault(record.competitor_id, record)
                records = records.browse(
                    record.id for rival, record in first.items() if rival not in met
                )
            records.write({"lead_id": self.id})
        return result
