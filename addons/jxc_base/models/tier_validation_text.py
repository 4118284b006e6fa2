# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class TierValidation(models.AbstractModel):
    """What the engine writes to people, in words that have a Chinese translation.

    Texts of another addon's Python code are translated by that addon only; terms of its
    views, fields and components are in ``i18n_extra``.
    """

    _inherit = "tier.validation"

    def _compute_next_review(self):
        for document in self:
            review = document.review_ids.sorted("sequence").filtered(
                lambda one: one.status == "pending"
            )[:1]
            document.next_review = bool(review) and self.env._("Next: %s", review.name)

    def _notify_created_review_body(self):
        return self.env._("%s asks for an approval.", self.env.user.name)

    def _notify_restarted_review_body(self):
        return self.env._("%s restarted the approval.", self.env.user.name)

    def _notify_accepted_reviews_body(self):
        return self._jxc_decision_text(
            self.env._("%s approved.", self.env.user.name), "approved"
        )

    def _notify_rejected_review_body(self):
        return self._jxc_decision_text(
            self.env._("%s rejected.", self.env.user.name), "rejected"
        )

    def _jxc_decision_text(self, text, status):
        """Return the text with the comments of the reviews just decided."""
        mine = self.review_ids.filtered(
            lambda one: one.status == status and one.done_by == self.env.user
        )
        comments = filter(None, mine.mapped("comment"))
        return "\n".join([text, *dict.fromkeys(comments)])
