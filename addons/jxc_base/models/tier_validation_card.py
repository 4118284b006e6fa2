# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
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
