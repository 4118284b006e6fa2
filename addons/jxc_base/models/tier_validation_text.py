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

    def _jxc_reasons_of_rejection(self):
        """Return ``{document: [comments]}`` of those of these that are rejected."""
        rejected = {
            document: document.review_ids.filtered(lambda one: one.status == "rejected")
            for document in self.sudo()
        }
        return {
            document: list(filter(None, reviews.mapped("comment")))
            for document, reviews in rejected.items()
            if reviews
        }

    def _jxc_post_rejection(self, subtype_xmlid="mail.mt_comment"):
        """Tell those responsible for these documents why they were rejected.

        For documents with a ``user_id`` and a chatter.

        :return: the rejected ones, with superuser rights
        """
        rejected = self.sudo().browse()
        for document, reasons in self._jxc_reasons_of_rejection().items():
            document.message_post(
                body=self.env._("Rejected: %s", "; ".join(reasons) or "–"),
                partner_ids=(document.user_id or document.create_uid).partner_id.ids,
                subtype_xmlid=subtype_xmlid,
            )
            rejected |= document
        return rejected

    def _jxc_decision_text(self, text, status):
        """Return the text with the comments of the reviews just decided."""
        mine = self.review_ids.filtered(
            lambda one: one.status == status and one.done_by == self.env.user
        )
        comments = filter(None, mine.mapped("comment"))
        return "\n".join([text, *dict.fromkeys(comments)])
