# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class JxcVendorEvaluation(models.Model):
    """What becomes of evaluations of one period when two vendors become one."""

    _inherit = "jxc.vendor.evaluation"

    @api.model
    def _settle_merge(self, partners, kept):
        """Leave one evaluation of each company, period and state in force.

        The others stay as replaced ones. Of validated evaluations the lowest score
        counts: whoever sees it differently validates a new one. Of drafts the one stays
        that people gave scores in, else that of the vendor that is kept.

        :param partners: all vendors that become one
        :param kept: the one of them that stays
        """
        found = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("state", "in", ["draft", "validated"]),
            ]
        )
        for rows in found.grouped(
            lambda one: (one.company_id, one.date_from, one.date_to, one.state)
        ).values():
            if len(rows) == 1:
                continue
            rows = rows.sorted(lambda one: one._merge_rank(kept))
            rows[1:].write({"state": "replaced", "replaced_by_id": rows[0].id})
        self.flush_model()

    def _merge_rank(self, kept):
        """Sort key: which of several evaluations of a period stays, lowest first."""
        self.ensure_one()
        merit = (
            self.score if self.state == "validated" else not self.line_ids.rating_ids
        )
        return merit, self.partner_id != kept, -self.id

    @api.model
    def _forget_after_merge(self, kept):
        """Drafts are computed again: what the other vendor delivered counts now."""
        drafts = self.search([("partner_id", "=", kept.id), ("state", "=", "draft")])
        drafts.computed_at = False
        drafts.line_ids._forget_figures()
