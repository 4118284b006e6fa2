# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError

from ..tools.language import in_company_lang

CREDIT_MANAGER = "jxc_base.group_credit_manager"


class SaleOrder(models.Model):
    """What approvals and rejections do with an order."""

    _inherit = "sale.order"

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        for order in self.sudo():
            if order.state in ("draft", "sent") and not order._jxc_unapproved():
                order._jxc_release_approved()
                if order.jxc_confirm_on_approval:
                    order._jxc_confirm_approved()
        return result

    def _jxc_release_approved(self):
        """Let an order pass that a credit manager approved for being over credit."""
        reviews = self.review_ids.filtered(
            lambda review: (
                "jxc_over_credit" in (review.definition_id.definition_domain or "")
                and review.status == "approved"
            )
        )
        for review in reviews[:1]:
            approver = review.done_by
            if approver.has_group(CREDIT_MANAGER) and self.jxc_over_credit:
                self.with_user(approver).action_jxc_credit_release(
                    reason=review.comment or review.name
                )

    def _jxc_confirm_approved(self):
        """Confirm an order that nothing is missing for any more.

        Called with superuser rights. What else keeps it from being confirmed does not
        take the reviewer's decision back: it is noted for the salesperson.
        """
        order = in_company_lang(self.with_user(SUPERUSER_ID))
        try:
            with self.env.cr.savepoint():
                order.action_confirm()
        except UserError as error:
            self.invalidate_recordset()
            self.message_post(
                body=order.env._(
                    "Approved, but it cannot be confirmed yet: %(reason)s",
                    reason=str(error),
                ),
                partner_ids=(self.user_id or self.create_uid).partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
            return
        if self.state == "sale":
            self.jxc_confirm_on_approval = False
            self.message_post(
                body=order.env._("Approved and confirmed."),
                partner_ids=self.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        # A note: customers follow their orders.
        rejected = self._jxc_post_rejection(subtype_xmlid="mail.mt_note")
        rejected.jxc_confirm_on_approval = False
        return result
