# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from markupsafe import Markup

from odoo import models


class TierValidation(models.AbstractModel):
    """What the card of a review needs of its document, see ``tier.review``."""

    _inherit = "tier.validation"

    def action_jxc_approve(self):
        """Approve this document for the tiers of the user. One record.

        Extend it on models with an approving action of their own.

        :return: the action that asks for a comment, if a tier wants one
        :raise AccessError: there is nothing for the user to decide
        """
        return self.validate_tier()

    def action_jxc_reject(self):
        """Reject this document, saying why. One record.

        :return: the action that asks for the comment
        :raise AccessError: there is nothing for the user to decide
        """
        self._jxc_check_may_decide()
        reviews = self._jxc_decidable_reviews(in_a_row=False)
        return self._add_comment("reject", reviews)

    def _jxc_approval_summary(self):
        """Return what a reviewer wants to know of this document at a glance: hook.

        :return: plain text of a few lines, shown on the cards of "My Approvals"
        """
        self.ensure_one()
        return False

    def _get_to_validate_message(self):
        """Name the people who decide now, in the language of who looks.

        The engine's own text is kept in the language of who asked for the approval.
        """
        reviews = self.sudo().review_ids.filtered(lambda one: one.status == "pending")
        names = reviews[:1].reviewer_ids.mapped("name")
        if not names:
            return self.env._("This waits for its approval.")
        if len(names) > 3:
            return self.env._(
                "Waits for the approval of %(names)s and %(number)s more.",
                names=", ".join(names[:3]),
                number=len(names) - 3,
            )
        return self.env._("Waits for the approval of %s.", ", ".join(names))

    def _notify_requested_review_body(self, tier_reviews=None):
        """Tell reviewers in the message itself what they decide on, and lead there."""
        self.ensure_one()
        reviews = (tier_reviews or self.review_ids).filtered(
            lambda review: review.res_id == self.id
        )
        requester = reviews[:1].requested_by or self.env.user
        text = self.env._(
            "%(requester)s asks for your approval of %(document)s: %(tiers)s",
            requester=requester.name,
            document=self.display_name,
            tiers=", ".join(reviews.mapped("name")),
        )
        summary = self._jxc_approval_summary() or ""
        link = reviews[:1]._jxc_decision_link()
        return Markup("<br/>").join([text, *summary.split("\n"), link])

    # ------------------------------------------------------------
    # The page a notification leads to, see ``jxc.approval.decision``
    # ------------------------------------------------------------

    def _jxc_may_decide_now(self):
        """Whether the user may decide on this document now: hook."""
        return bool(self._jxc_decidable_reviews())

    def _jxc_check_deciding_here(self):
        """Refuse who has nothing to decide: hook.

        :raise AccessError: there is nothing for the user to decide
        """
        self._jxc_check_may_decide()

    def _jxc_decide_here(self, decision, comment):
        """Decide on this document: hook.

        :param decision: ``validate`` or ``reject``
        :param comment: text; empty only to approve
        """
        if comment:
            self._jxc_decide_with_comment(decision, comment)
        else:
            self.action_jxc_approve()

    def _jxc_decide_with_comment(self, decision, comment):
        """Approve or reject this document for the tiers of the user, saying why.

        :param decision: ``validate`` or ``reject``
        :param comment: text, kept on the reviews and told in the chatter
        :raise AccessError: there is nothing for the user to decide
        """
        self.ensure_one()
        self._jxc_check_may_decide()
        self.env["comment.wizard"].create(
            {
                "res_model": self._name,
                "res_id": self.id,
                "validate_reject": decision,
                "comment": comment,
            }
        ).add_comment()
